import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphBuilder, type Value } from '../graph/index.js';
import { elementCount, floats, type Model, type Node, writeModel } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import type { FloatTensor } from '../platform/platform.js';
import { differentiate } from './differentiate.js';
import { gradientOfInput, variadic } from './rule.js';
import { gradientRules } from './rules/index.js';
import { coarseRandom, type GradientCase, gradientCases } from './rules.cases.js';

/** Directions along which each gradient is compared; one is enough to see any wrong element. */
const directions = 3;

/** Largest step along a direction, whose elements are in [−1, 1]: `apart` inputs stay on their side of every kink. */
const step = 1 / 4;

/**
 * Largest relative difference. An operator that is linear between its kinks has an exact central difference whatever
 * the step, and all numbers here have so few bits that float32 sums of their products are exact: only divisions
 * (averages, normalisation) round. For a curved operator the rounding of float32 outputs is divided by the smaller
 * steps that the extrapolation needs; the truncation it leaves is smaller than that.
 */
const tolerance = { straight: 1e-6, curved: 2e-5 };

/** Plain inference operators that the native and the WebAssembly build of onnxruntime run. Gradients use no others. */
const inferenceOperators = new Set([
  ...[
    'Add',
    'Sub',
    'Mul',
    'Div',
    'Neg',
    'Pow',
    'Sqrt',
    'Sum',
    'Exp',
    'Log',
    'Sin',
    'Cos',
    'Abs',
    'Sign',
    'Min',
    'Round',
  ],
  ...['And', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Where', 'Cast'],
  ...['Erf', 'HardSigmoid', 'Sigmoid', 'Softplus', 'Tanh', 'LayerNormalization'],
  ...['AveragePool', 'Conv', 'ConvTranspose', 'MaxPool', 'MatMul', 'Einsum', 'CumSum', 'ReduceMean', 'ReduceSum'],
  ...['Concat', 'Expand', 'Pad', 'Reshape', 'Slice', 'Transpose', 'Trilu', 'DepthToSpace', 'SpaceToDepth'],
  ...['GatherElements', 'GatherND', 'ScatterElements', 'ScatterND'],
]);

/** An operator as a case writes it, the objective Σ r ⊙ y with fixed numbers r, and the gradient of that. */
interface DifferentiatedCase {
  readonly forward: readonly Node[];
  /** The nodes that the gradient needs besides. */
  readonly backward: readonly Node[];
  readonly gradient: Value;
  /** The numbers r, one array per output. */
  readonly weights: readonly Float32Array[];
  /** Computes `gradient`, and the outputs as `y0`, `y1`, … when asked to. */
  readonly toModel: (withOutputs: boolean) => Model;
}

function differentiateCase(entry: GradientCase): DifferentiatedCase {
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
  const objective = g.op('Sum', terms);
  const before = g.nodes.length;
  const gradient = differentiate(g, { of: objective, to: x });
  const backward = g.nodes.slice(before);
  const named = Object.fromEntries(outputs.map((y, i) => [`y${i}`, y]));
  const toModel = (withOutputs: boolean): Model => g.toModel({ gradient, ...(withOutputs && named) });
  return { forward, backward, gradient, weights, toModel };
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

/** Starts onnxruntime's native build, or its WebAssembly build by name. */
async function startPlatform(runtime = ''): Promise<NodePlatform> {
  const outer = process.env['PAREIDOLIA_RUNTIME'];
  if (runtime) process.env['PAREIDOLIA_RUNTIME'] = runtime;
  const starting = createNodePlatform({ threads: 1 });
  if (outer === undefined) delete process.env['PAREIDOLIA_RUNTIME'];
  else process.env['PAREIDOLIA_RUNTIME'] = outer;
  return starting;
}

let native: NodePlatform;
let webAssembly: NodePlatform;
beforeAll(async () => {
  [native, webAssembly] = await Promise.all([startPlatform(), startPlatform('onnxruntime-web')]);
});
afterAll(() => Promise.all([native, webAssembly].map((platform) => platform.close())));

for (const [opType, cases] of Object.entries(gradientCases)) {
  describe(`the gradient of ${opType} is its slope`, () => {
    for (const entry of cases) test(entry.name, () => (entry.kink ? compareAtKink(entry) : compareWithSlope(entry)));
  });
}

/** ⟨gradient, direction⟩ is the slope of the objective along that direction, measured by finite differences. */
async function compareWithSlope(entry: GradientCase): Promise<void> {
  const { toModel, weights } = differentiateCase(entry);
  const session = await native.createSession(writeModel(toModel(true)));
  const run = (data: Float32Array): Promise<Record<string, FloatTensor>> =>
    session.run({ x: { dims: entry.shape, data } });
  const x = inputValues(entry);
  const gradient = (await run(x.slice()))['gradient']!;
  expect(gradient.dims).toEqual(entry.shape);

  // Evaluated in float64 from float32 outputs. The moved inputs have few bits as well and are exact.
  const objective = async (direction: Float32Array, distance: number): Promise<number> => {
    const outputs = await run(x.map((value, i) => value + distance * direction[i]!));
    return weights.reduce((sum, r, i) => sum + dot(outputs[`y${i}`]!.data, r), 0);
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
    const slope = dot(gradient.data, direction);
    // A direction may happen to lie across the gradient, so that hardly any of it is left to compare with.
    const size = Math.max(Math.abs(slope), (norm(gradient.data) * norm(direction)) / Math.sqrt(x.length));
    expect(size).toBeGreaterThan(0);
    expect(Math.abs(measured - slope) / size, `⟨gradient, direction⟩ is ${slope}, measured ${measured}`).toBeLessThan(
      entry.curved ? tolerance.curved : tolerance.straight,
    );
  }
  await session.close();
}

async function compareAtKink(entry: GradientCase): Promise<void> {
  const session = await native.createSession(writeModel(differentiateCase(entry).toModel(false)));
  const { gradient } = await session.run({ x: { dims: entry.shape, data: inputValues(entry) } });
  expect(gradient!.dims).toEqual(entry.shape);
  expect(gradient!.data).toEqual(Float32Array.from(entry.kink!.gradient));
  await session.close();
}

describe('gradient rules', () => {
  test('every rule has a case and every case a rule', () => {
    expect(Object.keys(gradientCases).sort()).toEqual(Object.keys(gradientRules).sort());
  });

  test('every input with a gradient has a case that reads the differentiated value there', () => {
    const unread: string[] = [];
    for (const [opType, rule] of Object.entries(gradientRules)) {
      const read = new Set(gradientCases[opType]!.flatMap(({ reads }) => reads ?? [Object.keys(rule)[0]!]));
      for (const [name, gradient] of Object.entries(rule)) {
        if (typeof gradient === 'function' && !read.has(name)) unread.push(`${opType} ${name}`);
      }
    }
    expect(unread).toEqual([]);
  });

  test('every case writes its operator and reads the differentiated value where it says', () => {
    const wrong: string[] = [];
    for (const [opType, cases] of Object.entries(gradientCases)) {
      const parameters = Object.keys(gradientRules[opType]!);
      for (const entry of cases) {
        const { forward } = differentiateCase(entry);
        const nodes = forward.filter((node) => node.opType === opType);
        for (const name of entry.reads ?? [parameters[0]!]) {
          const index = parameters.indexOf(name);
          const giver = forward.find((node) => node.opType === entry.through && node.inputs[0] === 'x');
          const x = entry.through ? giver?.outputs[0] : 'x';
          const reads = (node: Node) => (name === variadic ? node.inputs.includes(x!) : node.inputs[index] === x);
          if (!x || !nodes.some(reads)) wrong.push(`${opType}, ${entry.name}: ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('names of cases are unique within their operator', () => {
    for (const cases of Object.values(gradientCases)) {
      const names = cases.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test('every input after the last named one is refused', () => {
    for (const rule of Object.values(gradientRules)) {
      const expected = rule[variadic] ?? 'unsupported';
      expect(gradientOfInput(rule, Object.keys(rule).length)).toBe(expected);
    }
  });

  test('gradients use plain inference operators only, and have the shape of their input', () => {
    const used = new Set<string>();
    for (const entry of Object.values(gradientCases).flat()) {
      const { backward, gradient } = differentiateCase(entry);
      expect(gradient.shape).toEqual(entry.shape);
      for (const node of backward) used.add(node.opType);
    }
    expect([...used].filter((opType) => !inferenceOperators.has(opType))).toEqual([]);
  });
});

/** Runs the gradient of a case. */
async function gradientOf(platform: NodePlatform, entry: GradientCase): Promise<FloatTensor> {
  const session = await platform.createSession(writeModel(differentiateCase(entry).toModel(false)));
  const { gradient } = await session.run({ x: { dims: entry.shape, data: inputValues(entry) } });
  await session.close();
  return gradient!;
}

function expectSame(got: FloatTensor, expected: FloatTensor, name: string): void {
  expect(got.dims).toEqual(expected.dims);
  const largest = Math.max(...expected.data.map(Math.abs)) || 1;
  const difference = Math.max(...expected.data.map((value, i) => Math.abs(value - got.data[i]!)));
  expect(difference / largest, name).toBeLessThan(1e-6);
}

describe('WebAssembly gives the native gradients', () => {
  for (const [opType, cases] of Object.entries(gradientCases)) {
    test(opType, async () => {
      expect(webAssembly.runtime).toBe('onnxruntime-web');
      for (const entry of cases) {
        const [expected, got] = await Promise.all([native, webAssembly].map((platform) => gradientOf(platform, entry)));
        expectSame(got!, expected!, entry.name);
      }
    });
  }
});

describe('operator set 22 gives the same gradients', () => {
  for (const [opType, cases] of Object.entries(gradientCases)) {
    // onnxruntime has no GlobalLpPool of that set.
    if (opType === 'GlobalLpPool') continue;
    test(opType, async () => {
      for (const entry of cases) {
        expectSame(await gradientOf(native, { ...entry, opset: 22 }), await gradientOf(native, entry), entry.name);
      }
    });
  }
});
