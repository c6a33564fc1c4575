import { ImageError } from '../errors.js';
import { checkPreprocessing, type Preprocessing } from '../models/index.js';
import { describe } from './option.js';
import type { NamedFile, Recipe } from './recipe.js';

/** More threads than any machine has are a damaged recipe. */
const maxThreads = 4096;

/** More files than anyone names are a damaged recipe. */
const maxFiles = 1000;

/**
 * Reads a recipe from text that may come from anywhere.
 *
 * @param text JSON, as a file carries it
 * @param name the file's name, for messages
 * @param kind what the recipe must say that it is for
 * @param read checks every field, and throws where one is not as it should be
 * @throws ImageError `image/no-recipe` when it is not a recipe that this version understands
 */
export function readRecipeText<T>(
  text: string,
  name: string,
  kind: string,
  read: (value: Readonly<Record<string, unknown>>) => T,
): T {
  try {
    const value = record(JSON.parse(text), 'recipe');
    if (value['kind'] !== kind) throw new Error(`its kind is ${describe(value['kind'])}`);
    return read(value);
  } catch (error) {
    // JSON's own message repeats parts of the text, which may hold anything.
    const fact = error instanceof SyntaxError || !(error instanceof Error) ? 'it is not JSON' : error.message;
    throw new ImageError(
      'image/no-recipe',
      `${name}: expected a pareidolia recipe, got one that cannot be used (${fact.replace(/\.$/, '')}). Make it again.`,
      { cause: error },
    );
  }
}

/** What the recipe says a text is for; undefined when it is none. */
export function kindOfRecipe(text: string): string | undefined {
  try {
    const { kind } = record(JSON.parse(text), 'recipe');
    return typeof kind === 'string' ? kind : undefined;
  } catch {
    return undefined;
  }
}

/** What every recipe tells: the program, the network, the files besides the input, and what computed it. */
export type CommonFacts = Pick<
  Recipe,
  'pareidolia' | 'model' | 'mask' | 'guides' | 'direction' | 'matchTo' | 'runtime'
>;

/** Checks the fields that every recipe has. */
export function commonFacts(value: Readonly<Record<string, unknown>>): CommonFacts {
  const model = record(value['model'], 'model');
  const runtime = record(value['runtime'], 'runtime');
  const optional = (field: 'mask' | 'direction' | 'matchTo') =>
    value[field] === undefined ? {} : { [field]: namedFile(value[field], field) };
  return {
    pareidolia: word(value['pareidolia'], 'pareidolia'),
    model: {
      name: word(model['name'], 'model.name'),
      sha256: digest(model['sha256']),
      ...(model['preprocessing'] !== undefined && { preprocessing: preprocessing(model['preprocessing']) }),
    },
    ...optional('mask'),
    ...(value['guides'] !== undefined && { guides: namedFiles(value['guides'], 'guides') }),
    ...optional('direction'),
    ...optional('matchTo'),
    runtime: {
      name: word(runtime['name'], 'runtime.name'),
      version: word(runtime['version'], 'runtime.version'),
      threads: whole(runtime['threads'], 'runtime.threads', maxThreads),
    },
  };
}

/** An object. */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`);
  return value as Record<string, unknown>;
}

/** Files, at least one. */
export function namedFiles(value: unknown, what: string): NamedFile[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxFiles) throw new Error(`${what} is not a list`);
  return value.map((file) => namedFile(file, what));
}

/** A file. */
export function namedFile(value: unknown, what: string): NamedFile {
  const { name, sha256 } = record(value, what);
  return { name: word(name, `${what}.name`), sha256: digest(sha256) };
}

/** A short text that may go to a terminal. */
export function word(value: unknown, what: string): string {
  // Names end up on terminals: no control characters.
  if (typeof value !== 'string' || value === '' || value.length > 1000 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
    throw new Error(`${what} is not a short text`);
  }
  return value;
}

/** A SHA-256 digest. */
export function digest(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new Error('a SHA-256 digest is missing');
  return value;
}

/** A whole number from 1. */
export function whole(value: unknown, what: string, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw new Error(`${what} is not a whole number from 1 to ${most}`);
  }
  return value;
}

function preprocessing(value: unknown): Preprocessing {
  const checked = checkPreprocessing(value);
  if (!checked) throw new Error('model.preprocessing is not an order, mean and std');
  return checked;
}
