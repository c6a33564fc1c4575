import { assert } from '../../errors.js';
import type { AttributeValues } from '../../graph/index.js';
import { floats, type Tensor } from '../../onnx/index.js';
import { apply, type GradientCase, type GradientCases, type Write } from '../write.cases.js';

/** Quantised and back: the gradient passes where the range of the type does not cut off. */
function roundTrips(): GradientCase[] {
  const trip =
    (dtype: 'uint8' | 'int8', scale: Tensor, zero: Tensor | undefined, attributes: AttributeValues = {}): Write =>
    (g, x) => {
      const [scales, zeros] = [g.constant(scale), zero && g.constant(zero)];
      const q = g.op('QuantizeLinear', [x, scales, zeros], attributes);
      assert(q.dtype === dtype, `expected ${dtype}`);
      return g.op('DequantizeLinear', [q, scales, zeros], attributes);
    };
  return [
    {
      name: 'uint8 without a zero point',
      shape: [5],
      write: trip('uint8', floats([0.5], []), undefined),
      kink: { values: [-1, 0, 0.3, 127, 200], gradient: [0, 1, 1, 1, 0] },
    },
    {
      name: 'int8 with a zero point',
      shape: [5],
      write: trip('int8', floats([0.5], []), { dtype: 'int8', dims: [], data: Int8Array.of(28) }),
      kink: { values: [-100, -78, 0.3, 49.5, 60], gradient: [0, 1, 1, 1, 0] },
    },
    {
      name: 'a scale and a zero point a channel',
      shape: [1, 2, 2],
      write: trip('uint8', floats([0.5, 2]), { dtype: 'uint8', dims: [2], data: Uint8Array.of(10, 0) }, { axis: 1 }),
      kink: { values: [-5, 130, -2, 400], gradient: [1, 0, 0, 1] },
    },
  ];
}

/** Changes of number format: for every operator the ways to use it that could each go wrong on their own. */
export const quantizationCases: GradientCases = {
  Cast: [{ name: 'float to float', shape: [2, 3], write: apply('Cast', { to: 1 }) }],
  CastLike: [{ name: 'float to float', shape: [2, 3], write: (g, x) => g.op('CastLike', [x, g.scalar(0)]) }],
  QuantizeLinear: roundTrips(),
  DequantizeLinear: roundTrips().map((entry) => ({ ...entry, through: 'QuantizeLinear' })),
};
