import { describe, expect, test } from 'vitest';
import { modelOf, node } from '../../test/run-model.js';
import { Network } from '../models/index.js';
import { elementWeights, shareLayers } from './element-weights.js';
import { parseLayers } from './layers.js';
import type { ObjectiveKind } from './objectives/activity.js';
import { buildStepGraph } from './step-graph.js';
import { placeTiles, planTiles } from './tiles.js';

// Windows without padding: a tile has no elements at its outermost pixels.
const network = new Network(
  modelOf({
    inputs: { x: ['N', 3, 'H', 'W'] },
    outputs: { y: 4 },
    nodes: [
      node('MaxPool', ['x'], ['fine'], { kernel_shape: [3, 3], strides: [2, 2] }),
      node('MaxPool', ['fine'], ['y'], { kernel_shape: [3, 3], strides: [2, 2] }),
    ],
  }),
  { name: 'test.onnx', sha256: '0'.repeat(64) },
);

/** For every element of a layer in the whole picture, the sum of what tiles count it. */
function totals(layers: string, kind: ObjectiveKind, border = 0, size = { width: 203, height: 147 }) {
  const objective = { layers: parseLayers(layers, network), kind, border, shared: true };
  const tiling = planTiles(size, 64, { horizontal: 4, vertical: 4 });
  const { length: width } = tiling.horizontal;
  const { length: height } = tiling.vertical;
  const { grids } = buildStepGraph(network, width, height, objective);
  const shares = shareLayers(network, grids, size, objective);
  const names = objective.layers.map(({ name }) => name);
  const wholes = network.at(size.width, size.height, names).values.map(({ shape }) => shape);
  return shares.map((share, i) => {
    const [, , rows, columns] = wholes[i] as [number, number, number, number];
    const sums = new Float64Array(rows * columns);
    for (const row of placeTiles(size.height, tiling.vertical, 1, 2)) {
      for (const column of placeTiles(size.width, tiling.horizontal, 3, 4)) {
        const { stride } = grids[i]!;
        const [top, left] = [row.start / stride.vertical, column.start / stride.horizontal];
        elementWeights(share, row, column)?.forEach((weight, at) => {
          const [x, y] = [at % grids[i]!.columns, Math.floor(at / grids[i]!.columns)];
          sums[(top + y) * columns + left + x]! += weight;
        });
      }
    }
    return { sums, rows, columns };
  });
}

describe('the elements of layers', () => {
  test('are each counted once over all tiles, fine and coarse layers alike', () => {
    const both = totals('fine,y', 'sum');
    expect(both).toHaveLength(2);
    for (const { sums } of both) for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  });

  test('count as a mean over the picture, and over the channels that are chosen', () => {
    const [all, one] = totals('y,y[1]', 'mean');
    expect(all!.sums[0]! * all!.sums.length * 3).toBeCloseTo(1, 5);
    expect(one!.sums[0]! * one!.sums.length).toBeCloseTo(1, 5);
  });

  test('do not count along the border of the picture, and do along those of tiles', () => {
    const [{ sums, rows, columns }] = totals('y', 'sum', 2) as [ReturnType<typeof totals>[number]];
    sums.forEach((sum, i) => {
      const [x, y] = [i % columns, Math.floor(i / columns)];
      const inside = x >= 2 && x < columns - 2 && y >= 2 && y < rows - 2;
      expect(sum).toBeCloseTo(inside ? 1 : 0, 5);
    });
  });

  test('count at one place, whichever tiles it lies in', () => {
    const [{ sums, columns }] = totals('y@14,20', 'mean') as [ReturnType<typeof totals>[number]];
    sums.forEach((sum, i) => {
      expect(sum).toBeCloseTo(i === 20 * columns + 14 ? 1 / 3 : 0, 5);
    });
  });

  test('outside the layer are refused', () => {
    expect(() => totals('y@50,3', 'mean')).toThrow('--layers: y has places up to @49,35 at this size, got @50,3.');
  });
});
