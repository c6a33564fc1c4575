import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { ModelError } from '../../../errors.js';
import { type CatalogueEntry, catalogue, isModelName, parseCatalogue } from '../../../models/index.js';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder that fetched and added networks live in: `PAREIDOLIA_CACHE`, or `pareidolia` in the platform's folder for
 * such things (`$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`).
 */
export function cacheFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const own = environment['PAREIDOLIA_CACHE'];
  if (own) return resolve(own);
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (platform === 'win32') return join(local || join(home, 'AppData', 'Local'), 'pareidolia', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'pareidolia');
  // The specification says that a relative path is to be ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'pareidolia');
}

/** The folder of one network inside the cache. */
export function modelFolder(name: string): string {
  return join(cacheFolder(), 'models', name);
}

/** What the cache knows of a network that is in it; `model.json` in its folder. */
export interface ModelRecord {
  /** The file's name inside the folder. */
  readonly file: string;
  /** Bytes of the file. */
  readonly sizeBytes: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** For weights in HDF5: the ONNX file made from them, its digest, and which version of the conversion made it. */
  readonly converted?: { readonly file: string; readonly sha256: string; readonly version: string } | undefined;
}

/** The name of a {@link ModelRecord}'s file. */
export const recordName = 'model.json';

/**
 * Reads what the cache knows of a network, or undefined when it is not in it.
 *
 * @throws ModelError `model/format` when the record is damaged
 */
export async function readRecord(name: string): Promise<ModelRecord | undefined> {
  const path = join(modelFolder(name), recordName);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const record = parsed(text);
  const isFile = (file: unknown): boolean => typeof file === 'string' && /^[^/\\\0]{1,200}$/.test(file);
  const isDigest = (digest: unknown): boolean => typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest);
  const { file, sizeBytes, sha256, converted } = record ?? {};
  const good =
    isFile(file) &&
    isDigest(sha256) &&
    Number.isSafeInteger(sizeBytes) &&
    (converted === undefined || (isFile(converted.file) && isDigest(converted.sha256)));
  if (good) return record as ModelRecord;
  throw new ModelError(
    'model/format',
    `${path}: expected what is known of a network, got something else. Remove it: pareidolia models rm ${name}`,
  );
}

function parsed(text: string): Partial<ModelRecord> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Partial<ModelRecord>) : undefined;
  } catch {
    return undefined;
  }
}

/** The built-in catalogue and, before it, one's own when `PAREIDOLIA_CATALOGUE` names a file. */
export async function knownEntries(environment: Environment = process.env): Promise<readonly CatalogueEntry[]> {
  const path = environment['PAREIDOLIA_CATALOGUE'];
  if (!path) return catalogue;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ModelError(
      'model/unreadable',
      `${path}, which PAREIDOLIA_CATALOGUE names, could not be read (${reason}). Correct it, or unset the variable.`,
      { cause },
    );
  });
  const own = parseCatalogue(text, path);
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...catalogue.filter(({ name }) => !names.has(name))];
}

/** Names of the networks whose folder is in the cache, whole or not. */
export async function cachedNames(): Promise<string[]> {
  const entries = await readdir(join(cacheFolder(), 'models'), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && isModelName(entry.name)).map(({ name }) => name);
}

/** What there is of a network on this machine. */
export type ModelState = 'here' | 'partly here' | 'not here';

/** A network that is known by name. */
export interface KnownModel {
  /** What `--model` takes. */
  readonly name: string;
  /** Its entry in a catalogue; a network that was added by hand has none. */
  readonly entry?: CatalogueEntry | undefined;
  /** What the cache knows of it. */
  readonly record?: ModelRecord | undefined;
  /** Whether it can be used. */
  readonly state: ModelState;
  /** Bytes that have come of a download that is not whole. */
  readonly partBytes: number;
  /** Its folder in the cache, which need not exist. */
  readonly folder: string;
}

/** Every network of the catalogues and of the cache. */
export async function listModels(): Promise<KnownModel[]> {
  const entries = await knownEntries();
  const names = new Set([...entries.map(({ name }) => name), ...(await cachedNames())]);
  return Promise.all([...names].map((name) => knownModel(name, entries)));
}

/** What is known of one network by name, or undefined when it is in no catalogue and not in the cache. */
export async function findModel(name: string): Promise<KnownModel | undefined> {
  if (!isModelName(name)) return undefined;
  const entries = await knownEntries();
  const model = await knownModel(name, entries);
  return model.entry || model.state !== 'not here' ? model : undefined;
}

async function knownModel(name: string, entries: readonly CatalogueEntry[]): Promise<KnownModel> {
  const folder = modelFolder(name);
  const entry = entries.find((each) => each.name === name);
  const record = await readRecord(name);
  const partBytes = entry ? await sizeOf(join(folder, `${entry.file}.part`)) : 0;
  const here = record !== undefined && (await sizeOf(join(folder, record.file))) > 0;
  const state: ModelState = here ? 'here' : partBytes > 0 ? 'partly here' : 'not here';
  return { name, folder, state, partBytes, ...(entry && { entry }), ...(record && { record }) };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
