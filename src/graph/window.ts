import { ModelError } from '../errors.js';
import type { Node } from '../onnx/index.js';
import { describeNode, intAttribute, intsAttribute, stringAttribute } from './attributes.js';

/** How a convolution or pooling window moves over its input, one entry per spatial axis, padding made explicit. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before the first element of each axis. */
  readonly padsBegin: readonly number[];
  /** Padding after the last element of each axis. */
  readonly padsEnd: readonly number[];
  /** Sizes of the output. */
  readonly output: readonly number[];
}

/**
 * Works out the window of Conv, MaxPool, AveragePool and LpPool for an input of known size: `auto_pad` becomes
 * numbers and `ceil_mode` is settled (a last window that would start in the padding after the input is left out).
 *
 * @param spatial sizes of the input's spatial axes
 * @param kernel sizes of the window
 * @throws ModelError `model/input-too-small` when no window fits
 */
export function windowOf(node: Node, spatial: readonly number[], kernel: readonly number[]): Window {
  const axes = kernel.map((_, axis) => axis);
  const strides = intsAttribute(node, 'strides') ?? kernel.map(() => 1);
  const dilations = intsAttribute(node, 'dilations') ?? kernel.map(() => 1);
  const pads = intsAttribute(node, 'pads') ?? axes.flatMap(() => [0, 0]);
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET');
  const ceilMode = intAttribute(node, 'ceil_mode', 0) === 1;
  const padsBegin: number[] = [];
  const padsEnd: number[] = [];
  const output: number[] = [];
  for (const axis of axes) {
    const size = spatial[axis]!;
    const stride = strides[axis]!;
    const extent = (kernel[axis]! - 1) * dilations[axis]! + 1;
    let begin = pads[axis]!;
    let end = pads[axis + kernel.length]!;
    if (autoPad === 'VALID') begin = end = 0;
    if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') {
      const total = Math.max((Math.ceil(size / stride) - 1) * stride + extent - size, 0);
      begin = autoPad === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
      end = total - begin;
    }
    const steps = (size + begin + end - extent) / stride;
    let count = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (ceilMode && (count - 1) * stride >= size + begin) count--;
    if (steps < 0 || count < 1) {
      throw new ModelError(
        'model/input-too-small',
        `${describeNode(node)}: a window of ${extent} does not fit into ${size} (padding ${begin} and ${end}). Use a larger picture.`,
      );
    }
    padsBegin.push(begin);
    padsEnd.push(end);
    output.push(count);
  }
  return { kernel, strides, dilations, padsBegin, padsEnd, output };
}
