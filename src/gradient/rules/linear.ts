import { floatAttribute, type GraphBuilder, intAttribute, type Value } from '../../graph/index.js';
import type { GradientRules } from '../rule.js';

/** Matrix products. */
export const linear = {
  // dA = dY Bᵀ, dB = Aᵀ dY; batch axes that were broadcast are summed back by the driver.
  MatMul: {
    A: ({ g, dY, inputs: [a, b] }) => {
      const product = g.op('MatMul', [asMatrixResult(g, dY, a!, b!), transposed(g, asColumn(g, b!))]);
      return a!.shape.length === 1 ? rowAsVector(g, product) : product;
    },
    B: ({ g, dY, inputs: [a, b] }) => {
      const product = g.op('MatMul', [transposed(g, asRow(g, a!)), asMatrixResult(g, dY, a!, b!)]);
      return b!.shape.length === 1 ? g.op('Reshape', [product, g.ints(product.shape.slice(0, -1))]) : product;
    },
  },
  // Y = α A' B' + β C, where ' is an optional transpose.
  Gemm: {
    A: ({ g, node, dY, inputs: [, b] }) => {
      const [transA, transB] = [intAttribute(node, 'transA', 0), intAttribute(node, 'transB', 0)];
      const alpha = g.scalar(floatAttribute(node, 'alpha', 1));
      const right = transB ? b! : transposed(g, b!);
      const product = transA ? g.op('MatMul', [transposed(g, right), transposed(g, dY)]) : g.op('MatMul', [dY, right]);
      return g.op('Mul', [product, alpha]);
    },
    B: ({ g, node, dY, inputs: [a] }) => {
      const [transA, transB] = [intAttribute(node, 'transA', 0), intAttribute(node, 'transB', 0)];
      const alpha = g.scalar(floatAttribute(node, 'alpha', 1));
      const left = transA ? a! : transposed(g, a!);
      const product = transB ? g.op('MatMul', [transposed(g, dY), transposed(g, left)]) : g.op('MatMul', [left, dY]);
      return g.op('Mul', [product, alpha]);
    },
    C: ({ g, node, dY }) => g.op('Mul', [dY, g.scalar(floatAttribute(node, 'beta', 1))]),
  },
} satisfies GradientRules;

/** Swaps the last two axes. */
function transposed(g: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return g.op('Transpose', [x], { perm: [...axes.slice(0, -2), axes.length - 1, axes.length - 2] });
}

function asRow(g: GraphBuilder, a: Value): Value {
  return a.shape.length === 1 ? g.op('Reshape', [a, g.ints([1, ...a.shape])]) : a;
}

function asColumn(g: GraphBuilder, b: Value): Value {
  return b.shape.length === 1 ? g.op('Reshape', [b, g.ints([...b.shape, 1])]) : b;
}

/** Puts back the row or column axis that MatMul drops for a vector. */
function asMatrixResult(g: GraphBuilder, dY: Value, a: Value, b: Value): Value {
  let shape = dY.shape;
  if (b.shape.length === 1) shape = [...shape, 1];
  if (a.shape.length === 1) shape = [...shape.slice(0, -1), 1, shape.at(-1)!];
  return shape === dY.shape ? dY : g.op('Reshape', [dY, g.ints(shape)]);
}

function rowAsVector(g: GraphBuilder, row: Value): Value {
  return g.op('Reshape', [row, g.ints([...row.shape.slice(0, -2), row.shape.at(-1)!])]);
}
