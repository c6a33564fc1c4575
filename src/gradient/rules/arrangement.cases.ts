import type { AttributeValues } from '../../graph/index.js';
import { apply, type GradientCases, random, type Write } from '../write.cases.js';

const split =
  (parts: number, use: readonly number[], attributes: AttributeValues, sizes?: readonly number[]): Write =>
  (g, x) => {
    const outputs = g.multi('Split', sizes ? [x, g.ints(sizes)] : [x], attributes, parts);
    return use.map((index) => outputs[index]!);
  };

const slice =
  (starts: readonly number[], ends: readonly number[], axes?: readonly number[], steps?: readonly number[]): Write =>
  (g, x) =>
    g.op('Slice', [x, g.ints(starts), g.ints(ends), axes && g.ints(axes), steps && g.ints(steps)]);

const pad =
  (mode: string, pads: readonly number[], axes?: readonly number[]): Write =>
  (g, x) =>
    g.op('Pad', [x, g.ints(pads), undefined, axes && g.ints(axes)], { mode });

/** Operators that move, cut, join or pad: for every operator the ways to use it that could each go wrong on their own. */
export const arrangementCases: GradientCases = {
  Concat: [
    {
      name: 'channels, first of three',
      shape: [2, 3, 2, 2],
      write: (g, x) => g.op('Concat', [x, random(g, [2, 1, 2, 2]), random(g, [2, 2, 2, 2])], { axis: 1 }),
      reads: ['...'],
    },
    {
      name: 'channels, in the middle',
      shape: [2, 3, 2, 2],
      write: (g, x) => g.op('Concat', [random(g, [2, 1, 2, 2]), x, random(g, [2, 2, 2, 2])], { axis: 1 }),
      reads: ['...'],
    },
    {
      name: 'spatial axis, counted from the end',
      shape: [1, 2, 3, 4],
      write: (g, x) => g.op('Concat', [random(g, [1, 2, 2, 4]), x], { axis: -2 }),
      reads: ['...'],
    },
    {
      name: 'the same value twice',
      shape: [1, 2, 3],
      write: (g, x) => g.op('Concat', [x, random(g, [1, 1, 3]), x], { axis: 1 }),
      reads: ['...'],
    },
    { name: 'a single value', shape: [2, 3], write: apply('Concat', { axis: 0 }), reads: ['...'] },
  ],
  Split: [
    { name: 'equal parts', shape: [2, 6, 3], write: split(3, [0, 1, 2], { axis: 1, num_outputs: 3 }) },
    { name: 'a smaller last part', shape: [2, 7, 3], write: split(3, [0, 1, 2], { axis: 1, num_outputs: 3 }) },
    { name: 'unequal parts', shape: [2, 6, 3], write: split(3, [0, 1, 2], { axis: 1 }, [1, 3, 2]) },
    { name: 'a part that nothing uses', shape: [2, 6, 3], write: split(3, [0, 2], { axis: 1 }, [1, 3, 2]) },
    { name: 'only the last part used, negative axis', shape: [2, 5], write: split(2, [1], { axis: -1 }, [2, 3]) },
    {
      name: 'parts that meet again',
      shape: [1, 4, 3],
      write: (g, x) => {
        const [a, b] = g.multi('Split', [x], { axis: 1, num_outputs: 2 }, 2);
        return g.op('Mul', [a, b]);
      },
      curved: true,
    },
  ],
  Slice: [
    { name: 'all axes by position', shape: [4, 5], write: slice([1, 2], [3, 5]) },
    { name: 'one axis', shape: [2, 5, 3], write: slice([1], [4], [1]) },
    { name: 'counted from the end', shape: [2, 5, 3], write: slice([-4], [-1], [-2]) },
    { name: 'to the end', shape: [2, 5, 3], write: slice([2], [Number.MAX_SAFE_INTEGER], [1]) },
    { name: 'step 2', shape: [2, 7, 4], write: slice([1, 0], [7, 4], [1, 2], [2, 2]) },
    { name: 'step 3 that does not divide', shape: [8], write: slice([0], [8], [0], [3]) },
    { name: 'step −1 turns around', shape: [2, 5], write: slice([-1], [-(2 ** 40)], [1], [-1]) },
    { name: 'step −2 within', shape: [2, 8], write: slice([6], [0], [1], [-2]) },
    {
      name: 'steps on two axes, cut on a third',
      shape: [3, 6, 5],
      write: slice([1, 5, 0], [3, 0, 5], [0, 1, 2], [1, -2, 2]),
    },
    { name: 'everything', shape: [2, 3], write: slice([0], [3], [1]) },
  ],
  Pad: [
    { name: 'constant', shape: [1, 2, 3, 4], write: pad('constant', [0, 1, 1, 2, 0, 0, 3, 1]) },
    {
      name: 'constant 5 on named axes',
      shape: [1, 2, 3, 4],
      write: (g, x) => g.op('Pad', [x, g.ints([1, 2, 0, 1]), g.scalar(5), g.ints([-1, 2])]),
    },
    {
      name: 'constant, negative amounts crop',
      shape: [1, 2, 5, 6],
      write: pad('constant', [0, 0, -1, 2, 0, 0, 1, -3]),
    },
    { name: 'constant, crops on both sides', shape: [6, 5], write: pad('constant', [-2, -1, -1, -2]) },
    { name: 'reflect', shape: [1, 2, 4, 5], write: pad('reflect', [0, 0, 2, 3, 0, 0, 3, 1]) },
    { name: 'reflect on named axes', shape: [2, 5], write: pad('reflect', [4, 4], [1]) },
    { name: 'reflect, one side cropped', shape: [2, 6], write: pad('reflect', [0, -2, 0, 3]) },
    { name: 'edge', shape: [1, 2, 3, 4], write: pad('edge', [0, 0, 2, 5, 0, 0, 1, 3]) },
    { name: 'edge, one side cropped', shape: [2, 6], write: pad('edge', [0, -2, 0, 3]) },
    { name: 'wrap', shape: [1, 2, 3, 4], write: pad('wrap', [0, 0, 2, 3, 0, 0, 1, 4]), opset: 19 },
    { name: 'wrap, one side cropped', shape: [2, 6], write: pad('wrap', [0, -2, 0, 3]), opset: 19 },
    { name: 'nothing', shape: [2, 3], write: pad('constant', [0, 0, 0, 0]) },
  ],
  Reshape: [
    {
      name: '0 keeps a size, −1 takes the rest',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Reshape', [x, g.ints([0, -1])]),
    },
    { name: 'to a vector', shape: [2, 3, 4], write: (g, x) => g.op('Reshape', [x, g.ints([-1])]) },
    { name: 'with more axes', shape: [6, 4], write: (g, x) => g.op('Reshape', [x, g.ints([2, 3, 1, 4])]) },
  ],
  Flatten: [
    { name: 'default axis', shape: [2, 3, 4, 5], write: apply('Flatten') },
    { name: 'axis 2', shape: [2, 3, 4, 5], write: apply('Flatten', { axis: 2 }) },
    { name: 'axis 0', shape: [2, 3], write: apply('Flatten', { axis: 0 }) },
    { name: 'negative axis', shape: [2, 3, 4], write: apply('Flatten', { axis: -1 }) },
  ],
  Transpose: [
    { name: 'NCHW to NHWC', shape: [2, 3, 4, 5], write: apply('Transpose', { perm: [0, 2, 3, 1] }) },
    { name: 'NHWC to NCHW', shape: [2, 4, 5, 3], write: apply('Transpose', { perm: [0, 3, 1, 2] }) },
    { name: 'all axes turned around', shape: [2, 3, 4], write: apply('Transpose') },
  ],
  Squeeze: [
    { name: 'named axes', shape: [1, 3, 1, 2], write: (g, x) => g.op('Squeeze', [x, g.ints([0, -2])]) },
    { name: 'all ones', shape: [1, 3, 1, 2], write: apply('Squeeze') },
  ],
  Unsqueeze: [{ name: 'first and last', shape: [3, 2], write: (g, x) => g.op('Unsqueeze', [x, g.ints([0, -1])]) }],
  Expand: [
    { name: 'ones stretch, axes are added', shape: [3, 1], write: (g, x) => g.op('Expand', [x, g.ints([2, 1, 4])]) },
    { name: 'nothing', shape: [3, 2], write: (g, x) => g.op('Expand', [x, g.ints([1])]) },
  ],
  Tile: [
    { name: 'two axes', shape: [2, 1, 3], write: (g, x) => g.op('Tile', [x, g.ints([2, 1, 3])]) },
    { name: 'a vector', shape: [4], write: (g, x) => g.op('Tile', [x, g.ints([3])]) },
  ],
  DepthToSpace: [
    { name: 'DCR', shape: [2, 12, 2, 3], write: apply('DepthToSpace', { blocksize: 2 }) },
    { name: 'CRD', shape: [2, 12, 2, 3], write: apply('DepthToSpace', { blocksize: 2, mode: 'CRD' }) },
    { name: 'blocks of 3', shape: [1, 9, 2, 1], write: apply('DepthToSpace', { blocksize: 3, mode: 'CRD' }) },
  ],
  SpaceToDepth: [{ name: 'blocks of 2', shape: [2, 3, 4, 6], write: apply('SpaceToDepth', { blocksize: 2 }) }],
};
