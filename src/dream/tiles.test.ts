import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../test/mutate.js';
import { placeTiles, planTiles, type TiledAxis, type TileSpan } from './tiles.js';

/** One side of a picture: as it is planned and, for a few steps, placed. */
interface Side {
  readonly size: number;
  readonly tile: number;
  readonly stride: number;
  readonly axis: TiledAxis;
  readonly steps: readonly TileSpan[][];
}

function side(size: number, tile: number, stride: number, steps = 3): Side {
  const axis = planTiles({ width: size, height: 1 }, tile, { horizontal: stride, vertical: 1 }).horizontal;
  const places = Array.from({ length: steps }, (_, step) => placeTiles(size, axis, 7, 0, step, 2));
  return { size, tile, stride, axis, steps: places };
}

/** Sides of all sizes, cut by all tiles: every size near one to three tiles, and a few hundred seeded ones. */
function* manySides(): Generator<Side> {
  for (let size = 60; size <= 200; size++) yield side(size, 64, 8);
  for (let size = 600; size <= 2100; size += 7) yield side(size, 512, 16);
  const random = seededRandom(11);
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  for (let i = 0; i < 400; i++) {
    const tile = between(16, 600);
    yield side(between(1, 12 * tile), tile, [1, 2, 4, 8, 12, 16, 32][between(0, 6)]!);
  }
}

/** Fails with the side it fails for. */
function hold(fact: boolean, { size, tile, stride }: Side, what: string): void {
  if (!fact) expect.fail(`${what}: side ${size}, tile ${tile}, stride ${stride}`);
}

describe('a side', () => {
  test('up to a quarter longer than a tile stays whole', () => {
    for (const size of [1, 100, 512, 640]) {
      expect(side(size, 512, 16).axis).toEqual({ length: size, count: 1, grid: 1 });
      expect(side(size, 512, 16).steps[0]).toEqual([{ start: 0, weights: new Float32Array(size).fill(1) }]);
    }
    expect(side(641, 512, 16).axis.count).toBe(2);
  });

  test('is never cut by tiles of 0', () =>
    expect(side(30_000, 0, 16).axis).toEqual({ length: 30_000, count: 1, grid: 1 }));

  test('is planned apart from the other', () => {
    const tiling = planTiles({ width: 2000, height: 300 }, 512, { horizontal: 16, vertical: 8 });
    expect(tiling.vertical).toEqual({ length: 300, count: 1, grid: 1 });
    expect(tiling.horizontal).toEqual({ length: 512, count: 5, grid: 16 });
  });
});

describe('tiles of every side', () => {
  test('lie inside it, the first at its beginning and the last at its end, and none begins where another does', () => {
    for (const each of manySides()) {
      for (const spans of each.steps) {
        const starts = spans.map(({ start }) => start);
        hold(starts[0] === 0 && starts.at(-1)! + each.axis.length === each.size, each, 'ends');
        hold(
          starts.every((start, i) => Number.isInteger(start) && (i === 0 || start > starts[i - 1]!)),
          each,
          'order',
        );
      }
    }
  });

  test('have weights that add to 1 at every element, to the last one', () => {
    let elements = 0;
    for (const each of manySides()) {
      for (const spans of each.steps) {
        const totals = new Float64Array(each.size);
        for (const { start, weights } of spans) {
          hold(
            weights.every((weight) => weight >= 0 && weight <= 1),
            each,
            'weights from 0 to 1',
          );
          weights.forEach((weight, j) => {
            totals[start + j]! += weight;
          });
        }
        hold(
          totals.every((total) => Math.abs(total - 1) < 1e-6),
          each,
          'sum',
        );
        elements += each.size;
      }
    }
    expect(elements).toBeGreaterThan(1e6);
  });

  test('are all of one length, less than a stride shorter and at most an eighth longer than asked for', () => {
    for (const each of manySides()) {
      const { length, count } = each.axis;
      for (const spans of each.steps) {
        hold(spans.length === count && spans.every(({ weights }) => weights.length === length), each, 'lengths');
      }
      if (count > 1) hold(length <= each.tile * 1.125 && length > each.tile - each.stride, each, 'length');
    }
  });

  test('start on the grid of the stride, unless that is more than half a tile', () => {
    for (const each of manySides()) {
      const { axis, stride, tile } = each;
      hold(axis.grid === (axis.count > 1 && 2 * stride <= tile ? stride : 1), each, 'grid');
      for (const spans of each.steps)
        hold(
          spans.every(({ start }) => start % axis.grid === 0),
          each,
          'grid',
        );
    }
  });

  test('overlap by a quarter, as far as the grid allows', () => {
    for (const each of manySides()) {
      const { length, count, grid } = each.axis;
      for (const spans of each.steps) {
        for (let i = 1; i < count; i++) {
          const gap = spans[i]!.start - spans[i - 1]!.start;
          hold(gap === grid || length - gap >= Math.round(length / 4), each, 'overlap');
        }
      }
    }
  });

  test('are as few as that overlap allows, and no longer for it than they need to be', () => {
    const covered = (length: number, count: number, grid: number) =>
      length + (count - 1) * Math.max(grid, Math.floor((length - Math.max(1, Math.round(length / 4))) / grid) * grid);
    for (const each of manySides()) {
      const { length, count, grid } = each.axis;
      if (count === 1) continue;
      hold(covered(length, count, grid) >= each.size, each, 'enough');
      hold(length <= each.tile || covered(length - grid, count, grid) < each.size, each, 'no longer');
      hold(covered(each.tile * 1.125 - grid, count - 1, grid) < each.size, each, 'not one less');
    }
  });
});

describe('borders', () => {
  test('move from step to step wherever there is room', () => {
    const { steps, axis } = side(1500, 512, 16, 40);
    expect(axis.count).toBe(4);
    for (const inner of [1, 2]) {
      const starts = new Set(steps.map((spans) => spans[inner]!.start));
      expect(starts.size).toBeGreaterThan(5);
    }
  });

  test('are the same in the same step', () => {
    expect(side(1500, 512, 16, 4)).toEqual(side(1500, 512, 16, 4));
  });

  test('fade in a straight line over the inner half of what two tiles share', () => {
    const { steps } = side(912, 512, 1, 1);
    const [first, second] = steps[0]!;
    const overlap = first!.weights.length - second!.start;
    expect(overlap).toBe(130);
    const expected = (j: number) => Math.min(Math.max((j + 0.5 - 32.5) / 65, 0), 1);
    for (let j = 0; j < overlap; j++) expect(second!.weights[j]).toBeCloseTo(expected(j), 6);
    expect(second!.weights[overlap]).toBe(1);
  });
});
