import { intsAttribute } from './attributes.js';
import type { GraphBuilder } from './builder.js';

/** What one element of a layer sees of the picture. */
export interface ReceptiveField {
  /** Picture pixels between neighbouring elements, `[height, width]`. */
  readonly stride: readonly [number, number];
  /** Picture pixels that can change one element, `[height, width]`; infinite when all of them can. */
  readonly size: readonly [number, number];
}

const whole: ReceptiveField = { stride: [1, 1], size: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] };

/** Operators after which every element has seen the whole picture. */
const global = new Set(['GlobalAveragePool', 'GlobalMaxPool', 'Flatten', 'Gemm', 'MatMul', 'ReduceMean', 'Reshape']);

/**
 * Stride and receptive field of every tensor that depends on the picture: a window of extent `k` that moves by `s`
 * makes the field grow by `(k − 1)` strides of its input, and the stride `s` times as long. Where branches meet, the
 * widest counts.
 */
export function receptiveFields(builder: GraphBuilder, inputName: string): ReadonlyMap<string, ReceptiveField> {
  const fields = new Map<string, ReceptiveField>([[inputName, { stride: [1, 1], size: [1, 1] }]]);
  for (const node of builder.nodes) {
    const sources = node.inputs.flatMap((name) => fields.get(name) ?? []);
    if (sources.length === 0) continue;
    const widest = (pick: (field: ReceptiveField) => readonly [number, number]): readonly [number, number] => [
      Math.max(...sources.map((source) => pick(source)[0])),
      Math.max(...sources.map((source) => pick(source)[1])),
    ];
    const stride = widest((field) => field.stride);
    const size = widest((field) => field.size);
    const kernel = intsAttribute(node, 'kernel_shape') ?? builder.get(node.inputs[1] ?? '')?.shape.slice(2);
    let field: ReceptiveField = { stride, size };
    if (global.has(node.opType)) field = whole;
    else if (['Conv', 'MaxPool', 'AveragePool'].includes(node.opType) && kernel) {
      const strides = intsAttribute(node, 'strides') ?? [1, 1];
      const dilations = intsAttribute(node, 'dilations') ?? [1, 1];
      const grow = (axis: 0 | 1): number => size[axis] + (kernel[axis]! - 1) * dilations[axis]! * stride[axis];
      field = { stride: [stride[0] * strides[0]!, stride[1] * strides[1]!], size: [grow(0), grow(1)] };
    }
    for (const output of node.outputs) fields.set(output, field);
  }
  return fields;
}
