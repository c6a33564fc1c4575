import { assert } from '../../errors.js';
import { asFloats, floats, type Tensor } from '../../onnx/index.js';
import type { Pass, Rewriting } from '../rewrite.js';
import type { Value } from '../value.js';
import { convolutionOf, isPointwise, type KnownConvolution } from './pointwise.js';

/** onnxruntime's blocked layout joins tensors whose channels are a multiple of its block, which is 16 at most. */
const block = 16;

/**
 * A sum of 1×1 convolutions becomes one, of their inputs side by side: the gradients of a block's branches meet in one
 * convolution, which adds them up on the way.
 */
export const mergeSiblings: Pass = (node, rewriting) => {
  if (node.opType !== 'Add' || isPartOfSum(node.outputs[0]!, rewriting)) return undefined;
  const terms = termsOf(node.outputs[0]!, rewriting);
  const isSibling = (name: string): boolean => siblingOf(name, rewriting) !== undefined;
  const siblings = terms.filter(isSibling).map((name) => siblingOf(name, rewriting)!);
  if (siblings.length < 2) return undefined;
  const others = terms.filter((name) => !isSibling(name)).map((name) => rewriting.now(name)!);
  return others.reduce((sum, other) => rewriting.g.op('Add', [sum, other]), merged(siblings, rewriting));
};

/** Whether a sum's only reader is another sum, which will take its terms over. */
function isPartOfSum(name: string, { readsOf, readersOf }: Rewriting): boolean {
  return readsOf(name) === 1 && readersOf(name).some(({ opType }) => opType === 'Add');
}

/** What a tree of sums of one shape adds up. */
function termsOf(name: string, rewriting: Rewriting): string[] {
  const { producerOf, typeOf } = rewriting;
  return producerOf(name)!.inputs.flatMap((input) => {
    const isSum = producerOf(input)?.opType === 'Add' && isPartOfSum(input, rewriting);
    const isSame = String(typeOf(input).shape) === String(typeOf(name).shape);
    return isSum && isSame ? termsOf(input, rewriting) : [input];
  });
}

function siblingOf(name: string, rewriting: Rewriting): KnownConvolution | undefined {
  const convolution = rewriting.readsOf(name) === 1 ? convolutionOf(name, rewriting) : undefined;
  if (!convolution || convolution.bias || !isPointwise(convolution)) return undefined;
  return convolution.weight.dims[1]! % block === 0 ? convolution : undefined;
}

function merged(siblings: readonly KnownConvolution[], { g, now }: Rewriting): Value {
  const inputs = siblings.map(({ node }) => now(node.inputs[0])!);
  const weight = sideBySide(siblings.map((sibling) => sibling.weight));
  return g.op('Conv', [g.op('Concat', inputs, { axis: 1 }), g.constant(weight)], { kernel_shape: [1, 1] });
}

/** `[M, C₁, 1, 1]`, `[M, C₂, 1, 1]`, … → `[M, C₁ + C₂ + …, 1, 1]` */
function sideBySide(weights: readonly Tensor[]): Tensor {
  const m = weights[0]!.dims[0]!;
  const channels = weights.reduce((sum, { dims }) => sum + dims[1]!, 0);
  const result = new Float32Array(m * channels);
  let start = 0;
  for (const weight of weights) {
    const own = weight.dims[1]!;
    const values = asFloats(weight);
    assert(weight.dims[0] === m, 'convolutions that are added up have as many channels');
    for (let out = 0; out < m; out++) result.set(values.subarray(out * own, (out + 1) * own), out * channels + start);
    start += own;
  }
  return floats(result, [m, channels, 1, 1]);
}
