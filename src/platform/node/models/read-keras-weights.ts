import { ModelError } from '../../../errors.js';
import {
  type FloatWeight,
  inceptionPreprocessing,
  inceptionV3Layers,
  inceptionV3Outputs,
  type KerasLayer,
  kerasToOnnx,
  preprocessingKey,
} from '../../../models/index.js';
import type { Model } from '../../../onnx/index.js';

/** Counts up whenever the same HDF5 file becomes another ONNX file, so that old results are made anew. */
export const kerasConverterVersion = '1';

type Library = typeof import('h5wasm');
type Hdf5Module = Awaited<Library['ready']> & { activate_throwing_error_handler?: () => unknown };
type Hdf5File = InstanceType<Library['File']>;

/** The most numbers in one weight; the largest kernel has two millions. */
const maxWeights = 2 ** 24;

/** What the weights of a layer are called, in the order in which Keras writes them. */
const parts: Readonly<Record<string, Readonly<Record<number, readonly string[]>>>> = {
  Conv2D: { 1: ['kernel'] },
  BatchNormalization: {
    3: ['beta', 'moving_mean', 'moving_variance'],
    4: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  },
};

/**
 * Turns the weights of Keras's InceptionV3, an HDF5 file as Keras 2 writes it, into an ONNX model with the outputs
 * mixed0 to mixed10.
 *
 * As in Keras, what counts is the order of the layers in the file, not their names. A classifier behind them is left
 * out. The file is read by WebAssembly that sees nothing but these bytes.
 *
 * @param bytes the whole file
 * @param sha256 its digest, which goes into the model's metadata
 * @param name what messages call it
 * @throws ModelError `model/format` when it is not such a file, or weights are missing or of the wrong shape
 */
export async function readKerasInception(bytes: Uint8Array, sha256: string, name: string): Promise<Model> {
  const layers = inceptionV3Layers();
  const weights = await withHdf5(bytes, name, (file) => readWeights(file, layers, name));
  try {
    return kerasToOnnx(layers, weights, inceptionV3Outputs, {
      name: 'InceptionV3 (mixed0 … mixed10)',
      [preprocessingKey]: JSON.stringify(inceptionPreprocessing),
      origin: `Weights of Keras's InceptionV3 from ${name}, SHA-256 ${sha256}, turned into ONNX by pareidolia.`,
    });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

/** Whether a file begins as HDF5 files do. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

/** Opens HDF5 bytes inside the library's own file system, which no other file is in. */
async function withHdf5<T>(bytes: Uint8Array, name: string, read: (file: Hdf5File) => T): Promise<T> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new ModelError(
      'model/format',
      `${name}: expected HDF5 weights of Keras's InceptionV3, got ${what}. Fetch it again, or use an ONNX file.`,
      { cause },
    );
  };
  if (!isHdf5(bytes)) refuse('something else');
  const library = await import('h5wasm');
  const module = (await library.ready) as Hdf5Module;
  const { FS } = module;
  if (!FS) throw new Error('internal: h5wasm has no file system');
  // Otherwise what is wrong with a file is printed, and calls return nonsense.
  module.activate_throwing_error_handler?.();
  const path = '/weights.h5';
  FS.writeFile(path, bytes);
  try {
    const file = new library.File(path, 'r');
    try {
      return read(file);
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof ModelError) throw error;
    // What the library throws is a page of its own call stack.
    return refuse('a damaged file', error);
  } finally {
    FS.unlink(path);
  }
}

function readWeights(file: Hdf5File, layers: readonly KerasLayer[], name: string): Map<string, FloatWeight> {
  const refuse = (fact: string): never => {
    throw new ModelError(
      'model/format',
      `${name}: ${fact}. Use the file that keras.applications.InceptionV3 loads without its classifier.`,
    );
  };
  // A whole model keeps its weights in a group of this name.
  const root = file.attrs['layer_names'] ? '' : 'model_weights/';
  const rootGroup = root === '' ? file : file.get('model_weights');
  const names = textsOf(attributesOf(rootGroup)['layer_names']?.value);
  if (!names) return refuse('expected a list "layer_names", got none');
  const groups = names
    .map((layer) => ({
      layer,
      weights: textsOf(attributesOf(file.get(root + layer))['weight_names']?.value) ?? [],
    }))
    .filter(({ weights }) => weights.length > 0);
  const wanted = layers.filter(({ class_name }) => parts[class_name]);
  if (groups.length < wanted.length) refuse(`expected ${wanted.length} layers with weights, got ${groups.length}`);

  const found = new Map<string, FloatWeight>();
  for (const [i, { name: layer, class_name }] of wanted.entries()) {
    const group = groups[i]!;
    const roles = parts[class_name]![group.weights.length];
    if (!roles) {
      return refuse(
        `"${group.layer}" has ${group.weights.length} weights, expected those of a ${class_name} for ${layer}`,
      );
    }
    for (const [j, role] of roles.entries()) {
      const path = `${root}${group.layer}/${group.weights[j]}`;
      found.set(`${layer}/${role}`, arrayOf(file.get(path)) ?? refuse(`"${path}" is not an array of floats`));
    }
  }
  return found;
}

interface Attribute {
  readonly value: unknown;
}

/** Attributes of a group, or none for what is not one. */
function attributesOf(entity: unknown): Readonly<Record<string, Attribute | undefined>> {
  if (typeof entity !== 'object' || entity === null || !('attrs' in entity)) return {};
  return entity.attrs as Readonly<Record<string, Attribute>>;
}

function textsOf(value: unknown): string[] | undefined {
  const good = Array.isArray(value) && value.length <= 10_000 && value.every((text) => typeof text === 'string');
  // Texts of fixed length may end in zero bytes.
  return good ? (value as string[]).map((text) => text.replace(/\0+$/, '')) : undefined;
}

function arrayOf(entity: unknown): FloatWeight | undefined {
  if (typeof entity !== 'object' || entity === null || !('shape' in entity) || !('value' in entity)) return undefined;
  const { shape } = entity;
  // A few bytes can promise any number of zeros.
  const count = Array.isArray(shape) ? shape.reduce((product, size) => product * size, 1) : Number.NaN;
  if (!(count <= maxWeights)) return undefined;
  const { value } = entity;
  if (!(value instanceof Float32Array || value instanceof Float64Array)) return undefined;
  return { shape: shape as number[], values: Float32Array.from(value) };
}
