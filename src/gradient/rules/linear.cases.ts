import { type AttributeValues, float } from '../../graph/index.js';
import { beside, type GradientCase, type GradientCases, random, type Shape, type Write } from '../write.cases.js';

const gemm =
  (a: Shape | 'x', b: Shape | 'x', c: Shape | 'x' | undefined, attributes: AttributeValues = {}): Write =>
  (g, x) => {
    const inputs = [a, b, c].map((shape, i) => (shape === 'x' ? x : shape && random(g, shape, i + 1)));
    return g.op('Gemm', inputs, attributes);
  };

const scaled: AttributeValues = { alpha: float(0.5), beta: float(-2) };

/** Matrix products: for every operator the ways to use it that could each go wrong on their own. */
export const linearCases: GradientCases = {
  MatMul: [
    { name: 'matrices, input on the left', shape: [3, 4], write: beside('MatMul', [4, 5]).left },
    { name: 'matrices, input on the right', shape: [3, 4], write: beside('MatMul', [5, 3]).right, reads: ['B'] },
    { name: 'batches, input on the left', shape: [2, 3, 4], write: beside('MatMul', [2, 4, 5]).left },
    { name: 'batches, input on the right', shape: [2, 3, 4], write: beside('MatMul', [2, 5, 3]).right, reads: ['B'] },
    { name: 'one matrix on the left of a batch', shape: [3, 4], write: beside('MatMul', [2, 6, 4, 5]).left },
    {
      name: 'one matrix on the right of a batch',
      shape: [4, 5],
      write: beside('MatMul', [2, 3, 4]).right,
      reads: ['B'],
    },
    { name: 'a batch of 1 stretches, left', shape: [1, 3, 4], write: beside('MatMul', [2, 4, 5]).left },
    {
      name: 'a batch of 1 stretches, right',
      shape: [2, 1, 3, 4],
      write: beside('MatMul', [5, 2, 3]).right,
      reads: ['B'],
    },
    { name: 'vector · matrix, input is the vector', shape: [4], write: beside('MatMul', [4, 5]).left },
    { name: 'vector · matrix, input is the matrix', shape: [4, 5], write: beside('MatMul', [4]).right, reads: ['B'] },
    { name: 'matrix · vector, input is the matrix', shape: [4, 5], write: beside('MatMul', [5]).left },
    { name: 'matrix · vector, input is the vector', shape: [5], write: beside('MatMul', [4, 5]).right, reads: ['B'] },
    { name: 'vector · batch, input is the vector', shape: [4], write: beside('MatMul', [2, 4, 5]).left },
    { name: 'vector · batch, input is the batch', shape: [2, 4, 5], write: beside('MatMul', [4]).right, reads: ['B'] },
    { name: 'batch · vector, input is the batch', shape: [2, 4, 5], write: beside('MatMul', [5]).left },
    { name: 'batch · vector, input is the vector', shape: [5], write: beside('MatMul', [2, 4, 5]).right, reads: ['B'] },
    { name: 'vector · vector', shape: [5], write: beside('MatMul', [5]).left },
    { name: 'vector · vector, input on the right', shape: [5], write: beside('MatMul', [5]).right, reads: ['B'] },
    {
      name: 'x · xᵀ, a Gram matrix',
      shape: [3, 4],
      write: (g, x) => g.op('MatMul', [x, g.op('Transpose', [x])]),
      reads: ['A'],
      curved: true,
    },
  ],
  Gemm: [
    ...[0, 1].flatMap((transA) =>
      [0, 1].flatMap((transB): GradientCase[] => {
        const turned = `${transA ? 'Aᵀ' : 'A'} · ${transB ? 'Bᵀ' : 'B'}`;
        const [a, b] = [transA ? [4, 3] : [3, 4], transB ? [5, 4] : [4, 5]];
        const attributes = { ...scaled, transA, transB };
        return [
          { name: `${turned}, input A`, shape: a, write: gemm('x', b, [5], attributes) },
          { name: `${turned}, input B`, shape: b, write: gemm(a, 'x', [5], attributes), reads: ['B'] },
        ];
      }),
    ),
    { name: 'without C', shape: [3, 4], write: gemm('x', [4, 5], undefined) },
    { name: 'input C, a row', shape: [5], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    { name: 'input C, a column', shape: [3, 1], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    { name: 'input C, a scalar', shape: [], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    { name: 'input C, a matrix', shape: [3, 5], write: gemm([3, 4], [4, 5], 'x', scaled), reads: ['C'] },
    {
      name: 'the same value as A and B',
      shape: [3, 3],
      write: gemm('x', 'x', [3], scaled),
      reads: ['A', 'B'],
      curved: true,
    },
  ],
};
