import { ModelError } from '../errors.js';
import { parseCard, readCard } from './card.js';
import data from './catalogue.json' with { type: 'json' };
import type { Preprocessing } from './preprocessing.js';

/** A network that is known by name and can be fetched. */
export interface CatalogueEntry {
  /** What `--model` takes. */
  readonly name: string;
  /** One line about it. */
  readonly title: string;
  /** The file's name: an ONNX file, or `.h5` for weights of InceptionV3 as Keras writes them. */
  readonly file: string;
  /** Where it can be fetched; the first that answers counts. */
  readonly addresses: readonly string[];
  /** Bytes of the file. */
  readonly sizeBytes: number;
  /** SHA-256 of the file in hexadecimal digits. It or the MD5 is there. */
  readonly sha256?: string | undefined;
  /** MD5 of the file in hexadecimal digits, where its publisher gives nothing better. */
  readonly md5?: string | undefined;
  /** The licence, as its publisher names it. */
  readonly licence: string;
  /** Who made it. */
  readonly origin: string;
  /** How the network wants its pictures. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Who says so. */
  readonly preprocessingOrigin?: string | undefined;
  /** Names of layers that dream well. */
  readonly layers?: readonly string[] | undefined;
}

/** What a name of a network may be: it is also the name of a folder. */
const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Names that a folder cannot have everywhere. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/** Whether a network may be called so: small letters, digits, dots, dashes and underscores. */
export function isModelName(name: string): boolean {
  return namePattern.test(name) && !reserved.test(name) && !name.includes('..') && !/(\.|\.onnx|\.h5)$/.test(name);
}

/** The networks this version knows. */
export const catalogue: readonly CatalogueEntry[] = data.models.map((entry) => readEntry(entry, 'the catalogue'));

/** The entry of a file with this digest, or undefined. */
export function entryOfDigest(
  sha256: string,
  entries: readonly CatalogueEntry[] = catalogue,
): CatalogueEntry | undefined {
  return entries.find((entry) => entry.sha256 === sha256);
}

/**
 * Reads a catalogue of one's own: JSON `{ "models": [ … ] }` with the fields of {@link CatalogueEntry}, `preprocessing`
 * being written as on a card.
 *
 * @param name the file's name, for messages
 * @throws ModelError `model/format` saying what is wrong
 */
export function parseCatalogue(text: string, name: string): CatalogueEntry[] {
  parseCard(text, name); // JSON, an object, not too long
  const { models } = JSON.parse(text) as { models?: unknown };
  if (!Array.isArray(models)) throw entryError(name, 'expected a list "models", got none');
  return models.map((entry: unknown) => readEntry(entry, name));
}

function readEntry(value: unknown, where: string): CatalogueEntry {
  if (typeof value !== 'object' || value === null) throw entryError(where, 'expected models to be objects');
  const entry = value as Record<string, unknown>;
  const { name, file, addresses, sizeBytes, sha256, md5, preprocessingOrigin } = entry;
  if (typeof name !== 'string' || !isModelName(name)) throw entryError(where, 'a model has no good name');
  const refuse = (fact: string): never => {
    throw entryError(where, `${name}: ${fact}`);
  };
  const text = (field: string, fallback?: string): string => {
    const given = entry[field] ?? fallback;
    const good = typeof given === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,1000}$/u.test(given);
    return good ? given : refuse(`expected "${field}" to be a line of text`);
  };
  if (typeof file !== 'string' || !/^[A-Za-z0-9][\w.-]{0,120}\.(onnx|h5)$/.test(file)) {
    return refuse('expected "file" to be a name that ends in .onnx or .h5');
  }
  const isAddress = (address: unknown): address is string =>
    typeof address === 'string' && /^https?:\/\/[^\s\p{Cc}]{1,2000}$/u.test(address);
  if (!Array.isArray(addresses) || !addresses.every(isAddress)) {
    return refuse('expected "addresses" to be a list of http or https addresses');
  }
  if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 1) {
    return refuse('expected "sizeBytes" to be a whole number');
  }
  const digest = (field: unknown, digits: number): string | undefined =>
    typeof field === 'string' && new RegExp(`^[0-9a-f]{${digits}}$`).test(field) ? field : undefined;
  const digests = { sha256: digest(sha256, 64), md5: digest(md5, 32) };
  if (!digests.sha256 && !digests.md5) refuse('expected "sha256" to be 64 hexadecimal digits');
  return {
    name,
    title: text('title', name),
    file,
    addresses,
    sizeBytes,
    ...digests,
    licence: text('licence', 'not stated'),
    origin: text('origin', 'not stated'),
    ...(preprocessingOrigin !== undefined && { preprocessingOrigin: text('preprocessingOrigin') }),
    ...readCard(entry, `${where}: ${name}`),
  };
}

function entryError(where: string, fact: string): ModelError {
  return new ModelError('model/format', `${where}: ${fact}. Correct it.`);
}
