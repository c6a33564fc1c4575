import { create } from 'zustand';
import { dreamOptions, flagOf, type Option, OptionError, parseOption } from '../../../../src/index.js';
import { freshSeed } from '../../../../src/platform/web/index.js';
import type { Refusal } from '../../engine/engine.js';
import { backgroundSignal } from './background.js';
import { readyEngine, refusalOf } from './engine-actions.js';
import { remember } from './kept.js';
import { pauseLooks } from './look-actions.js';
import { maskFile } from './mask.js';
import { thumbnailOf } from './picture-files.js';
import {
  type OptionName,
  type OptionValue,
  optionsOf,
  type PresetName,
  presetNames,
  type Settings,
  withOption,
  withPreset,
} from './settings.js';
import { get } from './store.js';

/** What is varied: an option or the look, and its values as they were written. */
export interface Axis {
  readonly name: OptionName | 'preset';
  /** Between semicolons where there are any, else between commas outside of brackets. */
  readonly values: string;
}

/** One of the small dreams. */
export interface Cell {
  /** What it varies, such as `steps 10, seed 2`. */
  readonly told: string;
  readonly settings: Settings;
  readonly url: string | undefined;
  readonly failed: boolean;
}

interface Variations {
  readonly axes: readonly [Axis, Axis | undefined];
  readonly cells: readonly Cell[];
  /** Dreams a row. */
  readonly columns: number;
  readonly working: boolean;
  readonly refusal: Refusal | undefined;
}

/** The grid of small dreams. */
export const useVariations = create<Variations>(() => ({
  axes: [{ name: 'seed', values: '1,2,3,4' }, undefined],
  cells: [],
  columns: 1,
  working: false,
  refusal: undefined,
}));

/** More than this nobody waits for. */
export const mostCells = 36;

/** Longest side of a small dream, and the least its shorter side has. */
const small = { longest: 224, shortest: 112 };

/** The combinations of values, the first axis along the rows. @throws OptionError for values that the options do not take */
export function combinations(base: Settings, [first, second]: Variations['axes']): Omit<Cell, 'url' | 'failed'>[] {
  const rows = second ? valuesOf(second) : [undefined];
  const columns = valuesOf(first);
  const count = rows.length * columns.length;
  if (count > mostCells) {
    throw new OptionError('option/invalid', `Expected at most ${mostCells} variations, got ${count}.`);
  }
  return rows.flatMap((row) =>
    columns.map((column) => {
      const both = row === undefined || second === undefined ? [column] : [column, row];
      return {
        told: both.map(({ told }) => told).join(', '),
        settings: both.reduce((settings, { apply }) => apply(settings), base),
      };
    }),
  );
}

function valuesOf({ name, values }: Axis) {
  const told = values
    .split(values.includes(';') ? ';' : /,(?![^[\]]*\])/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (told.length === 0) throw new OptionError('option/invalid', `${name}: expected values, such as 1,2,3, got none.`);
  return [...new Set(told)].map((text) => ({ told: `${toldName(name)} ${text}`, apply: changeTo(name, text) }));
}

function changeTo(name: Axis['name'], text: string): (settings: Settings) => Settings {
  if (name === 'preset') {
    if (!presetNames.includes(text as PresetName)) {
      throw new OptionError('option/invalid', `preset: expected one of ${presetNames.join(', ')}, got "${text}".`);
    }
    return (settings) => withPreset(settings, text as PresetName);
  }
  const option: Option = dreamOptions[name];
  const written = option.kind === 'flag' ? text === 'on' || text === 'true' : text;
  const value = parseOption(name, option, written) as OptionValue;
  return (settings) => withOption(settings, name, value);
}

function toldName(name: Axis['name']): string {
  return name === 'preset' ? 'preset' : flagOf(name).replace(/^--/, '');
}

/** Values to begin with, around the one that an option has. */
export function suggestedValues(name: Axis['name'], settings: Settings): string {
  if (name === 'preset') return presetNames.slice(0, 4).join(',');
  const option: Option = dreamOptions[name];
  const value: OptionValue = optionsOf(settings)[name];
  if (name === 'layers') return blocks().join(';') || String(value);
  if (option.kind === 'flag') return 'off,on';
  if (option.kind === 'choice') return option.choices.slice(0, 4).join(',');
  if (option.kind === 'text') return String(value ?? '');
  if (name === 'seed') return '1,2,3,4';
  const middle = Number(value) || 1;
  const within = (number: number): number => {
    const held = Math.min(option.max, Math.max(option.min, number));
    return option.kind === 'integer' ? Math.round(held) : Number(held.toPrecision(2));
  };
  return [...new Set([0.5, 1, 2, 4].map((factor) => within(factor * middle)))].join(',');
}

/** A few layers, from the first to the last. */
function blocks(): string[] {
  const { engine } = get();
  if (engine.status !== 'ready') return [];
  const names = engine.network.layers.filter(({ kind }) => kind === 'block').map(({ name }) => name);
  return names.filter((_, i) => i % Math.ceil(names.length / 4) === 0);
}

/** Makes the grid: small dreams with all else as in the settings, and the same seed for all where that is not varied. */
export async function makeVariations(): Promise<void> {
  const { photo, settings } = get();
  const engine = readyEngine();
  const state = useVariations.getState();
  if (!photo || !engine || state.working) return;
  for (const { url } of state.cells) if (url !== undefined) URL.revokeObjectURL(url);
  useVariations.setState({ cells: [], refusal: undefined });
  const signal = backgroundSignal();
  try {
    const cells = combinations(settings, state.axes).map((cell) => ({ ...cell, url: undefined, failed: false }));
    useVariations.setState({ cells, columns: valuesOf(state.axes[0]).length, working: true });
    const shown = await thumbnailOf(photo, small.longest, small.shortest);
    const mask = await maskFile();
    const seed = freshSeed();
    const never = new AbortController().signal;
    for (const [i, cell] of cells.entries()) {
      pauseLooks();
      const given = optionsOf(cell.settings);
      const options = { ...given, size: 0, seed: given.seed ?? seed };
      try {
        for await (const event of engine.dream(
          { photo: shown, mask, guides: get().guides, options },
          { signal, stop: never },
        )) {
          if (event.type === 'made') put(i, { url: URL.createObjectURL(event.file) });
        }
      } catch (error) {
        if (signal.aborted) throw error;
        put(i, { failed: true });
      }
    }
  } catch (error) {
    if (!signal.aborted) useVariations.setState({ refusal: refusalOf(error) });
  } finally {
    // A server's job is remembered to be found again; none of these is.
    remember('job', undefined);
    useVariations.setState({ working: false });
  }
}

function put(at: number, change: Partial<Cell>): void {
  const cells = useVariations.getState().cells.map((cell, i) => (i === at ? { ...cell, ...change } : cell));
  useVariations.setState({ cells });
}
