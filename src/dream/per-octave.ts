import { OptionError } from '../errors.js';
import { describe, flagOf, parseOptions } from './option.js';
import { type DreamOptions, dreamOptions } from './options.js';
import { parseSetting, splitOutsideBrackets } from './settings.js';

/** Options that hold for a dream as a whole: what octaves there are, and what becomes of the result. */
const ofTheWhole: ReadonlySet<string> = new Set<keyof DreamOptions>([
  'octaves',
  'octaveScale',
  'octavesAbove',
  'octaveSizes',
  'perOctave',
  'detail',
  'size',
  'seed',
  'tile',
  'maskFeather',
  'strength',
  'keepColour',
  'match',
]);

/**
 * The options of each octave, from those of the dream and what `perOctave` says: entries with a semicolon between them,
 * each the numbers of octaves, counted from 1 (`2`, `1-3`, `2-last`), and options as `name=value`, the name as flag or
 * field. A later entry counts for more.
 *
 * @param count of octaves
 * @throws OptionError `option/invalid` when an entry cannot be read, names an octave there is not, or an option of the
 *   whole dream; `option/unknown` for an option there is not
 */
export function optionsOfOctaves(options: DreamOptions, count: number): DreamOptions[] {
  const result = Array.from({ length: count }, () => options);
  if (options.perOctave === 'none') return result;
  for (const entry of splitOutsideBrackets(options.perOctave, ';')) {
    const [octaves = '', ...settings] = splitOutsideBrackets(entry, ' ');
    const [first, last] = parseOctaves(octaves, count, entry);
    const changes = Object.fromEntries(settings.map((setting) => parseOption(setting, entry)));
    for (let octave = first; octave <= last; octave++) {
      result[octave - 1] = parseOptions(dreamOptions, { ...result[octave - 1], ...changes }, '--per-octave');
    }
  }
  return result;
}

/** The text of `perOctave` with every octave's own layers changed. */
export async function mapLayersOfOctaves(text: string, change: (layers: string) => Promise<string>): Promise<string> {
  const entries: string[] = [];
  for (const entry of splitOutsideBrackets(text, ';')) {
    const parts: string[] = [];
    for (const part of splitOutsideBrackets(entry, ' ')) {
      const [name, value = ''] = parseSetting(part) ?? [];
      parts.push(name === 'layers' ? `layers=${await change(value)}` : part);
    }
    entries.push(parts.join(' '));
  }
  return entries.join('; ');
}

function parseOctaves(text: string, count: number, entry: string): readonly [number, number] {
  const [, from, to = from] = /^(\d+|last)(?:-(\d+|last))?$/.exec(text) ?? [];
  const [first, last] = [from, to].map((word) => (word === 'last' ? count : Number(word))) as [number, number];
  if (first >= 1 && first <= last && last <= count) return [first, last];
  throw refused(entry, `to start with octaves from 1 to ${count}, such as "1", "2-${count}" or "last"`);
}

function parseOption(text: string, entry: string): readonly [string, string] {
  const setting = parseSetting(text);
  if (!setting) throw refused(entry, 'options as name=value, such as steps=40');
  const [name] = setting;
  if (ofTheWhole.has(name)) {
    throw refused(entry, `options that one octave can have by itself, which ${flagOf(name).slice(2)} is not`);
  }
  return setting;
}

function refused(entry: string, expected: string): OptionError {
  return new OptionError('option/invalid', `--per-octave: expected ${expected}, got ${describe(entry)}.`);
}
