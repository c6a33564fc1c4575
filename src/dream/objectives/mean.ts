import type { GraphBuilder, Value } from '../../graph/index.js';
import { floats } from '../../onnx/index.js';

/** What is climbed for one layer. */
export type LayerObjective = 'mean' | 'mean-square';

/**
 * Writes the objective of one layer: the mean of its activations, or of their squares.
 *
 * With a border, the elements along each spatial edge do not count, but the sum is still divided by the number of all
 * elements, as in Keras's DeepDream example (keras-io, deep_dream.py).
 *
 * @param layer `[1, C, H, W]`, or of any rank for an objective without border
 * @returns a scalar
 */
export function layerMean(g: GraphBuilder, layer: Value, objective: LayerObjective, border: number): Value {
  const values = objective === 'mean-square' ? g.op('Mul', [layer, layer]) : layer;
  const inner =
    border > 0 && layer.shape.length === 4 ? g.op('Mul', [values, g.constant(insideBorder(layer, border))]) : values;
  return g.op('ReduceMean', [inner], { keepdims: 0 });
}

/** 1 inside and 0 along the borders; a layer no larger than its borders keeps everything. */
function insideBorder({ shape }: Value, border: number) {
  const [height, width] = [shape[2]!, shape[3]!];
  const counts = (position: number, size: number): boolean =>
    size <= 2 * border || (position >= border && position < size - border);
  const mask = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mask[y * width + x] = counts(y, height) && counts(x, width) ? 1 : 0;
  }
  return floats(mask, [1, 1, height, width]);
}
