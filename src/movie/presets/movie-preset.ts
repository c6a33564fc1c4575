import { type DreamOptions, describe, type OptionTable, presets } from '../../dream/index.js';
import { OptionError } from '../../errors.js';
import type { ZoomOptions } from '../options.js';

/** A published movie: a look, option values over it, and where they were published. */
export interface MoviePreset<Options = ZoomOptions> {
  /** One line about the movie. */
  readonly title: string;
  /** Where its numbers come from. */
  readonly source: string;
  /** The look of its frames: the name of a dream's preset. */
  readonly dream: keyof typeof presets;
  /** Options of the movie and of its dreams that differ from their defaults and from the look. */
  readonly options: Readonly<Partial<Record<keyof Options | keyof DreamOptions, string | number | boolean | null>>>;
}

/** What presets of all kinds say of the options. */
type Look = { readonly dream: keyof typeof presets; readonly options: Readonly<Record<string, unknown>> };

/**
 * The preset of a name: one of a kind of movies, or a dream's for its look alone.
 *
 * @param own the presets of that kind of movies
 * @throws OptionError `option/invalid`, naming all there are
 */
export function presetNamed(name: unknown, own: Readonly<Record<string, Look>>): Look {
  if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name]!;
  if (typeof name === 'string' && Object.hasOwn(presets, name)) {
    return { dream: name as keyof typeof presets, options: {} };
  }
  const names = [...new Set([...Object.keys(own), ...Object.keys(presets)])].join(', ');
  throw new OptionError('option/invalid', `--preset: expected one of ${names}, got ${describe(name)}.`);
}

/** The options that are in a table, and the rest. */
export function splitOptions(
  values: Readonly<Record<string, unknown>>,
  table: OptionTable,
): [Record<string, unknown>, Record<string, unknown>] {
  const entries = Object.entries(values);
  return [
    Object.fromEntries(entries.filter(([name]) => Object.hasOwn(table, name))),
    Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(table, name))),
  ];
}
