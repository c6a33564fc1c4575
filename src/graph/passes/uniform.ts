import type { Rewriting } from '../rewrite.js';

/** The number that fills a tensor of an old graph; undefined where it is not one number, or not known. */
export function uniformOf(name: string, rewriting: Rewriting): number | undefined {
  const { producerOf, constantOf } = rewriting;
  const node = producerOf(name);
  if (node?.opType === 'Expand' || node?.opType === 'Slice') return uniformOf(node.inputs[0]!, rewriting);
  const constant = constantOf(name);
  return constant?.dtype === 'float32' && constant.data.length === 1 ? Number(constant.data[0]) : undefined;
}
