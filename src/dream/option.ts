import { OptionError } from '../errors.js';
import { nearestNames } from './nearest-names.js';

interface Described {
  /** The part of `--help` and of the studio's panel that it stands in. */
  readonly group: OptionGroup;
  /** One line for people who do not know it yet. */
  readonly help: string;
  /** Unit of the number, such as `px`. */
  readonly unit?: string;
}

/** The parts that options are shown in. */
export type OptionGroup =
  | 'what to excite'
  | 'what to show'
  | 'how to climb'
  | 'scales and tiles'
  | 'the result'
  | 'the movie'
  | 'the camera'
  | 'from frame to frame'
  | 'output';

interface Ranged {
  /** Smallest value. */
  readonly min: number;
  /** Largest value. */
  readonly max: number;
}

interface Defaulted<T> {
  /** The value where nothing else says one. */
  readonly default: T;
}

/** One option: its kind, default and limits. Everything that deals with options is made from a table of these. */
export type Option =
  | (Described & Ranged & Defaulted<number> & { readonly kind: 'integer' })
  | (Described & Ranged & Defaulted<number> & { readonly kind: 'number' })
  | (Described & Defaulted<boolean> & { readonly kind: 'flag' })
  | (Described & Defaulted<string> & { readonly kind: 'text' })
  | (Described &
      Defaulted<string> & {
        readonly kind: 'choice';
        /** The values there are. */
        readonly choices: readonly string[];
      })
  | (Described &
      Ranged &
      Defaulted<null> & {
        /** A number that may be left open, which is `null`. */
        readonly kind: 'optional';
        /** Whether only whole numbers count. */
        readonly whole: boolean;
      });

/** Longest text that an option takes: enough to name every layer of a large network. */
const maxTextLength = 20_000;

/** A table of options by their camelCase names. */
export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { kind: 'integer' | 'number' }
  ? number
  : O extends { kind: 'choice'; choices: readonly (infer C)[] }
    ? C
    : O extends { kind: 'flag' }
      ? boolean
      : O extends { kind: 'optional' }
        ? number | null
        : string;

/** The values of a table's options, all of them present. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

/**
 * Checks values against a table and fills in defaults. Numbers and flags may come as text, as from a command line.
 *
 * @param table the options there are
 * @param values by name, from anywhere; absent and undefined ones take their default
 * @param what how messages call the values, such as `preset "google"`
 * @throws OptionError `option/unknown` for a name that is not in the table, `option/invalid` for a value out of range
 */
export function parseOptions<T extends OptionTable>(table: T, values: unknown, what = 'options'): OptionValues<T> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new OptionError('option/invalid', `${what}: expected an object of options, got ${describe(values)}.`);
  }
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(table, name)) continue;
    const near = nearestNames(name, Object.keys(table), 3);
    throw new OptionError(
      'option/unknown',
      `${what}: there is no option ${describe(name)}. Did you mean ${near.join(', ')}?`,
    );
  }
  const result: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    const value = (values as Record<string, unknown>)[name];
    result[name] = value === undefined ? option.default : parseOption(name, option, value);
  }
  return result as OptionValues<T>;
}

/** Checks one value; see {@link parseOptions}. */
export function parseOption(name: string, option: Option, value: unknown): string | number | boolean | null {
  const refuse = (expected: string): never => {
    throw new OptionError('option/invalid', `${flagOf(name)}: expected ${expected}, got ${describe(value)}.`);
  };
  switch (option.kind) {
    case 'integer':
    case 'number':
    case 'optional': {
      if (option.kind === 'optional' && value === null) return null;
      const whole = option.kind === 'integer' || (option.kind === 'optional' && option.whole);
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const good =
        typeof number === 'number' &&
        Number.isFinite(number) &&
        (!whole || Number.isInteger(number)) &&
        number >= option.min &&
        number <= option.max;
      if (!good) return refuse(`a ${whole ? 'whole number' : 'number'} from ${option.min} to ${option.max}`);
      return number;
    }
    case 'choice':
      if (typeof value !== 'string' || !option.choices.includes(value))
        return refuse(`one of ${option.choices.join(', ')}`);
      return value;
    case 'flag':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      return refuse('true or false');
    case 'text':
      if (typeof value !== 'string' || value.trim() === '' || value.length > maxTextLength || unprintable.test(value)) {
        return refuse(`a line of text, at most ${maxTextLength} characters`);
      }
      return value;
  }
}

/** The command line's spelling of an option's name: `octaveScale` is `--octave-scale`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Control characters, marks that turn the direction of writing, and line separators. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A value from anywhere as a message may show it: one line that a terminal can print, long ones cut. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = String(value);
  const cut = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  const shown = cut.replace(
    new RegExp(unprintable, 'gu'),
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return typeof value === 'string' ? `"${shown}"` : shown;
}
