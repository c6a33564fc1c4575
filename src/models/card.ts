import { ModelError } from '../errors.js';
import { areLabels } from './labels.js';
import { type Preprocessing, type PreprocessingDescription, preprocessingFrom } from './preprocessing.js';

/**
 * What a JSON file beside a model says about it:
 *
 * ```json
 * {
 *   "preprocessing": {
 *     "channelOrder": "BGR",
 *     "valueRange": [0, 255],
 *     "mean": [103.939, 116.779, 123.68],
 *     "std": [1, 1, 1]
 *   },
 *   "layers": ["inception_4c", "inception_4d"],
 *   "labels": "imagenet.txt"
 * }
 * ```
 *
 * Fields of `preprocessing` that are left out are RGB, `[0, 1]`, 0 and 1; `mean` and `std` are in the units of
 * `valueRange` and in the network's channel order. Other fields may be there and are not read.
 */
export interface ModelCard {
  /** How the network wants its pictures. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Names of layers that dream well. */
  readonly layers?: readonly string[] | undefined;
  /** The names of the classes of its classifier, class 0 first. */
  readonly labels?: readonly string[] | undefined;
  /** The name of a text file beside the card that has those names, one a line. */
  readonly labelsFile?: string | undefined;
}

/** The most characters a card may have, and a file of labels. */
export const maxCardLength = 1_000_000;

/**
 * Reads a card, checking every field that it uses.
 *
 * @param text JSON
 * @param name the card's file name, for messages
 * @throws ModelError `model/format` saying which field is wrong
 */
export function parseCard(text: string, name: string): ModelCard {
  if (text.length > maxCardLength) {
    throw cardError(name, `expected a card of at most ${maxCardLength} characters, got ${text.length}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw cardError(name, 'expected a card in JSON, got something else', cause);
  }
  if (!isRecord(value)) throw cardError(name, `expected a card, an object in JSON, got ${kindOf(value)}`);
  return readCard(value, name);
}

/** A card whose JSON is read already; see {@link parseCard}. */
export function readCard(value: Readonly<Record<string, unknown>>, name: string): ModelCard {
  const { preprocessing, layers, labels } = value;
  return {
    ...(preprocessing !== undefined && { preprocessing: readPreprocessing(preprocessing, name) }),
    ...(layers !== undefined && { layers: readLayers(layers, name) }),
    ...(labels !== undefined && readLabels(labels, name)),
  };
}

function readPreprocessing(value: unknown, name: string): Preprocessing {
  if (!isRecord(value)) throw cardError(name, `"preprocessing": expected an object, got ${kindOf(value)}`);
  const fields: readonly string[] = ['channelOrder', 'valueRange', 'mean', 'std'];
  // A misspelt field would silently be its default.
  const unknown = Object.keys(value).find((key) => !fields.includes(key));
  if (unknown !== undefined) {
    throw cardError(name, `"preprocessing": expected ${fields.join(', ')}, got ${shown(unknown)}`);
  }
  const { channelOrder, valueRange, mean, std } = value;
  if (channelOrder !== undefined && channelOrder !== 'RGB' && channelOrder !== 'BGR') {
    throw cardError(name, `"channelOrder": expected "RGB" or "BGR", got ${kindOf(channelOrder)}`);
  }
  const description = {
    channelOrder,
    valueRange: numbers(valueRange, 'valueRange', 2, name),
    mean: numbers(mean, 'mean', 3, name),
    std: numbers(std, 'std', 3, name),
  } as PreprocessingDescription;
  const preprocessing = preprocessingFrom(description);
  if (!preprocessing) {
    throw cardError(name, '"preprocessing": expected a range, means and deviations of colours, got none or zeros');
  }
  return preprocessing;
}

function numbers(value: unknown, field: string, count: number, name: string): number[] | undefined {
  if (value === undefined) return undefined;
  const good = Array.isArray(value) && value.length === count && value.every((number) => Number.isFinite(number));
  if (!good) throw cardError(name, `"${field}": expected a list of ${count} numbers, got ${kindOf(value)}`);
  return value as number[];
}

function readLayers(value: unknown, name: string): string[] {
  const good =
    Array.isArray(value) &&
    value.length <= 100 &&
    // They end up on terminals.
    value.every((layer) => typeof layer === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(layer));
  if (!good) throw cardError(name, '"layers": expected a list of names');
  return value as string[];
}

function readLabels(value: unknown, name: string): Pick<ModelCard, 'labels' | 'labelsFile'> {
  // A name without a folder: a card that comes from someone else reads nothing but what lies beside it.
  if (typeof value === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]{1,200}$/u.test(value) && !/^\.+$/.test(value)) {
    return { labelsFile: value };
  }
  if (areLabels(value)) return { labels: value };
  throw cardError(name, '"labels": expected a list of names, or the name of a text file beside the card');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, without showing all of it: it may hold anything. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return shown(value);
  return typeof value === 'object' ? 'an object' : String(value);
}

function shown(text: string): string {
  return `"${text.slice(0, 40).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')}"`;
}

function cardError(name: string, fact: string, cause?: unknown): ModelError {
  return new ModelError('model/format', `${name}: ${fact}. Correct the card, or move it away.`, { cause });
}
