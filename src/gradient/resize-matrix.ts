import { floatAttribute, intAttribute, type ResizedAxis, stringAttribute } from '../graph/index.js';
import type { Node } from '../onnx/index.js';

const { fround } = Math;

/**
 * What Resize does along one axis, as a matrix: row `i` holds how much of each element of the input is in element `i`
 * of the output. The formulas are those of https://onnx.ai/onnx/operators/onnx__Resize.html. Positions are computed in
 * float32, as onnxruntime does: which neighbour is nearest may depend on the last bit.
 *
 * @returns `[to, from]` in row-major order
 */
export function resizeMatrix(node: Node, axis: ResizedAxis): Float32Array {
  const { from, to } = axis;
  const matrix = new Float32Array(to * from);
  const transformation = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  const cropped = transformation === 'tf_crop_and_resize';
  for (let i = 0; i < to; i++) {
    const x = axis.scale === 1 && !cropped ? i : positionInInput(transformation, i, axis);
    // Outside of the picture there is the extrapolation value, which does not depend on it.
    if (cropped && (x < 0 || x > from - 1)) continue;
    for (const [tap, weight] of tapsOf(node, x, axis)) matrix[i * from + tap]! += weight;
  }
  return matrix;
}

/** Where element `i` of the output lies in the input. */
function positionInInput(transformation: string, i: number, { from, to, scale, region: [start, end] }: ResizedAxis) {
  const halfPixel = fround(fround(fround(i + 0.5) / scale) - 0.5);
  switch (transformation) {
    case 'asymmetric':
      return fround(i / scale);
    case 'pytorch_half_pixel':
      return to > 1 ? halfPixel : 0;
    case 'tf_half_pixel_for_nn':
      return fround(fround(i + 0.5) / scale);
    case 'align_corners':
      return to === 1 ? 0 : fround((i * (from - 1)) / (to - 1));
    case 'half_pixel_symmetric': {
      const adjustment = fround(to / fround(scale * from));
      const offset = fround((from / 2) * fround(1 - adjustment));
      return fround(offset + (i + 0.5) / scale - 0.5);
    }
    case 'tf_crop_and_resize': {
      if (to === 1) return fround(0.5 * (start + end) * (from - 1));
      return fround(start * (from - 1) + (i * (end - start) * (from - 1)) / (to - 1));
    }
    default:
      return halfPixel;
  }
}

/** The elements that a position is made of, and how much of each. Beyond the ends there are the end elements. */
function tapsOf(node: Node, x: number, { from, scale }: ResizedAxis): [tap: number, weight: number][] {
  const inside = (tap: number): number => Math.min(Math.max(tap, 0), from - 1);
  const mode = stringAttribute(node, 'mode', 'nearest');
  if (mode === 'nearest') return [[inside(nearest(stringAttribute(node, 'nearest_mode', 'round_prefer_floor'), x)), 1]];
  const antialias = intAttribute(node, 'antialias', 0) === 1;
  const cubic = mode === 'cubic';
  // Shrinking with antialias makes the filter as wide as what one element of the output covers.
  const widened = antialias ? Math.max(1, 1 / scale) : 1;
  const support = (cubic ? 2 : 1) * widened;
  const excluding = intAttribute(node, 'exclude_outside', 0) === 1 && (cubic || antialias);
  const sharpness = floatAttribute(node, 'cubic_coeff_a', -0.75);
  const taps: [number, number][] = [];
  for (let tap = Math.floor(x - support + 1); tap < Math.floor(x + support + 1); tap++) {
    if (excluding && tap !== inside(tap)) continue;
    const distance = Math.abs(tap - x) / widened;
    taps.push([inside(tap), cubic ? cubicWeight(distance, sharpness) : Math.max(0, 1 - distance)]);
  }
  const total = taps.reduce((sum, [, weight]) => sum + weight, 0);
  return taps.map(([tap, weight]) => [tap, weight / total]);
}

function nearest(mode: string, x: number): number {
  switch (mode) {
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5);
    default:
      return Math.ceil(x - 0.5);
  }
}

/** The convolution kernel of Keys (1981), 0 from a distance of 2 on. */
function cubicWeight(d: number, a: number): number {
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}
