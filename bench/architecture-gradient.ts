/** Our gradient of an exported architecture beside the one that PyTorch's autograd gave; see peers/export_architectures.py. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { differentiate } from '../src/gradient/index.js';
import { prepare, specialise } from '../src/graph/index.js';
import { readNpy } from '../src/image/npy.js';
import { readModel, writeModel } from '../src/onnx/index.js';
import type { Platform } from '../src/platform/platform.js';

/** One entry of architectures.json. */
export interface Architecture {
  readonly name: string;
  readonly opset: number;
  /** Height and width of the picture, in pixels. */
  readonly size: readonly [number, number];
  /** Whether the model was exported for pictures of any size. */
  readonly openSizes: boolean;
  /** The modules whose outputs the objective adds up. */
  readonly layers: readonly string[];
  /** The names of those outputs in the model. */
  readonly outputs: readonly string[];
  /** Σ over the outputs of their mean, in float64. */
  readonly objective: number;
  /** ‖PyTorch's gradient in float32 − in float64‖ / ‖in float64‖ */
  readonly float32Error: number;
}

/** What is written beside the models. */
export interface Architectures {
  readonly torch: string;
  readonly torchvision: string;
  readonly architectures: readonly Architecture[];
}

/** How close our gradient comes. */
export interface Comparison {
  /** Cosine of the angle between our gradient and PyTorch's. */
  readonly cosine: number;
  /** ‖ours − theirs‖ / ‖theirs‖ */
  readonly relativeError: number;
  /** |ours − theirs| / |theirs| of the objective itself. */
  readonly objectiveError: number;
  /** The operators of the network, once each, in the order of the alphabet. */
  readonly operators: readonly string[];
  /** Seconds that one run of the gradient graph takes, after a first one. */
  readonly seconds: number;
}

/**
 * @param folder where export_architectures.py wrote its files
 * @returns how our gradient in float32 compares with PyTorch's in float64
 */
export async function compareArchitecture(
  platform: Platform,
  folder: string,
  architecture: Architecture,
): Promise<Comparison> {
  const { name, outputs } = architecture;
  const file = (ending: string): Promise<Buffer> => readFile(join(folder, `${name}.${ending}`));
  const model = readModel(await file('onnx'), { name });
  const picture = readNpy(await file('picture.npy'), 'picture');
  const expected = readNpy(await file('gradient.npy'), 'gradient').data;

  const prepared = prepare(model, new Set(outputs));
  const wanted = outputs.map((output) => prepared.aliases.get(output) ?? output);
  const g = specialise(prepared, { picture: picture.shape }, wanted);
  const operators = [...new Set(g.nodes.map(({ opType }) => opType))].sort();
  const means = wanted.map((output) => g.op('ReduceMean', [g.get(output)], { keepdims: 0 }));
  const objective = g.op('Sum', means);
  const gradient = differentiate(g, { of: objective, to: g.get('picture')! });

  const session = await platform.createSession(writeModel(g.toModel({ objective, gradient })));
  const run = () => session.run({ picture: { dims: picture.shape, data: picture.data.slice() } });
  const results = await run();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  await session.close();

  const got = results['gradient']!.data;
  let [dot, ours, theirs, difference] = [0, 0, 0, 0];
  expected.forEach((b, i) => {
    const a = got[i] ?? Number.NaN;
    dot += a * b;
    ours += a * a;
    theirs += b * b;
    difference += (a - b) ** 2;
  });
  const value = results['objective']!.data[0]!;
  return {
    cosine: dot / Math.sqrt(ours * theirs),
    relativeError: Math.sqrt(difference / theirs),
    objectiveError: Math.abs(value - architecture.objective) / Math.abs(architecture.objective),
    operators,
    seconds,
  };
}
