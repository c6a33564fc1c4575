import type { GraphBuilder, Value } from '../../graph/index.js';
import type { FloatTensor } from '../../platform/platform.js';

/** Keeps the norm of a layer finite where nothing is active. */
const smallestSquare = 1e-10;

/**
 * How much the textures of a picture are like others: the cosine between Gram matrices, which say how often each two
 * channels of a layer are active together, wherever that is. Lucid's `diversity` (`optvis/objectives.py`) is the sum of
 * these over all pairs of a batch:
 *
 *     Ĝ(a) = G / ‖G‖, G = a aᵀ, a the layer as [C, places]; likeness = Σ Ĝ(a) · S
 *
 * where `S` is the weighted sum of the others' `Ĝ`, which do not change. The others' part of the gradient goes to them,
 * so that for one picture of a batch it is the same as Lucid's, but for the factor 2 of each pair counted twice.
 *
 * @param layer `[1, C, H, W]`
 * @param others `S`, `[C, C]`
 * @returns a scalar
 */
export function textureLikeness(g: GraphBuilder, layer: Value, others: Value): Value {
  const [, channels, height, width] = layer.shape as [number, number, number, number];
  const rows = g.op('Reshape', [layer, g.ints([channels, height * width])]);
  const gram = g.op('MatMul', [rows, g.op('Transpose', [rows], { perm: [1, 0] })]);
  const squares = g.op('ReduceSum', [g.op('Mul', [gram, gram])], { keepdims: 0 });
  const norm = g.op('Sqrt', [g.op('Add', [squares, g.scalar(smallestSquare)])]);
  const product = g.op('ReduceSum', [g.op('Mul', [gram, others])], { keepdims: 0 });
  return g.op('Div', [product, norm]);
}

/** The weighted sum of normalised Gram matrices, `[C, C]`: what {@link textureLikeness} compares with. */
export function textureOf(answers: readonly { readonly tensor: FloatTensor; readonly weight: number }[]): Float32Array {
  const count = answers[0]!.tensor.dims[1]!;
  const result = new Float32Array(count * count);
  for (const { tensor, weight } of answers) {
    const gram = gramOf(tensor.data, count);
    const norm = Math.sqrt(gram.reduce((sum, value) => sum + value * value, smallestSquare));
    gram.forEach((value, i) => {
      result[i]! += (weight * value) / norm;
    });
  }
  return result;
}

function gramOf(data: Float32Array, count: number): Float64Array {
  const places = data.length / count;
  const gram = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let i = 0; i < places; i++) sum += data[row * places + i]! * data[column * places + i]!;
      gram[row * count + column] = sum;
      gram[column * count + row] = sum;
    }
  }
  return gram;
}
