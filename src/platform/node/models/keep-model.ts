import { readFile, stat } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { writeModel } from '../../../onnx/index.js';
import { writeWhole } from '../files/write-whole.js';
import { digestOfFile } from './download-file.js';
import { type ModelRecord, modelFolder, recordName } from './model-folders.js';
import { kerasConverterVersion, readKerasInception } from './read-keras-weights.js';

/** Writes down what a file in the cache is, which makes it usable; HDF5 weights are turned into ONNX first. */
export async function keepModel(name: string, file: string, folder: string = modelFolder(name)): Promise<ModelRecord> {
  const path = join(folder, file);
  const [{ size }, sha256] = await Promise.all([stat(path), digestOfFile(path, 'sha256')]);
  const plain: ModelRecord = { file, sizeBytes: size, sha256 };
  const record = file.endsWith('.h5') ? { ...plain, converted: await convert(path, folder, sha256) } : plain;
  await writeWhole(join(folder, recordName), new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`), {
    overwrite: true,
  });
  return record;
}

async function convert(path: string, folder: string, sha256: string): Promise<NonNullable<ModelRecord['converted']>> {
  const name = basename(path);
  const model = await readKerasInception(await readFile(path), sha256, name);
  const file = `${parse(name).name}.onnx`;
  const output = join(folder, file);
  await writeWhole(output, writeModel(model), { overwrite: true });
  return { file, sha256: await digestOfFile(output, 'sha256'), version: kerasConverterVersion };
}
