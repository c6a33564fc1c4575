import { expect, test } from 'vitest';
import { modelOf, node } from '../../test/run-model.js';
import { ImageError } from '../errors.js';
import { Network, type NetworkSource, preprocessingKey } from '../models/index.js';
import { parseOptions } from './option.js';
import { outputOptions } from './options.js';
import { dreamOptionsOf } from './presets/index.js';
import { canonicalJson, createRecipe, parseRecipe, recipeModel } from './recipe.js';

const caffe = { order: 'BGR', mean: [0.4, 0.5, 0.6], std: [1 / 255, 1 / 255, 1 / 255] } as const;

function network(source: Partial<NetworkSource> = {}, metadata: Record<string, string> = {}): Network {
  const plain = modelOf({ inputs: { x: [1, 3, 'H', 'W'] }, outputs: { y: 4 }, nodes: [node('Relu', ['x'], ['y'])] });
  return new Network({ ...plain, metadata }, { name: 'net.onnx', sha256: 'ab'.repeat(32), ...source });
}

const recipeOf = (one: Network) =>
  createRecipe({
    options: dreamOptionsOf({ seed: 1 }),
    output: { ...parseOptions(outputOptions, {}), format: 'png' },
    model: recipeModel(one),
    input: { name: 'a.jpg', sha256: 'cd'.repeat(32) },
    runtime: { name: 'onnxruntime-node', version: '1', threads: 1 },
  });

test('a recipe tells how pictures were given to the network, unless its file does', () => {
  const own = network({}, { [preprocessingKey]: JSON.stringify(caffe) });
  expect(recipeModel(own)).toEqual({ name: 'net.onnx', sha256: 'ab'.repeat(32) });
  expect(recipeModel(network({ card: { preprocessing: caffe } })).preprocessing).toEqual(caffe);
  expect(recipeModel(network({ listed: { preprocessing: caffe } })).preprocessing).toEqual(caffe);
  expect(recipeModel(network({ recipe: caffe })).preprocessing).toEqual(caffe);
  expect(recipeModel(network()).preprocessing).toEqual({ order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
});

test('it reads back to the last digit', () => {
  const recipe = recipeOf(network({ card: { preprocessing: caffe } }));
  const read = parseRecipe(canonicalJson(recipe), 'a.png');
  expect(read).toEqual(recipe);
  expect(recipeModel(network({ recipe: read.model.preprocessing }))).toEqual(recipe.model);
});

test.each<[unknown]>([
  [null],
  ['RGB'],
  [{}],
  [{ ...caffe, order: 'GBR' }],
  [{ ...caffe, mean: [1e300, 0, 0] }],
  [{ ...caffe, std: [0, 1, 1] }],
  [{ ...caffe, std: { length: 3 } }],
])('a recipe with the preprocessing %j is refused', (preprocessing) => {
  const recipe = recipeOf(network());
  const text = JSON.stringify({ ...recipe, model: { ...recipe.model, preprocessing } });
  expect(() => parseRecipe(text, 'a.png')).toThrow(ImageError);
  expect(() => parseRecipe(text, 'a.png')).toThrow('model.preprocessing is not an order, mean and std');
});
