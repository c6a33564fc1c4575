import { GraphBuilder } from '../src/graph/index.js';
import { floats, writeModel } from '../src/onnx/index.js';
import type { Platform } from '../src/platform/platform.js';

const [channels, side] = [256, 64];

/**
 * The most float32 operations a second that this machine is seen to do, in GFLOP/s: the fastest of twenty runs of a
 * convolution of the best shape that onnxruntime knows. No loop of bare multiply-adds can be written in JavaScript; what a
 * processor can do is up to a tenth more.
 */
export async function peakOfConvolution(platform: Platform): Promise<number> {
  const g = new GraphBuilder();
  let y = g.input('x', [1, channels, side, side]);
  const depth = 8;
  for (let i = 0; i < depth; i++) {
    const weights = Float32Array.from({ length: channels * channels * 9 }, (_, k) => Math.sin(k + i) / 48);
    y = g.op('Conv', [y, g.constant(floats(weights, [channels, channels, 3, 3]))], { pads: [1, 1, 1, 1] });
  }
  const session = await platform.createSession(
    writeModel(g.toModel({ y: g.op('ReduceMean', [g.op('GlobalAveragePool', [y])], { keepdims: 0 }) })),
  );
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 20; run++) {
    const data = new Float32Array(channels * side * side).fill(0.5);
    const start = performance.now();
    await session.run({ x: { dims: [1, channels, side, side], data } });
    fastest = Math.min(fastest, performance.now() - start);
  }
  await session.close();
  return (depth * 2 * 9 * channels ** 2 * side ** 2) / fastest / 1e6;
}
