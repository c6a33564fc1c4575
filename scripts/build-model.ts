/**
 * Makes the network that ships inside the package: takes the weights of the InceptionV3 in the development dependency
 * `nsfwjs` and writes dist/models/inception-v3.onnx. Up to mixed5 the weights are Keras's ImageNet ones, frozen when
 * that network was trained further; parts of mixed6 and mixed7 were trained further. The layers above are left out.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inceptionV3Layers, inceptionV3Outputs, kerasToOnnx } from '../src/models/index.js';
import { writeModel } from '../src/onnx/index.js';
import { nsfwjsStamp, readNsfwjs } from './nsfwjs-weights.js';

const output = fileURLToPath(new URL('../models/inception-v3.onnx', import.meta.url));

async function main(): Promise<void> {
  const stamp = await nsfwjsStamp();
  if (await isUpToDate(stamp)) return;
  const { weights } = await readNsfwjs();
  const model = kerasToOnnx(inceptionV3Layers(), weights, inceptionV3Outputs.slice(0, 8), {
    name: 'InceptionV3 (mixed0 … mixed7)',
    'pareidolia.preprocessing': JSON.stringify({ order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }),
    origin: `${stamp} (MIT): a Keras InceptionV3. Up to mixed5 the ImageNet weights, frozen; mixed6 and mixed7 partly trained further for another task.`,
  });
  const file = writeModel(model);
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, file);
  console.log(`Built the network: ${output} (${(file.length / 1e6).toFixed(1)} MB).`);
}

/** The build is skipped when the file is newer than the code that makes it and comes from the same source. */
async function isUpToDate(stamp: string): Promise<boolean> {
  if (!existsSync(output)) return false;
  const made = (await stat(output)).mtimeMs;
  const sources = [
    './build-model.js',
    './nsfwjs-weights.js',
    '../src/models/inception-v3.js',
    '../src/models/keras.js',
    '../src/onnx/write.js',
  ];
  const times = await Promise.all(sources.map(async (path) => (await stat(new URL(path, import.meta.url))).mtimeMs));
  return times.every((time) => time < made) && (await readFile(output)).includes(stamp);
}

await main();
