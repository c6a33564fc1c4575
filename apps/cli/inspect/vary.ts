import {
  dreamOptions,
  flagOf,
  nearestNames,
  type Option,
  OptionError,
  parseOption,
  presets,
} from '../../../src/index.js';

/** An option that is varied, and the values that it takes. */
export interface Variation {
  /** The option's name in camelCase, or `preset`. */
  readonly name: string;
  readonly values: readonly { readonly value: unknown; readonly told: string }[];
}

/** One combination of values. */
export interface Combination {
  /** The values by option. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What it is called: `steps 10, layers mixed3`. */
  readonly told: string;
}

/** A table of combinations: the first variation goes along the rows, all others down the columns. */
export interface Table {
  readonly columns: readonly Combination[];
  readonly rows: readonly Combination[];
}

const preset = { kind: 'choice', default: '', choices: Object.keys(presets), group: 'output', help: '' } as const;

/** More pictures than anyone looks at are a slip of the finger. */
const mostCells = 1000;

/**
 * Reads `--vary NAME=VALUES`.
 *
 * Commas stand between values, but not inside brackets; where there is a semicolon, semicolons do instead, and commas
 * belong to the values: `layers=mixed3,mixed4[1,2]` are two values, `layers=mixed3,mixed5;mixed4` are two as well.
 *
 * @throws OptionError for options there are not, and values that they do not take
 */
export function parseVariation(text: string): Variation {
  const [, spelled = '', list = ''] = /^\s*(?:--)?([\w-]+)\s*=(.*)$/s.exec(text) ?? [];
  const name = spelled.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const option = optionNamed(name, text);
  const told = list
    .split(list.includes(';') ? ';' : /,(?![^[\]]*\])/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (told.length === 0) {
    throw new OptionError('option/invalid', `--vary: expected values, such as steps=10,20,40, got "${text}".`);
  }
  const unique = [...new Set(told)];
  return { name, values: unique.map((each) => ({ value: parseValue(name, option, each), told: each })) };
}

function optionNamed(name: string, text: string): Option {
  if (name === 'preset') return preset;
  if (Object.hasOwn(dreamOptions, name)) return dreamOptions[name as keyof typeof dreamOptions];
  if (name === '') throw new OptionError('option/invalid', `--vary: expected NAME=VALUES, got "${text}".`);
  const near = nearestNames(name, ['preset', ...Object.keys(dreamOptions)], 3).map((each) => flagOf(each).slice(2));
  throw new OptionError('option/unknown', `--vary: there is no option "${name}". Did you mean ${near.join(', ')}?`);
}

function parseValue(name: string, option: Option, text: string): unknown {
  // An open value has no other spelling on a command line.
  return option.kind === 'optional' && text === 'none' ? null : parseOption(name, option, text);
}

/** All combinations of some variations, as a table. */
export function tableOf([first, ...others]: readonly Variation[]): Table {
  const nothing: Combination = { values: {}, told: '' };
  const times = (combinations: readonly Combination[], { name, values }: Variation): Combination[] =>
    combinations.flatMap((combination) =>
      values.map(({ value, told }) => ({
        values: { ...combination.values, [name]: value },
        told: [combination.told, `${flagOf(name).slice(2)} ${told}`].filter((part) => part !== '').join(', '),
      })),
    );
  const columns = first ? times([nothing], first) : [nothing];
  const rows = others.reduce(times, [nothing]);
  const cells = columns.length * rows.length;
  if (cells > mostCells) {
    throw new OptionError('option/invalid', `--vary: expected at most ${mostCells} pictures, got ${cells}.`);
  }
  return { columns, rows };
}
