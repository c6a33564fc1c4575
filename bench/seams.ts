/**
 * Measures what is left of the borders between tiles: how strong the gradient of a picture in tiles is near them, beside
 * the gradient of the same picture in one piece.
 *
 *     node dist/bench/seams.js [tile…]
 *
 * Run from the root of the repository; default: tiles of 512.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shareLayers } from '../src/dream/element-weights.js';
import { drawInteger } from '../src/dream/random.js';
import { buildStepGraph, strideOf } from '../src/dream/step-graph.js';
import { tiledGradient } from '../src/dream/tiled-gradient.js';
import { placeTiles, planTiles, type Tiling } from '../src/dream/tiles.js';
import { draws, drawView } from '../src/dream/view.js';
import { arrayRaster, type Size } from '../src/image/index.js';
import type { Network } from '../src/models/index.js';
import {
  createNodePlatform,
  dreamOptionsOf,
  loadNetwork,
  readPictureFile,
  toNetwork,
} from '../src/platform/node/index.js';
import type { Platform } from '../src/platform/platform.js';

/** What is measured. */
export interface SeamOptions {
  readonly network: Network;
  readonly platform: Platform;
  /** `[3, H, W]` in the network's range. */
  readonly values: Float32Array;
  readonly size: Size;
  readonly layers: readonly string[];
  readonly tile: number;
  readonly jitter: number;
  /** Each draws another shift and other places of the tiles. */
  readonly seeds: readonly number[];
}

/**
 * The mean magnitude of the gradient near the borders of tiles, as a part of that elsewhere, both in units of the
 * gradient of the picture in one piece; 1 where no border shows.
 */
export interface Seams {
  /** Within 24 pixels of where tiles begin and end. */
  readonly edges: number;
  /** Within 24 pixels of the middles between two tiles. */
  readonly fades: number;
}

const reach = 24;
/** The outermost pixels of a picture are seen by fewer elements. */
const margin = 64;

/** Sums of magnitudes near borders and elsewhere, in tiles and in one piece. */
interface Sums {
  tiled: number;
  whole: number;
}

/** Measures one picture, over some places of the tiles. */
export async function measureSeams(options: SeamOptions): Promise<Seams> {
  const { network, platform, values, size, layers, tile, jitter, seeds } = options;
  const objective = { layers: layers.map((name) => ({ name, weight: 1 })), kind: 'mean' as const, border: 0 };
  const inOnePiece = planTiles(size, 0, { horizontal: 1, vertical: 1 });
  const inTiles = planTiles(size, tile, strideOf(network, size, layers));
  const gradients = async (tiling: Tiling): Promise<Float32Array[]> => {
    const shared = tiling !== inOnePiece;
    const { horizontal, vertical } = tiling;
    const graph = buildStepGraph(network, horizontal.length, vertical.length, { ...objective, shared });
    const session = await platform.createSession(graph.toBytes(platform));
    const found: Float32Array[] = [];
    for (const seed of seeds) {
      const gradient = new Float32Array(values.length);
      await tiledGradient(session, graph.inputName, arrayRaster(values, size), {
        size,
        tiling,
        view: drawView(size, dreamOptionsOf({ jitter }), [0, 0, 0], seed, 0, 0),
        ...(shared && { shared: shareLayers(network, graph.grids, size, { ...objective, shared }) }),
        place: { seed, octave: 0, step: 0 },
        gradient: arrayRaster(gradient, size),
      });
      found.push(gradient);
    }
    await session.close();
    return found;
  };
  const [whole, tiled] = [await gradients(inOnePiece), await gradients(inTiles)];
  const sums = { edges: none(), fades: none(), elsewhere: none() };
  seeds.forEach((seed, i) => {
    const near = (length: number, axis: 'horizontal' | 'vertical') =>
      nearBorders(length, inTiles[axis], {
        starts: placeTiles(length, inTiles[axis], seed, 0, 0, axis === 'horizontal' ? draws.columns : draws.rows),
        shift: drawInteger(-jitter, jitter, seed, 0, 0, axis === 'horizontal' ? draws.shiftX : draws.shiftY),
      });
    const [columns, rows] = [near(size.width, 'horizontal'), near(size.height, 'vertical')];
    tiled[i]!.forEach((value, at) => {
      const [x, y] = [at % size.width, Math.floor(at / size.width) % size.height];
      if (x < margin || y < margin || x >= size.width - margin || y >= size.height - margin) return;
      const kinds = [columns[x], rows[y]];
      const kind = kinds.includes('fades') ? 'fades' : kinds.includes('edges') ? 'edges' : 'elsewhere';
      sums[kind].tiled += Math.abs(value);
      sums[kind].whole += Math.abs(whole[i]![at]!);
    });
  });
  const strength = ({ tiled: a, whole: b }: Sums): number => a / b;
  const elsewhere = strength(sums.elsewhere);
  return { edges: strength(sums.edges) / elsewhere, fades: strength(sums.fades) / elsewhere };
}

function none(): Sums {
  return { tiled: 0, whole: 0 };
}

/** What each position of a side of the picture is near to. */
function nearBorders(
  size: number,
  { length }: Tiling['horizontal'],
  { starts, shift }: { starts: readonly { readonly start: number }[]; shift: number },
): ('edges' | 'fades' | undefined)[] {
  const near: ('edges' | 'fades' | undefined)[] = Array.from({ length: size });
  const mark = (line: number, kind: 'edges' | 'fades'): void => {
    for (let at = line - reach; at < line + reach; at++) near[(((at - shift) % size) + size) % size] = kind;
  };
  starts.slice(1).forEach(({ start }, i) => {
    const end = starts[i]!.start + length;
    mark(start, 'edges');
    mark(end, 'edges');
    mark(Math.round((start + end) / 2), 'fades');
  });
  return near;
}

async function main(tiles: readonly number[]): Promise<void> {
  const [network, platform] = [await loadNetwork(), await createNodePlatform()];
  const { picture } = await readPictureFile('examples/castle.jpg', { size: 1300 });
  const grey = new Float32Array(picture.data.length).fill(0.5);
  const layers = ['mixed3', 'mixed5'];
  for (const tile of tiles) {
    for (const [name, data] of [
      ['grey', grey],
      ['photo', picture.data],
    ] as const) {
      for (const jitter of [0, 32]) {
        const values = toNetwork(data, network.preprocessing);
        const seeds = [1, 2, 3, 4];
        const seams = await measureSeams({ network, platform, values, size: picture, layers, tile, jitter, seeds });
        const [edges, fades] = [seams.edges, seams.fades].map((ratio) => ratio.toFixed(4));
        console.log(`tile ${tile}, ${name}, jitter ${jitter}: edges ${edges}, fades ${fades}`);
      }
    }
  }
  await platform.close();
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.length > 2 ? process.argv.slice(2).map(Number) : [512]);
}
