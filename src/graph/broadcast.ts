import { ModelError } from '../errors.js';

/**
 * The shape of an element-wise operation by NumPy's rule: sizes are aligned at the last axis, and a 1 stretches.
 *
 * @returns undefined when the shapes do not fit together
 */
export function broadcastShapes(...shapes: (readonly number[])[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const offset = rank - shape.length;
    for (let axis = 0; axis < shape.length; axis++) {
      const size = shape[axis]!;
      const so = result[offset + axis]!;
      if (size === 1 || size === so) continue;
      if (so !== 1) return undefined;
      result[offset + axis] = size;
    }
  }
  return result;
}

/** Distance in elements between neighbours along each axis of a row-major tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/**
 * Counts an axis from the end when it is negative, as ONNX does. `rank` itself, the place after the last axis, is what
 * Flatten may name.
 *
 * @throws ModelError `model/shape` when there is no such axis
 */
export function positiveAxis(axis: number, rank: number): number {
  if (axis >= -rank && axis <= rank) return axis < 0 ? axis + rank : axis;
  throw new ModelError(
    'model/shape',
    `Axis ${axis} was asked for, but there are ${rank} axes. Export the model again.`,
  );
}
