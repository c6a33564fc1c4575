import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { ModelError, OptionError, OutputError } from '../../../errors.js';
import { type CatalogueEntry, isModelName, type ModelCard, Network } from '../../../models/index.js';
import { writeWhole } from '../files/write-whole.js';
import { digestOfFile } from './download-file.js';
import { keepModel } from './keep-model.js';
import { findModel, type KnownModel, knownEntries, modelFolder } from './model-folders.js';
import { readCardBeside, readCardFile } from './read-card.js';
import { readKerasInception } from './read-keras-weights.js';
import { readModelFile } from './read-model-file.js';

/** How to add a network. */
export interface AddOptions {
  /** What it shall be called; default: the catalogue's name for its digest, or its file's name. */
  readonly name?: string | undefined;
  /** A card to keep with it; default: the one beside the file. */
  readonly card?: string | undefined;
}

/**
 * Copies a network into the cache, where its name is enough to use it. A file whose digest is in a catalogue becomes that
 * network, so that it can be brought to a machine without internet.
 *
 * @throws ModelError when the file is no network that can dream, or its card has a mistake
 * @throws OptionError when the name is taken or no name
 * @throws OutputError when the cache cannot be written to
 */
export async function addModel(path: string, options: AddOptions = {}): Promise<KnownModel> {
  const loaded = await readForCache(path);
  const known = (await knownEntries()).find(({ sha256, md5 }) => sha256 === loaded.sha256 || md5 === loaded.md5);
  const name = options.name ?? known?.name ?? nameFrom(path);
  await checkName(name, known, options.name !== undefined);
  const cardPath = options.card;
  const card = cardPath === undefined ? await readCardBeside(path) : await readCardFile(cardPath);
  const file = known?.file ?? `${name}${loaded.isHdf5 ? '.h5' : '.onnx'}`;

  const folder = modelFolder(name);
  const temporary = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(temporary, { recursive: true });
    await writeWhole(join(temporary, file), loaded.bytes);
    if (card) {
      const text = JSON.stringify(cardAsWritten(card), null, 2);
      await writeWhole(join(temporary, `${parse(file).name}.card.json`), new TextEncoder().encode(`${text}\n`));
    }
    await keepModel(name, file, temporary);
    // What is left of a download goes.
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } catch (cause) {
    if (cause instanceof ModelError || cause instanceof OutputError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new OutputError(
      'output/write',
      `${folder}: it cannot be written to (${code}). Choose another folder with PAREIDOLIA_CACHE.`,
      { cause },
    );
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return (await findModel(name))!;
}

/** A card in the words that cards are written in. */
function cardAsWritten({ preprocessing, layers, labels }: ModelCard): object {
  return {
    ...(preprocessing && {
      preprocessing: {
        channelOrder: preprocessing.order,
        valueRange: [0, 1],
        mean: preprocessing.mean,
        std: preprocessing.std,
      },
    }),
    ...(layers && { layers }),
    ...(labels && { labels }),
  };
}

/** Reads a file as far as to know that it can dream. */
async function readForCache(path: string) {
  const name = basename(path);
  if (name.toLowerCase().endsWith('.h5')) {
    const bytes = await readBytes(path);
    const [sha256, md5] = await Promise.all([digestOfFile(path, 'sha256'), digestOfFile(path, 'md5')]);
    new Network(await readKerasInception(bytes, sha256, name), { name, sha256 });
    return { bytes, sha256, md5, isHdf5: true };
  }
  const { model, bytes, sha256 } = await readModelFile(path);
  if (sha256 !== (await digestOfFile(path, 'sha256'))) {
    throw new ModelError(
      'model/unsupported',
      `${path}: its weights lie in files of their own, expected one file. Use it by its path.`,
    );
  }
  new Network(model, { name, sha256 });
  return { bytes, sha256, md5: '', isHdf5: false };
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    const reason = missing ? 'no such file. Check the name of the model.' : `it could not be read (${cause.code}).`;
    throw new ModelError(missing ? 'model/missing' : 'model/unreadable', `${path}: ${reason}`, { cause });
  });
}

/** A name made from a file's: small letters, and dashes for what a name may not have. */
function nameFrom(path: string): string {
  return parse(path)
    .name.toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 64);
}

async function checkName(name: string, known: CatalogueEntry | undefined, wasGiven: boolean): Promise<void> {
  if (!isModelName(name)) {
    const hint = wasGiven ? '' : ' Give one with --name.';
    throw new OptionError(
      'option/invalid',
      `--name: expected up to 64 small letters, digits, dots, dashes and underscores, got "${printable(name)}".${hint}`,
    );
  }
  const there = await findModel(name);
  if (there?.state === 'here') {
    throw new OptionError(
      'option/invalid',
      `${name} is here already. Choose another --name, or: pareidolia models rm ${name}`,
    );
  }
  if (there?.entry && there.entry.name !== known?.name) {
    throw new OptionError(
      'option/invalid',
      `--name: "${name}" is the catalogue's name of another file. Choose another one.`,
    );
  }
}

function printable(text: string): string {
  return text.slice(0, 80).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
