import {
  type DreamOptions,
  describe,
  dreamOptionsOf,
  type OptionTable,
  parseOptions,
  presets,
} from '../../dream/index.js';
import { OptionError } from '../../errors.js';
import { type ZoomOptions, zoomOptions } from '../options.js';
import article from './article.json' with { type: 'json' };
import classic from './classic.json' with { type: 'json' };
import google from './google.json' with { type: 'json' };
import ouroboros from './ouroboros.json' with { type: 'json' };

/** A published movie: a look, option values over it, and where they were published. */
export interface MoviePreset {
  /** One line about the movie. */
  readonly title: string;
  /** Where its numbers come from. */
  readonly source: string;
  /** The look of its frames: the name of a dream's preset. */
  readonly dream: keyof typeof presets;
  /** Options of the movie and of its dreams that differ from their defaults and from the look. */
  readonly options: Readonly<Partial<Record<keyof ZoomOptions | keyof DreamOptions, string | number | boolean | null>>>;
}

/** All presets of movies by name. */
export const moviePresets = {
  classic,
  article,
  google,
  ouroboros,
} as Readonly<Record<'classic' | 'article' | 'google' | 'ouroboros', MoviePreset>>;

/** The options of a movie and of the dreams in it. */
export interface ZoomSettings {
  /** The movie's, each with a value. */
  readonly movie: ZoomOptions;
  /** Those of its dreams, each with a value. */
  readonly dream: DreamOptions;
}

/**
 * The options of a zoom movie: a preset, with single options set over it.
 *
 * @param values options of movies and dreams by name, and `preset`: a movie's, or that of a dream for its look alone
 * @throws OptionError for an unknown preset or option, or a value out of range
 */
export function zoomSettingsOf(values: Readonly<Record<string, unknown>> = {}): ZoomSettings {
  const { preset = 'classic', ...rest } = values;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { dream: look, options } = presetNamed(preset);
  const [movie, dream] = split({ ...options, ...given });
  return {
    movie: parseOptions<typeof zoomOptions & OptionTable>(zoomOptions, movie),
    dream: dreamOptionsOf({ ...dream, preset: look }),
  };
}

function presetNamed(name: unknown): Pick<MoviePreset, 'dream' | 'options'> {
  if (typeof name === 'string' && Object.hasOwn(moviePresets, name)) {
    return moviePresets[name as keyof typeof moviePresets];
  }
  if (typeof name === 'string' && Object.hasOwn(presets, name)) {
    return { dream: name as keyof typeof presets, options: {} };
  }
  const names = [...new Set([...Object.keys(moviePresets), ...Object.keys(presets)])].join(', ');
  throw new OptionError('option/invalid', `--preset: expected one of ${names}, got ${describe(name)}.`);
}

/** What belongs to the movie, and the rest. */
function split(values: Readonly<Record<string, unknown>>): [Record<string, unknown>, Record<string, unknown>] {
  const entries = Object.entries(values);
  return [
    Object.fromEntries(entries.filter(([name]) => Object.hasOwn(zoomOptions, name))),
    Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(zoomOptions, name))),
  ];
}
