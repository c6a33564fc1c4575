import type { Network, Preprocessing } from '../models/index.js';
import { version } from '../version.js';
import type { Progress } from './events.js';
import { type OptionTable, parseOptions } from './option.js';
import { type DreamOptions, dreamOptions, type OutputOptions, outputOptions } from './options.js';
import { commonFacts, namedFile, readRecipeText, record, whole, word } from './recipe-fields.js';

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
  return readRecipeText(text, name, 'dream', (value) => {
    const { format, ...output } = record(value['output'], 'output');
    const stopped = value['stopped'] === undefined ? undefined : record(value['stopped'], 'stopped');
    return {
      ...commonFacts(value),
      kind: 'dream',
      options: parseOptions<typeof dreamOptions & OptionTable>(dreamOptions, value['options'], 'its options'),
      output: { ...parseOptions(outputOptions, output, 'its output'), format: word(format, 'format') },
      input: namedFile(value['input'], 'input'),
      ...(stopped && {
        stopped: {
          octave: whole(stopped['octave'], 'stopped.octave', dreamOptions.octaves.max),
          step: whole(stopped['step'], 'stopped.step', dreamOptions.steps.max),
        },
      }),
    };
  });
}
