import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphBuilder, type Value } from '../graph/index.js';
import { elementCount, floats, type Graph, writeModel } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { differentiate } from './differentiate.js';
import { coarseRandom, type GradientCase, gradientCases } from './rules.cases.js';

/** Directions along which each gradient is compared; one is enough to see any wrong element. */
const directions = 3;
/** Largest step along a direction, whose elements are in [−1, 1]: `apart` inputs stay on their side of every kink. */
const step = 1 / 4;

/**
 * Largest relative difference. An operator that is linear between its kinks has an exact central difference whatever
 * the step, and all numbers here have so few bits that float32 sums of their products are exact: only divisions
 * (averages, normalisation) round. A curved operator leaves the truncation of the differences and, divided by the
 * step, the rounding of float32 outputs.
 */
const tolerance = { straight: 1e-6, curved: 2e-5 };

/** Plain inference operators that the native and the WebAssembly build of onnxruntime run. Gradients use no others. */
const inferenceOperators = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Neg', 'Pow', 'Sqrt', 'Sum'],
  ...['And', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Where'],
  ...['AveragePool', 'Conv', 'ConvTranspose', 'MaxPool', 'MatMul', 'ReduceSum'],
  ...['Concat', 'Expand', 'Pad', 'Reshape', 'ScatterElements', 'Slice', 'Transpose'],
]);

const cases = Object.entries(gradientCases).flatMap(([opType, list]) => list.map((entry) => ({ opType, entry })));

/** The operator, the objective Σ r ⊙ y with fixed numbers r, and the gradient of it. */
interface Differentiated {
  readonly x: Value;
  readonly outputs: readonly Value[];
  readonly weights: readonly Float32Array[];
  readonly gradient: Value;
  /** The nodes of the operator, as the case wrote them. */
  readonly forward: Graph['nodes'];
  /** What computes the outputs and the gradient. */
  readonly model: ReturnType<GraphBuilder['toModel']>;
}

function differentiateCase(entry: GradientCase): Differentiated {
  const g = new GraphBuilder(entry.opset);
  const x = g.input('x', entry.shape);
  const outputs = [entry.write(g, x)].flat();
  const forward = [...g.nodes];
  const weights = outputs.map(({ shape }, i) => {
    const count = elementCount(shape);
    return entry.kink ? new Float32Array(count).fill(1) : coarseRandom(100 + i, count);
  });
  const terms = outputs.map((y, i) => {
    const weighted = g.op('Mul', [y, g.constant(floats(weights[i]!, y.shape))]);
    return g.op('ReduceSum', [weighted], { keepdims: 0 });
  });
  const gradient = differentiate(g, { of: g.op('Sum', terms), to: x });
  const model = g.toModel({ gradient, ...Object.fromEntries(outputs.map((y, i) => [`y${i}`, y])) });
  return { x, outputs, weights, gradient, forward, model };
}

function inputValues({ shape, values = 'random', kink }: GradientCase): Float32Array {
  if (kink) return Float32Array.from(kink.values);
  const count = elementCount(shape);
  const random = coarseRandom(1, count);
  if (values === 'random') return random.map((value) => 2 * value);
  if (values === 'positive') return random.map((value) => 3 + value);
  const order = Array.from(random.keys()).sort((a, b) => random[a]! - random[b]! || a - b);
  const apart = new Float32Array(count);
  order.forEach((index, rank) => {
    apart[index] = rank + 0.5 - Math.floor(count / 2);
  });
  return apart;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

const norm = (a: Float32Array): number => Math.sqrt(dot(a, a));

describe('gradient rules', () => {
  let platform: NodePlatform;
  beforeAll(async () => {
    platform = await createNodePlatform({ threads: 1 });
  });
  afterAll(() => platform.close());

  test.each(cases)('$opType: $entry.name', async ({ entry }) => {
    const { outputs, weights, model } = differentiateCase(entry);
    const session = await platform.createSession(writeModel(model));
    const run = (x: Float32Array) => session.run({ x: { dims: entry.shape, data: x.slice() } });

    const x = inputValues(entry);
    const gradient = (await run(x))['gradient']!;
    expect(gradient.dims).toEqual(entry.shape);
    if (entry.kink) {
      const expected = Float32Array.from(entry.kink.gradient);
      expect(Array.from(gradient.data)).toEqual(Array.from(expected));
      return session.close();
    }

    const objective = async (direction: Float32Array, distance: number): Promise<number> => {
      const results = await run(x.map((value, i) => value + distance * direction[i]!));
      return outputs.reduce((sum, _, i) => sum + dot(results[`y${i}`]!.data, weights[i]!), 0);
    };
    const centralDifference = async (direction: Float32Array, distance: number): Promise<number> =>
      ((await objective(direction, distance)) - (await objective(direction, -distance))) / (2 * distance);
    for (let seed = 200; seed < 200 + directions; seed++) {
      const direction = coarseRandom(seed, x.length);
      let measured = await centralDifference(direction, step);
      if (entry.curved) {
        // Richardson: the errors of second and of fourth order in the step cancel.
        const half = await centralDifference(direction, step / 2);
        const quarter = await centralDifference(direction, step / 4);
        measured = (64 * quarter - 20 * half + measured) / 45;
      }
      const derivative = dot(gradient.data, direction);
      // A direction may happen to lie across the gradient, so that hardly any of it is left to compare with.
      const size = Math.max(Math.abs(derivative), (norm(gradient.data) * norm(direction)) / Math.sqrt(x.length));
      const error = Math.abs(measured - derivative) / size;
      if (process.env.LOGERR) (await import('node:fs')).appendFileSync('/tmp/err.log', `${error.toExponential(2)} ${entry.curved ? 'curved' : 'straight'} ${JSON.stringify(entry.name)}\n`);
      expect(error, `⟨gradient, direction⟩ is ${derivative}, measured ${measured}`).toBeLessThan(
        entry.curved ? tolerance.curved : tolerance.straight,
      );
    }
    await session.close();
  });
});
