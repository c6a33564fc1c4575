import type { AttributeValues, GraphBuilder, Value } from '../graph/index.js';
import { elementCount, floats } from '../onnx/index.js';

export type Shape = readonly number[];

/** One way to use an operator whose gradient is checked. */
export interface GradientCase {
  /** What is special about it. */
  readonly name: string;
  /** Shape of the value that is differentiated to. */
  readonly shape: Shape;
  /** Writes the operator on `x`. Outputs that the objective must not use are left out of the answer. */
  readonly write: (g: GraphBuilder, x: Value) => Value | readonly Value[];
  /** Where the operator reads `x`, by the names of its rule; default: its first input only. */
  readonly reads?: readonly string[];
  /**
   * The values of `x`: `random` in [−2, 2] (default); `apart`, all different by 1 or more and never nearer than 1/2
   * to a whole number, for operators with kinks there; `positive` in [2, 4].
   */
  readonly values?: 'random' | 'apart' | 'positive';
  /** Set where the operator is not linear between its kinks, so that finite differences are only approximate. */
  readonly curved?: boolean;
  /** The operator that hands `x` on to this one, where the picture cannot be read directly. */
  readonly through?: string;
  /** Version of the operator set, where the default is too old. */
  readonly opset?: number;
  /**
   * At a kink or tie there is no finite difference: the values of `x` there, and d(sum of the outputs)/dx as PyTorch
   * answers it.
   */
  readonly kink?: { readonly values: readonly number[]; readonly gradient: readonly number[] };
}

/** Cases by operator. */
export type GradientCases = Readonly<Record<string, readonly GradientCase[]>>;

/**
 * The same pseudo-random numbers everywhere: in [−1, 1), multiples of 2⁻²³, from a linear congruential generator.
 * scripts/make-fixtures.py and bench/peers/torch_gradient.py draw the same.
 */
export function pseudoRandom(seed: number, count: number): Float32Array {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** Pseudo-random multiples of 1/64 in [−1, 1]: few bits, so that float32 sums of their products are exact. */
export function coarseRandom(seed: number, count: number): Float32Array {
  return pseudoRandom(seed, count).map((value) => Math.round(value * 64) / 64);
}

/** Constants in [−1, 1]. */
export function random(g: GraphBuilder, shape: Shape, seed = 7): Value {
  return g.constant(floats(coarseRandom(seed, elementCount(shape)), shape));
}

/** Constants in [1, 2], to divide by or to take as a variance. */
export function positive(g: GraphBuilder, shape: Shape, seed = 8): Value {
  return g.constant(
    floats(
      coarseRandom(seed, elementCount(shape)).map((value) => 1.5 + value / 2),
      shape,
    ),
  );
}

/** Writes the operator of a case. */
export type Write = GradientCase['write'];

/** The operator on `x` alone. */
export const apply =
  (opType: string, attributes: AttributeValues = {}): Write =>
  (g, x) =>
    g.op(opType, [x], attributes);

/** `x` on the left, or on the right of a constant. */
export const beside = (
  opType: string,
  other: Shape,
  attributes: AttributeValues = {},
): { left: Write; right: Write } => ({
  left: (g, x) => g.op(opType, [x, positive(g, other)], attributes),
  right: (g, x) => g.op(opType, [positive(g, other), x], attributes),
});

/** The broadcasts that every two-sided operator meets, each with `x` on either side. */
export function broadcasts(opType: string, curved: { readonly right?: boolean } = {}): GradientCase[] {
  const pairs: readonly [name: string, x: Shape, other: Shape][] = [
    ['same shape', [2, 3, 4, 5], [2, 3, 4, 5]],
    ['other is one value per channel', [2, 3, 4, 5], [1, 3, 1, 1]],
    ['input is one value per channel', [1, 3, 1, 1], [2, 3, 4, 5]],
    ['other is a scalar', [2, 3, 4], []],
    ['input is a scalar', [], [2, 3, 4]],
    ['other has fewer axes', [2, 3, 4, 5], [4, 1]],
    ['input has fewer axes', [4, 1], [2, 3, 4, 5]],
    ['both stretch', [3, 1, 5], [2, 1, 4, 1]],
  ];
  return pairs.flatMap(([name, shape, other]): GradientCase[] => {
    const { left, right } = beside(opType, other);
    return [
      { name: `${name}, input on the left`, shape, write: left },
      {
        name: `${name}, input on the right`,
        shape,
        write: right,
        reads: ['B'],
        ...(curved.right && { values: 'positive', curved: true }),
      },
    ];
  });
}
