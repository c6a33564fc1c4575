/**
 * Makes the network that ships inside the package: reads the InceptionV3 of the development dependency `nsfwjs` and
 * writes dist/models/inception-v3.onnx. Up to mixed5 the weights are Keras's ImageNet ones, frozen when that network
 * was trained further; parts of mixed6 and mixed7 were trained further. The layers above are left out.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KerasLayer, kerasToOnnx, type QuantisedWeight } from '../src/models/index.js';
import { writeModel } from '../src/onnx/index.js';

interface TfjsModel {
  readonly modelTopology: { readonly model_config: { readonly config: { readonly layers: readonly KerasLayer[] } } };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly quantization: { readonly min: number; readonly scale: number; readonly dtype: 'uint8' };
    }[];
  }[];
}

const output = fileURLToPath(new URL('../models/inception-v3.onnx', import.meta.url));
const outputs = Array.from({ length: 8 }, (_, i) => `mixed${i}`);

async function main(): Promise<void> {
  // nsfwjs exports neither its package.json nor single model files by path, so it is read where npm puts it.
  const source = fileURLToPath(new URL('../../node_modules/nsfwjs', import.meta.url));
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const stamp = `nsfwjs ${version}`;
  if (await isUpToDate(stamp)) return;

  const folder = join(source, 'dist/models/inception_v3');
  const load = async <T>(file: string): Promise<T> =>
    ((await import(join(folder, `${file}.min.js`))) as { default: T }).default;
  const { modelTopology, weightsManifest } = await load<TfjsModel>('model');
  const weights = new Map<string, QuantisedWeight>();
  for (const { paths, weights: entries } of weightsManifest) {
    const shards = await Promise.all(paths.map(async (path) => Buffer.from(await load<string>(path), 'base64')));
    const bytes = Buffer.concat(shards);
    let offset = 0;
    for (const { name, shape, quantization } of entries) {
      const count = shape.reduce((a, b) => a * b, 1);
      weights.set(name, { shape, bytes: bytes.subarray(offset, offset + count), ...quantization });
      offset += count;
    }
    if (offset !== bytes.length) throw new Error(`the weights have ${bytes.length} bytes, their list says ${offset}`);
  }
  const model = kerasToOnnx(modelTopology.model_config.config.layers, weights, outputs, {
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
  const sources = ['./build-model.js', '../src/models/keras.js', '../src/onnx/write.js'];
  const times = await Promise.all(sources.map(async (path) => (await stat(new URL(path, import.meta.url))).mtimeMs));
  return times.every((time) => time < made) && (await readFile(output)).includes(stamp);
}

await main();
