import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { ModelError } from '../../../errors.js';
import { labelsFromLines, type ModelCard, maxCardLength, parseCard } from '../../../models/index.js';

/**
 * The card beside a model file: `net.card.json` for `net.onnx`, or else `net.json` when it speaks of preprocessing, since
 * other programs give such names to files of theirs.
 *
 * @returns undefined when there is none
 * @throws ModelError `model/format` for a card with a mistake, `model/unreadable` for one that cannot be read
 */
export async function readCardBeside(modelPath: string): Promise<ModelCard | undefined> {
  const { dir, name } = parse(modelPath);
  const own = join(dir, `${name}.card.json`);
  const text = await readText(own);
  if (text !== undefined) return withLabels(parseCard(text, own), own);
  const shared = join(dir, `${name}.json`);
  const other = await readText(shared);
  if (other === undefined || !speaksOfPreprocessing(other)) return undefined;
  return withLabels(parseCard(other, shared), shared);
}

/** Reads a card that was named; see {@link readCardBeside} for what it throws. */
export async function readCardFile(path: string): Promise<ModelCard> {
  const text = await readText(path);
  if (text === undefined) throw new ModelError('model/missing', `${path}: no such file. Check the name of the card.`);
  return withLabels(parseCard(text, path), path);
}

/** A card with the labels of the file that it names. */
async function withLabels({ labelsFile, ...card }: ModelCard, cardPath: string): Promise<ModelCard> {
  if (labelsFile === undefined) return card;
  const path = join(dirname(cardPath), labelsFile);
  const text = await readText(path);
  if (text === undefined) {
    throw new ModelError('model/missing', `${cardPath}: "labels": no such file, ${path}. Correct the card.`);
  }
  if (text.length > maxCardLength) {
    throw new ModelError(
      'model/format',
      `${path}: expected at most ${maxCardLength} characters of labels, got more. Correct the card.`,
    );
  }
  return { ...card, labels: labelsFromLines(text) };
}

function speaksOfPreprocessing(text: string): boolean {
  if (text.length > maxCardLength) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && 'preprocessing' in value;
  } catch {
    return false;
  }
}

/** A file's text, no more of it than shows that it is too long for a card; undefined when there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stat = await file.stat();
    if (!stat.isFile()) throw new ModelError('model/unreadable', `${path}: expected a plain file. Move it away.`);
    const bytes = new Uint8Array(Math.min(stat.size, 4 * maxCardLength + 1));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return new TextDecoder().decode(bytes.subarray(0, bytesRead));
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ModelError('model/unreadable', `${path}: it could not be read (${code}). Move it away.`, { cause });
  } finally {
    await file?.close();
  }
}
