import { ImageError } from '../errors.js';
import { checkPreprocessing, type Network, type Preprocessing } from '../models/index.js';
import { version } from '../version.js';
import type { Progress } from './events.js';
import { describe, type OptionTable, parseOptions } from './option.js';
import { type DreamOptions, dreamOptions, type OutputOptions, outputOptions } from './options.js';

/** A file as recipes name it. */
export interface NamedFile {
  /** The file's name, without its folder; `-` for standard input. */
  readonly name: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/**
 * Everything that decides the bytes of a result. It names no folder, no user and no time, so the same dream has the
 * same recipe wherever and whenever it is made.
 */
export interface Recipe {
  /** Version of the program that made it. */
  readonly pareidolia: string;
  /** What was made. */
  readonly kind: 'dream';
  /** Every option with its value, the seed among them. */
  readonly options: DreamOptions;
  /** How the file was written. */
  readonly output: OutputOptions & {
    /** The file's format, such as `png`. */
    readonly format: string;
  };
  /** The network. */
  readonly model: {
    /** `built-in`, or the model file's name. */
    readonly name: string;
    /** SHA-256 of the model file. */
    readonly sha256: string;
    /** How the network was given its pictures; absent where the model file itself says so. */
    readonly preprocessing?: Preprocessing;
  };
  /** The picture that was dreamed on. */
  readonly input: NamedFile;
  /** The picture that says where it dreams; absent when it dreams everywhere. */
  readonly mask?: NamedFile;
  /** The pictures that it went by, in their order; absent when there were none. */
  readonly guides?: readonly NamedFile[];
  /** The vector over channels that it went along; absent when there was none. */
  readonly direction?: NamedFile;
  /** The picture whose tones it took; absent when it took the original's, or none. */
  readonly matchTo?: NamedFile;
  /** What computed it. Another runtime, version or number of threads may give other last digits. */
  readonly runtime: {
    /** Such as `onnxruntime-node`. */
    readonly name: string;
    /** The runtime's version. */
    readonly version: string;
    /** Threads it computed with. */
    readonly threads: number;
  };
  /** Where the dream was stopped by hand; absent when it ran to its end. */
  readonly stopped?: Progress;
}

/** More threads than any machine has are a damaged recipe. */
const maxThreads = 4096;

/** More guides than anyone gives are a damaged recipe. */
const maxGuides = 1000;

/** A recipe by this version of the program. */
export function createRecipe(facts: Omit<Recipe, 'pareidolia' | 'kind'>): Recipe {
  return { pareidolia: version, kind: 'dream', ...facts };
}

/** A network as recipes name it. */
export function recipeModel({ name, sha256, preprocessing, preprocessingOrigin }: Network): Recipe['model'] {
  return { name, sha256, ...(preprocessingOrigin !== 'file' && { preprocessing }) };
}

/** JSON with sorted keys and no spaces: the same recipe always gives the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Reads a recipe from text that may come from anywhere, checking every field.
 *
 * @param text JSON, as a file carries it
 * @param name the file's name, for messages
 * @throws ImageError `image/no-recipe` when it is not a recipe that this version understands
 */
export function parseRecipe(text: string, name: string): Recipe {
  try {
    const value = record(JSON.parse(text), 'recipe');
    if (value['kind'] !== 'dream') throw new Error(`its kind is ${describe(value['kind'])}`);
    const model = record(value['model'], 'model');
    const optional = (field: 'mask' | 'direction' | 'matchTo') =>
      value[field] === undefined ? {} : { [field]: namedFile(value[field], field) };
    const runtime = record(value['runtime'], 'runtime');
    const { format, ...output } = record(value['output'], 'output');
    const stopped = value['stopped'] === undefined ? undefined : record(value['stopped'], 'stopped');
    return {
      pareidolia: word(value['pareidolia'], 'pareidolia'),
      kind: 'dream',
      options: parseOptions<typeof dreamOptions & OptionTable>(dreamOptions, value['options'], 'its options'),
      output: { ...parseOptions(outputOptions, output, 'its output'), format: word(format, 'format') },
      model: {
        name: word(model['name'], 'model.name'),
        sha256: digest(model['sha256']),
        ...(model['preprocessing'] !== undefined && { preprocessing: preprocessing(model['preprocessing']) }),
      },
      input: namedFile(value['input'], 'input'),
      ...optional('mask'),
      ...(value['guides'] !== undefined && {
        guides: list(value['guides'], 'guides').map((file) => namedFile(file, 'guides')),
      }),
      ...optional('direction'),
      ...optional('matchTo'),
      runtime: {
        name: word(runtime['name'], 'runtime.name'),
        version: word(runtime['version'], 'runtime.version'),
        threads: whole(runtime['threads'], 'runtime.threads', maxThreads),
      },
      ...(stopped && {
        stopped: {
          octave: whole(stopped['octave'], 'stopped.octave', dreamOptions.octaves.max),
          step: whole(stopped['step'], 'stopped.step', dreamOptions.steps.max),
        },
      }),
    };
  } catch (error) {
    // JSON's own message repeats parts of the text, which may hold anything.
    const fact = error instanceof SyntaxError || !(error instanceof Error) ? 'it is not JSON' : error.message;
    throw new ImageError(
      'image/no-recipe',
      `${name}: expected a pareidolia recipe, got one that cannot be used (${fact.replace(/\.$/, '')}). Make the picture again.`,
      { cause: error },
    );
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxGuides) throw new Error(`${what} is not a list`);
  return value;
}

function namedFile(value: unknown, what: string): NamedFile {
  const { name, sha256 } = record(value, what);
  return { name: word(name, `${what}.name`), sha256: digest(sha256) };
}

function word(value: unknown, what: string): string {
  // Names end up on terminals: no control characters.
  if (typeof value !== 'string' || value === '' || value.length > 1000 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
    throw new Error(`${what} is not a short text`);
  }
  return value;
}

function preprocessing(value: unknown): Preprocessing {
  const checked = checkPreprocessing(value);
  if (!checked) throw new Error('model.preprocessing is not an order, mean and std');
  return checked;
}

function digest(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new Error('a SHA-256 digest is missing');
  return value;
}

function whole(value: unknown, what: string, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw new Error(`${what} is not a whole number from 1 to ${most}`);
  }
  return value;
}
