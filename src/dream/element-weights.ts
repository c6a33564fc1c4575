import { assert } from '../errors.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import { isMean, outsidePlace, withinBorder } from './objectives/layer-objective.js';
import type { LayerGrid, Objective } from './step-graph.js';
import type { TileSpan } from './tiles.js';

/** Elements of a layer along one side. */
interface ElementAxis {
  /** Elements in a tile. */
  readonly count: number;
  /** Pixels between neighbours. */
  readonly stride: number;
  /** The first element that counts, in the whole picture. */
  readonly first: number;
  /** The element after the last one that counts. */
  readonly end: number;
}

/** Which elements of a layer count, and how much, where a picture runs in tiles. */
export interface SharedLayer {
  /** The step graph's input that takes the weights of one tile, `[1, 1, rows, columns]`. */
  readonly inputName: string;
  readonly vertical: ElementAxis;
  readonly horizontal: ElementAxis;
  /** What every element is multiplied by, so that a sum over the tiles is a mean over the picture. */
  readonly factor: number;
}

/**
 * How the elements of an objective's layers are shared out among the tiles of a picture.
 *
 * Where tiles overlap, both compute the same elements. Each is counted in part by one and in part by the other, so that
 * the tiles' objectives add up to that of the whole picture, and their gradients to its gradient, but for what a tile
 * does not see beyond its edges.
 *
 * @param grids of the step graph of a tile
 * @param size of what is cut into tiles, in pixels
 * @throws OptionError `option/layer` when a place lies outside its layer
 */
export function shareLayers(
  network: Network,
  grids: readonly LayerGrid[],
  size: Size,
  objective: Objective,
): SharedLayer[] {
  const { layers, kind, border, picture = size } = objective;
  const names = layers.map(({ name }) => name);
  const shapes = sidesOf(network, size, names);
  const planned = layers.some(({ place }) => place) ? sidesOf(network, picture, names) : shapes;
  return grids.map(({ inputName, rows, columns, stride, channels }, i) => {
    const { name, place } = layers[i]!;
    const [whole, from] = [shapes[i]!, planned[i]!];
    if (place && (place.x >= from.width || place.y >= from.height)) throw outsidePlace(name, place, from);
    const axis = (count: number, step: number, total: number, at?: number, planned = total): ElementAxis => {
      if (at === undefined) return { count, stride: step, ...withinBorder(total, border) };
      const first = Math.floor(((at + 0.5) * total) / planned);
      return { count, stride: step, first, end: first + 1 };
    };
    const elements = channels * (place ? 1 : whole.width * whole.height);
    return {
      inputName,
      vertical: axis(rows, stride.vertical, whole.height, place?.y, from.height),
      horizontal: axis(columns, stride.horizontal, whole.width, place?.x, from.width),
      factor: isMean(kind) ? 1 / elements : 1,
    };
  });
}

/** How many columns and rows layers have in a picture. */
function sidesOf(network: Network, { width, height }: Size, names: readonly string[]): Size[] {
  return network.at(width, height, names).values.map(({ shape }) => {
    assert(shape.length === 4, 'a layer that is shared out has rows and columns');
    return { width: shape[3]!, height: shape[2]! };
  });
}

/**
 * The weights of one tile's elements, `[rows, columns]`, or undefined where none counts.
 *
 * @param row where the tile lies, and how much of every pixel is its own
 */
export function elementWeights(layer: SharedLayer, row: TileSpan, column: TileSpan): Float32Array | undefined {
  const rows = axisWeights(layer.vertical, row);
  const columns = axisWeights(layer.horizontal, column);
  const weights = new Float32Array(rows.length * columns.length);
  let any = false;
  rows.forEach((ofRow, y) => {
    columns.forEach((ofColumn, x) => {
      const weight = ofRow * ofColumn * layer.factor;
      weights[y * columns.length + x] = weight;
      any ||= weight !== 0;
    });
  });
  return any ? weights : undefined;
}

/** What a tile counts of each element along one side: the weight of the pixel that the element lies at. */
function axisWeights({ count, stride, first, end }: ElementAxis, { start, weights }: TileSpan): number[] {
  const before = Math.round(start / stride);
  const length = weights.length;
  return Array.from({ length: count }, (_, i) => {
    if (before + i < first || before + i >= end) return 0;
    // A layer lies in the middle of its tile. Where exactly is of no matter, as long as neighbours agree.
    const position = (length - 1) / 2 + (i - (count - 1) / 2) * stride;
    const pixel = Math.min(Math.max(Math.floor(position), 0), length - 1);
    const next = Math.min(pixel + 1, length - 1);
    return weights[pixel]! + (weights[next]! - weights[pixel]!) * Math.min(Math.max(position - pixel, 0), 1);
  });
}
