import { arrayRaster, mappedRaster, partsOf, planeOf, type Raster, readWhole, spansOf } from './raster.js';
import type { Sliced } from './sliced.js';
import { mean, standardDeviation } from './statistics.js';

/**
 * Moves and stretches the values of each plane until they have the mean and the standard deviation of the reference's.
 * A plane of one value takes the reference's mean.
 *
 * @param reference of any size, with as many planes
 * @returns what is computed as it is read
 */
export function* matchMeanAndDeviation(values: Raster, reference: Raster): Sliced<Raster> {
  const moves: { from: number; factor: number; to: number }[] = [];
  for (let plane = 0; plane < values.planes; plane++) {
    const [own, target] = [partsOf(planeOf(values, plane)), partsOf(planeOf(reference, plane))];
    const deviation = yield* standardDeviation(own);
    const factor = deviation === 0 ? 1 : (yield* standardDeviation(target)) / deviation;
    moves.push({ from: yield* mean(own), factor, to: yield* mean(target) });
  }
  return mappedRaster(values, (rows, { plane }) => {
    const { from, factor, to } = moves[plane]!;
    return rows.map((value) => (value - from) * factor + to);
  });
}

/**
 * Gives the values of each plane the distribution of the reference's: the k-th smallest value becomes the value of the
 * same rank in the reference. Equal values may become different ones; their order of position decides.
 *
 * @param values held in memory whole, and so is the result
 * @param reference of any size, with as many planes
 */
export function* matchHistogram(values: Raster, reference: Raster): Sliced<Raster> {
  const { planes, width, height } = values;
  const result = new Float32Array(planes * width * height);
  for (let i = 0; i < planes; i++) {
    const [plane, wanted] = [yield* readWhole(planeOf(values, i)), yield* readWhole(planeOf(reference, i))];
    const [order, wantedOrder] = [yield* positionsByValue(plane), yield* positionsByValue(wanted)];
    const target = result.subarray(i * plane.length, (i + 1) * plane.length);
    const ofRank = (rank: number): number => wanted[wantedOrder[rank]!]!;
    const [last, lastWanted] = [Math.max(plane.length - 1, 1), wanted.length - 1];
    for (const [start, end] of spansOf(plane.length)) {
      for (let rank = start; rank < end; rank++) {
        const at = (rank * lastWanted) / last;
        const below = Math.floor(at);
        const [value, above] = [ofRank(below), ofRank(Math.min(below + 1, lastWanted))];
        target[order[rank]!] = value + (above - value) * (at - below);
      }
      yield;
    }
  }
  return arrayRaster(result, values);
}

/**
 * The positions of values from the smallest value to the largest, equal values in their order: a radix sort by the values'
 * bits, turned so that they sort as the values do.
 */
function* positionsByValue(values: Float32Array): Sliced<Uint32Array> {
  const keys = new Uint32Array(values.length);
  let positions = new Uint32Array(values.length);
  let sorted = new Uint32Array(values.length);
  for (const [start, end] of spansOf(values.length)) {
    // Adding 0 makes a negative zero an ordinary one.
    const bits = new Uint32Array(values.subarray(start, end).map((value) => value + 0).buffer);
    for (let i = start; i < end; i++) {
      const own = bits[i - start]!;
      keys[i] = own >>> 31 ? ~own : own | 0x80000000;
      positions[i] = i;
    }
    yield;
  }
  for (let shift = 0; shift < 32; shift += digitBits) {
    const next = yield* firstPlaces(keys, shift);
    for (const [start, end] of spansOf(values.length)) {
      for (let i = start; i < end; i++) {
        const position = positions[i]!;
        const digit = (keys[position]! >>> shift) % digits;
        sorted[next[digit]!++] = position;
      }
      yield;
    }
    [positions, sorted] = [sorted, positions];
  }
  return positions;
}

const digitBits = 11;
const digits = 2 ** digitBits;

/** Where the first of the keys with each digit goes when they are sorted by it. */
function* firstPlaces(keys: Uint32Array, shift: number): Sliced<Uint32Array> {
  const counts = new Uint32Array(digits);
  for (const [start, end] of spansOf(keys.length)) {
    for (let i = start; i < end; i++) counts[(keys[i]! >>> shift) % digits]!++;
    yield;
  }
  let place = 0;
  for (const [digit, count] of counts.entries()) {
    counts[digit] = place;
    place += count;
  }
  return counts;
}
