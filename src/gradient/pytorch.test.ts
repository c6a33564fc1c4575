/** Gradients of single operators against numbers from PyTorch's autograd, made by scripts/make-fixtures.py. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AttributeValues, GraphBuilder, type Value } from '../graph/index.js';
import { elementCount, floats, ints, type Tensor, writeModel } from '../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { differentiate } from './differentiate.js';
import { pseudoRandom } from './rules.cases.js';

/** Largest difference, relative to the largest element of the gradient. PyTorch's numbers are in float64, rounded. */
const tolerance = 2e-6;

/** An input: int64 numbers, given numbers, or pseudo-random ones `scale · p + offset` with p in [−1, 1). */
interface FixtureInput {
  readonly shape: readonly number[];
  readonly ints?: readonly number[];
  readonly values?: readonly number[];
  readonly seed?: number;
  readonly scale?: number;
  readonly offset?: number;
}

interface Fixture {
  readonly op: string;
  readonly name: string;
  readonly opset?: number;
  readonly attributes: AttributeValues;
  readonly inputs: readonly (FixtureInput | null)[];
  /** Position of the differentiated input. */
  readonly of: number;
  /** Seed of the numbers r in the objective Σ r ⊙ output. */
  readonly weights: number;
  /** Shape of the output. */
  readonly output: readonly number[];
  readonly gradient: readonly number[];
}

function tensorOf({ shape, ints: whole, values, seed = 0, scale = 1, offset = 0 }: FixtureInput): Tensor {
  if (whole) return ints(whole, shape);
  if (values) return floats(values, shape);
  const random = pseudoRandom(seed, elementCount(shape));
  return floats(
    random.map((value) => value * scale + offset),
    shape,
  );
}

const file = new URL('../../../test/fixtures/gradients.json', import.meta.url);
const { cases } = JSON.parse(await readFile(file, 'utf8')) as { readonly cases: readonly Fixture[] };

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

for (const op of new Set(cases.map((fixture) => fixture.op))) {
  describe(`the gradient of ${op} is PyTorch's`, () => {
    for (const fixture of cases.filter((other) => other.op === op)) test(fixture.name, () => compare(fixture));
  });
}

async function compare(fixture: Fixture): Promise<void> {
  const g = new GraphBuilder(fixture.opset);
  const differentiated = tensorOf(fixture.inputs[fixture.of]!);
  const x = g.input('x', differentiated.dims);
  const inputs = fixture.inputs.map((entry, i): Value | undefined => {
    if (i === fixture.of) return x;
    return entry ? g.constant(tensorOf(entry)) : undefined;
  });
  const y = g.op(fixture.op, inputs, fixture.attributes);
  expect(y.shape).toEqual(fixture.output);

  const weights = g.constant(floats(pseudoRandom(fixture.weights, elementCount(y.shape)), y.shape));
  const objective = g.op('ReduceSum', [g.op('Mul', [y, weights])], { keepdims: 0 });
  const gradient = differentiate(g, { of: objective, to: x });
  const session = await platform.createSession(writeModel(g.toModel({ gradient })));
  const results = await session.run({ x: { dims: x.shape, data: Float32Array.from(differentiated.data, Number) } });
  await session.close();

  const got = results['gradient']!;
  expect(got.dims).toEqual(x.shape);
  const largest = Math.max(...fixture.gradient.map(Math.abs)) || 1;
  fixture.gradient.forEach((expected, i) => {
    const difference = Math.abs(got.data[i]! - expected) / largest;
    if (!(difference <= tolerance)) expect.fail(`element ${i}: expected ${expected}, got ${got.data[i]}`);
  });
}
