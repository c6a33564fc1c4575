import { maxPoolGradientOf } from '../passes/max-pool-gradient.js';
import type { Window } from '../window.js';
import { interleaved, isSigned, whole } from './arrangement.js';
import type { Bytes } from './byte-graph.js';
import { added, masked, maskOf } from './elementwise.js';
import { maxPool, poolWindow } from './pooling.js';
import type { ByteRule, Rewriting } from './rule.js';
import type { Slot } from './scales.js';

/** The gradient of the maximum over windows, which ends in a Reshape: see `byteForms`. */
export const maxPoolGradientRules = {
  Reshape: {
    accepts: (q, node) => gradientOfMaxPool(q, node.outputs[0]!) !== undefined,
    write: (q, node) => {
      const slot = q.bytes.slot(q.value(node.outputs[0]!), true);
      return gradientOfMaxPool(q, node.outputs[0]!)!.write(slot, false);
    },
  },
} satisfies Record<string, ByteRule>;

/** The gradient of a maximum over windows. */
interface GradientInBytes {
  /** What the maximum was taken of. */
  readonly x: string;
  /** Writes it into a slot, only where `x` is positive where that is asked for. */
  write(slot: Slot, positive: boolean): Bytes;
}

/** Recognises the gradient of a MaxPool of bytes. */
export function gradientOfMaxPool(q: Rewriting, name: string): GradientInBytes | undefined {
  const gradient = maxPoolGradientOf(q.producer(name), (input) => q.producer(input));
  if (!gradient || q.value(gradient.pool.inputs[0]!).shape.length !== 4) return undefined;
  const { pool, dY } = gradient;
  const window = poolWindow(q, pool);
  const { strides, dilations } = window;
  if (strides[0] !== strides[1] || dilations.some((dilation) => dilation !== 1)) return undefined;
  const x = pool.inputs[0]!;
  if (!q.isBytes(dY) || !q.isBytes(x) || isSigned(q, x)) return undefined;
  return {
    x,
    write: (slot, positive) => {
      const largest = maxPool(q, q.toBytes(x), window);
      const gradient = whole(q, q.toBytes(dY));
      const passed = positive ? masked(q, gradient, maskOf(q, largest), gradient.shape) : gradient;
      return spread(q, q.toBytes(x), largest, passed, window, slot);
    },
  };
}

/**
 * The first element of a window that is equal to its maximum gets the gradient of that maximum; in bytes many are equal.
 * The elements of all windows at one place, every `stride`-th row and column of the input, are a tensor of the size of the
 * output.
 */
function spread(q: Rewriting, x: Bytes, y: Bytes, dY: Bytes, window: Window, slot: Slot): Bytes {
  const { bytes } = q;
  const { kernel, output, padsBegin } = window;
  const stride = window.strides[0]!;
  const taps = kernel.map((size) => Math.ceil(size / stride));
  const shape = [...dY.shape.slice(0, 2), ...output.map((count, axis) => count + taps[axis]! - 1)];
  const chosen = firstLargest(q, x, y, window);
  const atTap = (row: number, column: number): Bytes => {
    const gradient = masked(q, dY, chosen[row]![column]!, dY.shape);
    const offset = [row, column].map((start) => Math.floor(start / stride));
    const after = offset.map((count, axis) => taps[axis]! - 1 - count);
    if ([...offset, ...after].every((count) => count === 0)) return gradient;
    const pads = bytes.ints([0, ...offset, 0, 0, ...after, 0]);
    return { ...gradient, shape, name: bytes.node('Pad', [gradient.name, pads, bytes.zero(dY)]) };
  };
  const phases: Bytes[] = [];
  for (let a = 0; a < stride; a++) {
    for (let b = 0; b < stride; b++) {
      const gradients: Bytes[] = [];
      for (let row = a; row < kernel[0]!; row += stride) {
        for (let column = b; column < kernel[1]!; column += stride) gradients.push(atTap(row, column));
      }
      phases.push(inSlot(q, gradients, slot, shape));
    }
  }
  const channels = phases.reduce((sum, phase) => sum + phase.shape[1]!, 0);
  const names = phases.map(({ name }) => name);
  const all = {
    slot,
    factor: 1,
    shape: [1, channels, ...shape.slice(2)],
    name: bytes.node('Concat', names, { axis: 3 }),
  };
  return interleaved(q, all, { stride, crop: padsBegin, shape: x.shape });
}

/** For each row and column of a window, 1 where its element is the first that is equal to the window's largest. */
function firstLargest({ bytes }: Rewriting, x: Bytes, y: Bytes, window: Window): string[][] {
  const { kernel, padsBegin, padsEnd, strides, output } = window;
  const padded = [...padsBegin, ...padsEnd].every((count) => count === 0)
    ? x.name
    : bytes.node('Pad', [x.name, bytes.ints([0, ...padsBegin, 0, 0, ...padsEnd, 0]), bytes.zero(x)]);
  // The largest so far, and where it is the largest of all already.
  let before: { readonly most: string; readonly reached: string } | undefined;
  const chosen: string[][] = [];
  for (let row = 0; row < kernel[0]!; row++) {
    chosen.push([]);
    for (let column = 0; column < kernel[1]!; column++) {
      const starts = [row, column];
      const ends = starts.map((start, axis) => start + (output[axis]! - 1) * strides[axis]! + 1);
      const lists = [starts, ends, [1, 2], strides].map((list) => bytes.ints(list));
      const values = bytes.node('Slice', [padded, ...lists]);
      const most = before ? bytes.node('Max', [before.most, values]) : values;
      const reached = bytes.node('Equal', [most, y.name]);
      const here = before ? bytes.node('Xor', [reached, before.reached]) : reached;
      chosen[row]!.push(bytes.node('Cast', [here], { to: 2 }));
      before = { most, reached };
    }
  }
  return chosen;
}

/** The sum of several gradients, in a slot of its own. */
function inSlot(q: Rewriting, gradients: readonly Bytes[], slot: Slot, shape: readonly number[]): Bytes {
  const { bytes } = q;
  const nothing: Bytes = { name: bytes.byte(slot.zero), slot, factor: 1, shape, single: true };
  const [first, second = nothing, ...rest] = gradients;
  if (!first) return whole(q, nothing);
  return rest.reduce((sum, gradient) => added(q, sum, gradient, slot), added(q, first, second, slot));
}
