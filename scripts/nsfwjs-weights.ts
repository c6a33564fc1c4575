import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KerasLayer, QuantisedWeight } from '../src/models/index.js';

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

// nsfwjs exports neither its package.json nor single model files by path, so it is read where npm puts it.
const source = fileURLToPath(new URL('../../node_modules/nsfwjs', import.meta.url));

/** Name and version of the development dependency that the built-in network's weights come from. */
export async function nsfwjsStamp(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  return `nsfwjs ${version}`;
}

/** The InceptionV3 inside nsfwjs: its layers, and its weights by Keras name, such as `conv2d_1/kernel`. */
export async function readNsfwjs(): Promise<{
  layers: readonly KerasLayer[];
  weights: ReadonlyMap<string, QuantisedWeight>;
}> {
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
  return { layers: modelTopology.model_config.config.layers, weights };
}
