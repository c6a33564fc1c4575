import { type GraphBuilder, quantise, type Value } from '../graph/index.js';
import { writeModel } from '../onnx/index.js';
import { ByteRanges } from './byte-ranges.js';
import type { Compilable } from './session-cache.js';

/** A step that computes in bytes. */
export interface QuantisedStep {
  /** The float32 step that also tells the ranges of what will be bytes, as an output `ranges`. */
  readonly calibration: Compilable;
  /** The step in bytes, with an input `quantisation` and an output `peaks` beside those of the float32 one. */
  readonly bytes: Compilable;
  /**
   * Keeps the ranges of an octave.
   *
   * @param from the values of ranges that were kept before; default: to be measured
   */
  createRanges(from?: readonly number[]): ByteRanges;
}

/** A step that is not written yet: its graph, and what of it is wanted. */
export interface WrittenStep {
  readonly builder: GraphBuilder;
  readonly total: Value;
  readonly gradient: Value;
}

/**
 * Writes a step in bytes.
 *
 * @param size bytes that the float32 step takes; in bytes it takes less
 */
export function quantisedStep(
  { builder, total, gradient }: WrittenStep,
  size: Pick<Compilable, 'activationBytes' | 'constantBytes'>,
): QuantisedStep {
  const outputs = { objective: total, gradient };
  const quantised = quantise(builder, outputs);
  const largest = quantised.ranges.map(({ value }) =>
    builder.op('Reshape', [builder.op('ReduceMax', [builder.op('Abs', [value])], { keepdims: 0 }), builder.ints([1])]),
  );
  const ranges = builder.op('Concat', largest, { axis: 0 });
  return {
    calibration: { ...size, toBytes: () => writeModel(builder.toModel({ ...outputs, ranges })) },
    bytes: {
      activationBytes: size.activationBytes / 4,
      constantBytes: size.constantBytes / 4,
      toBytes: () => writeModel(quantised.model),
    },
    createRanges: (from) => new ByteRanges(quantised, from),
  };
}
