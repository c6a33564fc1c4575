import { type InSlices, inSlicesWith, type Size, type StoredRaster } from '../image/index.js';
import type { FloatTensor, Session } from '../platform/platform.js';
import { elementWeights, type SharedLayer } from './element-weights.js';
import { placeTiles, type TileSpan, type Tiling } from './tiles.js';
import { draws, type View } from './view.js';

/** Where in the dream a gradient is computed; its random draws follow from this. */
export interface GradientPlace {
  readonly seed: number;
  readonly octave: number;
  readonly step: number;
}

/** How a gradient is computed. */
export interface TiledGradientOptions {
  /** Size of the view, in pixels. */
  readonly size: Size;
  /** How the view is cut. */
  readonly tiling: Tiling;
  /** How the picture lies under the network. */
  readonly view: View;
  /** How the tiles share the layers' elements; absent where each tile's gradient fades into its neighbours' instead. */
  readonly shared?: readonly SharedLayer[] | undefined;
  /** What else the graph is fed. */
  readonly feeds?: Readonly<Record<string, FloatTensor>> | undefined;
  /** Other pictures of the same size that the graph sees at the same places, by its inputs. */
  readonly others?: Readonly<Record<string, StoredRaster>> | undefined;
  readonly place: GradientPlace;
  /** Where the gradient goes: three planes of the picture's size. */
  readonly gradient: StoredRaster;
  /** How the long work of reading and adding is done; default: without breaks. */
  readonly inSlices?: InSlices;
}

/**
 * Computes the gradient of a picture: runs every tile of what the network is shown, and puts the tiles' gradients
 * together. Every pixel gets a gradient.
 *
 * @param picture three planes in the network's range
 * @returns the objective: the sum over the tiles where they share their layers, else their mean
 */
export async function tiledGradient(
  session: Session,
  inputName: string,
  picture: StoredRaster,
  options: TiledGradientOptions,
): Promise<number> {
  const { size, tiling, view, shared, feeds, others = {}, place, gradient } = options;
  const { inSlices = inSlicesWith(undefined) } = options;
  const at = [place.seed, place.octave, place.step] as const;
  const columns = placeTiles(size.width, tiling.horizontal, ...at, draws.columns);
  const rows = placeTiles(size.height, tiling.vertical, ...at, draws.rows);
  const [width, height] = [tiling.horizontal.length, tiling.vertical.length];

  const isWhole = rows.length * columns.length === 1;
  await inSlices(gradient.clear());
  let objective = 0;
  for (const row of rows) {
    for (const column of columns) {
      const weights = shared && weightsOf(shared, row, column);
      if (shared && !weights) continue;
      const rectangle = { left: column.start, top: row.start, width, height };
      const tiles: Record<string, FloatTensor> = {};
      for (const [name, raster] of Object.entries({ ...others, [inputName]: picture })) {
        tiles[name] = { dims: [1, 3, height, width], data: await inSlices(view.read(raster, rectangle)) };
      }
      const outputs = await session.run({ ...tiles, ...weights, ...copied(feeds) });
      objective += outputs['objective']!.data[0]! / (shared ? 1 : rows.length * columns.length);
      const fade = shared || isWhole ? undefined : { columns: column.weights, rows: row.weights };
      await inSlices(view.add(gradient, rectangle, outputs['gradient']!.data, fade));
    }
  }
  return objective;
}

/** What a tile's elements count, by the graph's inputs; undefined where none of them does. */
function weightsOf(
  shared: readonly SharedLayer[],
  row: TileSpan,
  column: TileSpan,
): Record<string, FloatTensor> | undefined {
  const weights = shared.map((layer) => elementWeights(layer, row, column));
  if (weights.every((data) => !data)) return undefined;
  return Object.fromEntries(
    shared.map(({ inputName, vertical, horizontal }, i) => {
      const dims = [1, 1, vertical.count, horizontal.count];
      return [inputName, { dims, data: weights[i] ?? new Float32Array(vertical.count * horizontal.count) }];
    }),
  );
}

/** A run takes its tensors over, and these are needed again. */
function copied(feeds: Readonly<Record<string, FloatTensor>> = {}): Record<string, FloatTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dims, data }]) => [name, { dims, data: data.slice() }]),
  );
}
