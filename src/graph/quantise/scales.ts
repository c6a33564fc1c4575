import { assert } from '../../errors.js';

/**
 * The range of one or several tensors of bytes. A byte `q` stands for `(q − zero) · scale`: unsigned tensors, such as what
 * a ReLU gives, have zero at 0 and `scale = range / 255`; signed ones, such as gradients, have it at 128 and
 * `scale = range / 127`.
 */
export class Slot {
  readonly signed: boolean;
  #same: Slot | undefined;

  constructor(signed: boolean) {
    this.signed = signed;
  }

  /** The slot that stands for this one and all that share its range. */
  get root(): Slot {
    return this.#same?.root ?? this;
  }

  /** The byte that stands for 0. */
  get zero(): 0 | 128 {
    return this.signed ? 128 : 0;
  }

  /** Lets two slots share one range, so that their bytes mean the same. */
  share(other: Slot): void {
    assert(this.signed === other.signed, 'tensors of one range have their zero at the same place');
    if (this.root !== other.root) other.root.#same = this.root;
  }
}

/** One number, or one for each channel, that the graph is fed because it follows from ranges. */
export type Parameter =
  /** What a step of one byte is worth. */
  | { readonly kind: 'scale'; readonly slot: Slot; readonly factor: number }
  /** A convolution's bias, in steps of its products: `bias / (scale of the input · scale of the weights)`. */
  | {
      readonly kind: 'bias';
      readonly slot: Slot;
      readonly factor: number;
      readonly bias: ArrayLike<number>;
      readonly weightScales: Float32Array;
    };

/** How many numbers a parameter is. */
export function parameterLength(parameter: Parameter): number {
  return parameter.kind === 'scale' ? 1 : parameter.bias.length;
}

/** The steps from zero to the largest magnitude of a slot. */
export function steps({ signed }: Slot): number {
  return signed ? 127 : 255;
}

/** Sums of products must fit into 32 bits with their bias. */
const largestBias = 2 ** 30;

/**
 * The numbers that the graph is fed.
 *
 * @param rangeOf the largest magnitude in a root slot
 */
export function parameterValues(parameters: readonly Parameter[], rangeOf: (slot: Slot) => number): Float32Array {
  const values = new Float32Array(parameters.reduce((sum, parameter) => sum + parameterLength(parameter), 0));
  let at = 0;
  for (const parameter of parameters) {
    // A range of nothing would divide by nothing.
    const range = Math.max(rangeOf(parameter.slot.root), 0) || 1;
    const scale = (range / steps(parameter.slot)) * parameter.factor;
    if (parameter.kind === 'scale') values[at++] = scale;
    else {
      for (let i = 0; i < parameter.bias.length; i++) {
        const bias = Math.round(parameter.bias[i]! / (scale * parameter.weightScales[i]!));
        values[at++] = Math.min(Math.max(bias, -largestBias), largestBias);
      }
    }
  }
  return values;
}
