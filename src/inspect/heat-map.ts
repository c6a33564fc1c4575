import { inferno, luma, type Picture, type Size } from '../image/index.js';
import type { LayerActivations } from './activations.js';

/** How much of a heat's colour lies over the picture where it is coldest, and where it is hottest. */
const opacity = { cold: 0.5, hot: 0.85 };

/**
 * The activations of one channel at every pixel of a picture, where they look at it: bilinear between the centres of the
 * elements' receptive fields, and constant beyond the outermost ones.
 *
 * @param size of the map; it shows the whole picture, whichever its size
 * @returns `[height, width]`, in the units of the activations
 */
export function activationMap(layer: LayerActivations, channel: number, size: Size): Float32Array {
  const { shape, field, pictureSize } = layer;
  const [, rows, columns] = shape;
  const values = layer.data.subarray(channel * rows * columns, (channel + 1) * rows * columns);
  const down = samples(pictureSize.height, size.height, rows, field.centre[0], field.stride[0]);
  const across = samples(pictureSize.width, size.width, columns, field.centre[1], field.stride[1]);
  const map = new Float32Array(size.width * size.height);
  for (const [y, row] of down.entries()) {
    for (const [x, column] of across.entries()) {
      const between = (start: number): number => {
        const [left, right] = [values[start + column.first]!, values[start + column.second]!];
        return left + column.share * (right - left);
      };
      const upper = between(row.first * columns);
      map[y * size.width + x] = upper + row.share * (between(row.second * columns) - upper);
    }
  }
  return map;
}

/**
 * A channel's activations as heat: {@link inferno} from 0, or the lowest of them where that is below 0, to the highest.
 *
 * @param size of the result, which shows the whole picture that was looked at
 */
export function heatMap(layer: LayerActivations, channel: number, { width, height }: Size): Picture {
  const heats = heatOf(layer, channel, { width, height });
  const data = new Float32Array(3 * heats.length);
  for (const [i, heat] of heats.entries()) {
    const colour = inferno(heat);
    for (let plane = 0; plane < 3; plane++) data[plane * heats.length + i] = colour[plane]!;
  }
  return { width, height, data };
}

/**
 * A channel's heat over the picture that was looked at, which is grey so that all colour is heat. The hotter a place, the
 * less of the picture shows through, lest dark places make the hottest look cold.
 *
 * @param picture that picture, at any size
 */
export function heatOverlay(layer: LayerActivations, channel: number, picture: Picture): Picture {
  const { width, height } = picture;
  const heats = heatOf(layer, channel, picture);
  const grey = luma(picture.data);
  const data = new Float32Array(3 * heats.length);
  for (const [i, heat] of heats.entries()) {
    const colour = inferno(heat);
    const share = opacity.cold + heat * (opacity.hot - opacity.cold);
    for (let plane = 0; plane < 3; plane++) {
      data[plane * heats.length + i] = share * colour[plane]! + (1 - share) * grey[i]!;
    }
  }
  return { width, height, data };
}

/** A channel's activations from 0 for the lowest, or for 0 where none is below, to 1 for the highest. */
function heatOf(layer: LayerActivations, channel: number, size: Size): Float32Array {
  const map = activationMap(layer, channel, size);
  const low = map.reduce((least, value) => Math.min(least, value), 0);
  const high = map.reduce((most, value) => Math.max(most, value), low);
  return map.map((value) => (value - low) / (high - low || 1));
}

/** For each pixel of an axis the two elements it lies between, and how far it is on the way to the second. */
function samples(pictureLength: number, length: number, count: number, centre: number, stride: number) {
  // Where the place of an element is not known, they are spread evenly.
  const isKnown = Number.isFinite(centre);
  const step = isKnown ? stride : pictureLength / count;
  const first = isKnown ? centre : step / 2;
  return Array.from({ length }, (_, i) => {
    const pixel = ((i + 0.5) * pictureLength) / length;
    const element = Math.min(Math.max((pixel - first) / step, 0), count - 1);
    const below = Math.min(Math.floor(element), Math.max(0, count - 2));
    return { first: below, second: Math.min(below + 1, count - 1), share: element - below };
  });
}
