import { outputOptions, parseOptions } from '../../../src/index.js';
import { builtInName, findModel, OptionError, type PictureFormat } from '../../../src/platform/node/index.js';
import type { NamedModel } from './materials.js';

/** Fields of a recipe that came over the network. */
export type Fields = Readonly<Record<string, unknown>>;

/** More guides than anyone gives. */
export const mostGuides = 20;

const formats: readonly PictureFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff'];

/**
 * Refuses fields that a recipe does not have. What recipes of files say about their making (program and runtime) is
 * read over.
 */
export function checkFields(fields: Fields, known: readonly string[]): void {
  const readOver = ['kind', 'pareidolia', 'runtime', 'stopped'];
  for (const name of Object.keys(fields)) {
    if (known.includes(name) || readOver.includes(name)) continue;
    const kind = String(fields['kind']);
    throw invalid(`recipe.${shown(name)}`, `one of the fields of ${kind} (${known.join(', ')})`, 'another one');
  }
}

/** An object; empty where there is none. */
export function readObject(value: unknown, what: string): Fields {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(what, 'an object', 'something else');
}

/**
 * A picture by its digest. Its name goes into the recipe of the result; default: the digest's beginning.
 *
 * @param noun what it is
 */
export function readPictureName(
  value: unknown,
  what: string,
  noun: 'picture' | 'movie' = 'picture',
): { name: string; sha256: string } {
  const { sha256, name } = readObject(typeof value === 'string' ? { sha256: value } : value, what);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw invalid(`${what}.sha256`, `the SHA-256 of an uploaded ${noun}, 64 hexadecimal digits`, shown(sha256));
  }
  if (name === undefined) return { name: sha256.slice(0, 12), sha256 };
  return { name: readWord(name, `${what}.name`), sha256 };
}

/** Several pictures. */
export function readPictureNames(value: unknown, what: string, most: number) {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > most) throw invalid(what, `1 to ${most} pictures`, `${list.length}`);
  return list.map((each, i) => readPictureName(each, `${what}[${i}]`));
}

/** A short text in one line. */
export function readWord(value: unknown, what: string, most = 200): string {
  if (typeof value === 'string' && value !== '' && value.length <= most && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)) {
    return value;
  }
  throw invalid(what, `a text of at most ${most} characters in one line`, shown(value));
}

/** A whole number. */
export function readWhole(value: unknown, what: string, range: { min: number; max: number; default: number }): number {
  if (value === undefined) return range.default;
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw invalid(what, `a whole number from ${range.min} to ${range.max}`, shown(value));
}

/** Yes or no; no where it is left out. */
export function readFlag(value: unknown, what: string): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  throw invalid(what, 'true or false', shown(value));
}

/** Numbers that fit into 32 bits of floating point. */
export function readNumbers(value: unknown, what: string, most: number): number[] {
  const good = (each: unknown): each is number => typeof each === 'number' && Number.isFinite(Math.fround(each));
  if (Array.isArray(value) && value.length > 0 && value.length <= most && value.every(good)) return value;
  throw invalid(what, `a list of 1 to ${most} numbers, one for each channel of the layer`, 'something else');
}

/** How a picture is written: its format, quality and depth. */
export function readOutput(value: unknown) {
  const { format = 'png', ...options } = readObject(value, 'recipe.output');
  if (!formats.includes(format as PictureFormat)) {
    throw invalid('recipe.output.format', `one of ${formats.join(', ')}`, shown(format));
  }
  return { ...parseOptions(outputOptions, options, 'recipe.output'), format: format as PictureFormat };
}

/**
 * A network of the local catalogue.
 *
 * @throws OptionError for names that are in no catalogue; paths are none
 */
export async function readModel(value: unknown): Promise<NamedModel> {
  const { name = builtInName, sha256 } = readObject(
    typeof value === 'string' ? { name: value } : value,
    'recipe.model',
  );
  const known = name === builtInName || (typeof name === 'string' && (await findModel(name)) !== undefined);
  if (!known) throw invalid('recipe.model.name', 'a network of the catalogue, see GET /api/models', shown(name));
  if (sha256 !== undefined && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))) {
    throw invalid('recipe.model.sha256', '64 hexadecimal digits', shown(sha256));
  }
  return { name: name as string, ...(sha256 !== undefined && { sha256 }) };
}

/** A field is not as it must be. */
export function invalid(what: string, expected: string, got: string): OptionError {
  return new OptionError('option/invalid', `${what}: expected ${expected}, got ${got}.`);
}

/** A value from anywhere as a message may show it. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return (text.length > 100 ? `${text.slice(0, 100)}…` : text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
