import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelOf, node, noise } from '../../../test/run-model.js';
import { MemoryError, PlatformError } from '../../errors.js';
import { writeModel } from '../../onnx/index.js';
import { floats, ints } from '../../onnx/tensor.js';
import { createNodePlatform, type NodePlatform } from './platform.js';

/** x · w · w · …, which takes a while. */
const [side, times] = [700, 24];
const slow = writeModel(
  modelOf({
    inputs: { x0: [side, side] },
    outputs: { [`x${times}`]: 2 },
    initializers: { w: floats(new Float32Array(side * side), [side, side]) },
    nodes: Array.from({ length: times }, (_, i) => node('MatMul', [`x${i}`, 'w'], [`x${i + 1}`])),
  }),
);
/** Spreads x over a petabyte. */
const vast = writeModel(
  modelOf({
    inputs: { x: [1, 1] },
    outputs: { y: 2 },
    initializers: { s: ints([2 ** 25, 2 ** 23]) },
    nodes: [node('Expand', ['x', 's'], ['y'])],
  }),
);
const foreign = writeModel(
  modelOf({ inputs: { x: [1] }, outputs: { y: 1 }, nodes: [node('Frobnicate', ['x'], ['y'])] }),
);

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a platform', () => {
  let platform: NodePlatform;
  beforeAll(async () => {
    platform = await createNodePlatform({ threads: 1 });
  });
  afterAll(() => platform.close());

  test('names its runtime', () => {
    expect(platform.runtime).toMatch(/^onnxruntime-(node|web)$/);
    expect(platform.runtimeVersion).toMatch(/^\d+\.\d+/);
    expect(platform.cores).toBe(1);
  });

  test('answers with a PlatformError of one line when the runtime refuses a model', async () => {
    const error = await reasonOf(platform.createSession(foreign.slice()));
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as PlatformError).message).toMatch(
      /^onnxruntime could not run the network: [^\n]*Frobnicate[^\n]*\.$/,
    );
  });

  test('answers with a MemoryError when the runtime finds no memory, and goes on', async () => {
    const session = await platform.createSession(vast.slice());
    const error = await reasonOf(session.run({ x: noise([1, 1]) }));
    expect(error).toBeInstanceOf(MemoryError);
    expect((error as MemoryError).code).toBe('memory/too-large');
    await session.close();
    const another = await platform.createSession(slow.slice());
    const output = await another.run({ x0: noise([side, side]) });
    expect(output[`x${times}`]!.dims).toEqual([side, side]);
    await another.close();
    await another.close();
  });
});

describe('a platform that is closed', () => {
  test('while it runs refuses the run at once and ends after it', async () => {
    const platform = await createNodePlatform({ threads: 1 });
    const session = await platform.createSession(slow.slice());
    const run = reasonOf(session.run({ x0: noise([side, side]) }));
    // The run has begun by then.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = platform.close();
    const error = await run;
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as PlatformError).message).toContain('it was closed');
    await closed;
    expect(await reasonOf(platform.createSession(slow.slice()))).toBeInstanceOf(PlatformError);
    await session.close();
    await platform.close();
  });
});
