import { type GradientCases, random, type Shape, type Write } from '../write.cases.js';

const einsum =
  (equation: string, ...inputs: (Shape | 'x')[]): Write =>
  (g, x) =>
    g.op(
      'Einsum',
      inputs.map((shape, i) => (shape === 'x' ? x : random(g, shape, i + 1))),
      { equation },
    );

/** Sums of products: for every operator the ways to use it that could each go wrong on their own. */
export const einsumCases: GradientCases = {
  Einsum: [
    { name: 'a matrix product, left', shape: [2, 3], write: einsum('ij,jk->ik', 'x', [3, 4]), reads: ['...'] },
    { name: 'a matrix product, right', shape: [3, 4], write: einsum('ij,jk->ik', [2, 3], 'x'), reads: ['...'] },
    {
      name: 'attention scores',
      shape: [2, 3, 4, 5],
      write: einsum('bhqd,bhkd->bhqk', 'x', [2, 3, 6, 5]),
      reads: ['...'],
    },
    {
      name: 'behind an ellipsis that stretches',
      shape: [3, 4],
      write: einsum('...ij,jk->...ik', [5, 2, 3], 'x'),
      reads: ['...'],
    },
    { name: 'an ellipsis of ones', shape: [1, 2, 3], write: einsum('...ij,...jk', 'x', [4, 3, 2]), reads: ['...'] },
    { name: 'a transpose', shape: [2, 3], write: einsum('ij->ji', 'x'), reads: ['...'] },
    {
      name: 'a sum over a letter of its own',
      shape: [2, 3, 4],
      write: einsum('ijk,ik->i', 'x', [2, 4]),
      reads: ['...'],
    },
    { name: 'a sum over everything', shape: [2, 3], write: einsum('ij->', 'x'), reads: ['...'] },
    { name: 'three inputs', shape: [4], write: einsum('ij,j,k->ik', [2, 4], 'x', [3]), reads: ['...'] },
    {
      name: 'an outer product with itself',
      shape: [3],
      write: einsum('i,j->ij', 'x', 'x'),
      reads: ['...'],
      curved: true,
    },
  ],
};
