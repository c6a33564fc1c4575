import type { GraphBuilder, Value } from '../graph/index.js';
import { floats } from '../onnx/index.js';

/**
 * Multiplies a tensor by a matrix along one axis. Any padding, cropping, striding or interpolation of an axis is such
 * a matrix, and its gradient is the transposed one.
 *
 * @param matrix `[to, from]` in row-major order: element `i` of the new axis is `Σ matrix[i][j] · element j`
 * @param to size of the axis afterwards
 */
export function multiplyAlongAxis(g: GraphBuilder, x: Value, axis: number, matrix: Float32Array, to: number): Value {
  const from = x.shape[axis]!;
  const before = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const after = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  if (after === 1) {
    // The last axis: rows times the transposed matrix, one product instead of many small ones.
    const rows = g.op('Reshape', [x, g.ints([before, from])]);
    const product = g.op('MatMul', [rows, g.constant(floats(transposed(matrix, to, from), [from, to]))]);
    return g.op('Reshape', [product, g.ints(x.shape.with(axis, to))]);
  }
  const flat = g.op('Reshape', [x, g.ints([before, from, after])]);
  const product = g.op('MatMul', [g.constant(floats(matrix, [to, from])), flat]);
  return g.op('Reshape', [product, g.ints(x.shape.with(axis, to))]);
}

/**
 * The transposed selection matrix: sends element `i` back to where it was read from.
 *
 * @param sources for each element of the result of the forward selection, the element it was read from, or −1 for none
 * @param size size of the axis that was read
 * @returns `[size, sources.length]` in row-major order
 */
export function scatterMatrix(sources: readonly number[], size: number): Float32Array {
  const matrix = new Float32Array(size * sources.length);
  sources.forEach((source, i) => {
    if (source >= 0) matrix[source * sources.length + i]! += 1;
  });
  return matrix;
}

/** `[rows, columns]` → `[columns, rows]`, both in row-major order. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}
