import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../graph/index.js';
import { floats, writeModel } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { differentiate } from '../differentiate.js';
import type { GradientRules } from '../rule.js';
import { gradientRules } from './index.js';
import { guidedRelu, redirectedRelu } from './relu-variants.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

/** d(Σ dY · relu(x))/dx, so that `dY` is the gradient that arrives at the ReLU. */
async function gradientAt(x: readonly number[], dY: readonly number[], variant: GradientRules): Promise<number[]> {
  const g = new GraphBuilder();
  const input = g.input('x', [1, x.length]);
  const weighted = g.op('Mul', [g.op('Relu', [input]), g.constant(floats(Float32Array.from(dY), [1, dY.length]))]);
  const objective = g.op('ReduceSum', [weighted], { keepdims: 0 });
  const gradient = differentiate(g, { of: objective, to: input, rules: { ...gradientRules, ...variant } });
  const session = await platform.createSession(writeModel(g.toModel({ gradient })));
  const results = await session.run({ x: { dims: [1, x.length], data: Float32Array.from(x) } });
  await session.close();
  // A zero may have kept the sign of what it masked; −0 + 0 is 0.
  return Array.from(results['gradient']!.data, (value) => value + 0);
}

describe('the ordinary gradient', () => {
  test('passes where the input is positive', async () => {
    expect(await gradientAt([2, 2, -2, -2], [3, -3, 3, -3], {})).toEqual([3, -3, 0, 0]);
  });
});

describe('guided backpropagation', () => {
  test('passes what is positive where the input is positive, and nothing else', async () => {
    expect(await gradientAt([2, 2, -2, -2, 0], [3, -3, 3, -3, 3], guidedRelu)).toEqual([3, 0, 0, 0, 0]);
  });

  test('passes nothing where all is blocked', async () => {
    expect(await gradientAt([-1, -2], [3, 4], guidedRelu)).toEqual([0, 0]);
  });
});

describe("Lucid's redirection", () => {
  test('is the ordinary gradient as long as anything of that passes', async () => {
    expect(await gradientAt([2, 2, -2, -2], [3, -3, 3, -3], redirectedRelu)).toEqual([3, -3, 0, 0]);
    expect(await gradientAt([2, -2, -2], [1e-6, 5, -5], redirectedRelu)).toEqual([Math.fround(1e-6), 0, 0]);
  });

  test('passes what pushes inputs up where all is blocked', async () => {
    expect(await gradientAt([-1, -2, -3, -4], [3, -3, 0.5, 0], redirectedRelu)).toEqual([3, 0, 0.5, 0]);
  });

  test('passes what pushes inputs up where nothing asks for the active ones', async () => {
    expect(await gradientAt([2, -2, -2], [0, 5, -5], redirectedRelu)).toEqual([0, 5, 0]);
  });

  test('stays nothing where nothing arrives', async () => {
    expect(await gradientAt([-1, 1], [0, 0], redirectedRelu)).toEqual([0, 0]);
  });
});
