/**
 * Measures whether a dream shows where its tiles met: how much it has changed along their borders, beside how much
 * elsewhere, and the same for the same dream in one piece at the same places.
 *
 *     node dist/bench/seam-dreams.js [width…]
 *
 * Run from the root of the repository; takes some minutes. Default: pictures 830, 960 and 1300 pixels wide.
 */
import { drawInteger } from '../src/dream/random.js';
import { placeTiles, type TiledAxis } from '../src/dream/tiles.js';
import { draws } from '../src/dream/view.js';
import {
  createNodePlatform,
  dream,
  dreamOptionsOf,
  loadNetwork,
  type Network,
  type Picture,
  type Platform,
  planDream,
  readPictureFile,
} from '../src/platform/node/index.js';

const tile = 512;
const steps = 6;
const seeds = [1, 2];
/** Pixels on either side of a border that are near it. */
const reach = 24;
/** Rows and columns at the edge of the picture that are not looked at. */
const margin = 64;

interface Setting {
  readonly network: Network;
  readonly platform: Platform;
  readonly picture: Picture;
  readonly jitter: number;
  readonly seed: number;
}

/** A dream of one octave, and how its width was cut. */
async function dreamed(setting: Setting, side: number): Promise<{ axis: TiledAxis; changes: Float64Array }> {
  const { network, platform, picture, jitter, seed } = setting;
  const options = dreamOptionsOf({ seed, octaves: 1, steps, jitter, layers: 'mixed3,mixed5', tile: side });
  const plan = planDream(network, picture, options);
  for await (const event of dream(plan, picture, { platform })) {
    if (event.type !== 'finished') continue;
    return { axis: plan.octaves[0]!.tiling.horizontal, changes: changeOfColumns(picture, event.picture) };
  }
  throw new Error('The dream ended without a picture.');
}

/** Sum of magnitudes of the change in every column, without the outermost rows. */
function changeOfColumns({ data: before, width, height }: Picture, { data: after }: Picture): Float64Array {
  const changes = new Float64Array(width);
  after.forEach((value, at) => {
    const y = Math.floor(at / width) % height;
    if (y >= margin && y < height - margin) changes[at % width]! += Math.abs(value - before[at]!);
  });
  return changes;
}

/** In how many steps each column was near a border: where a tile begins, where it ends, and halfway between. */
function stepsNearBorders({ picture: { width }, jitter, seed }: Setting, axis: TiledAxis): Float64Array {
  const near = new Float64Array(width);
  for (let step = 0; step < steps; step++) {
    const spans = placeTiles(width, axis, seed, 0, step, draws.columns);
    const shift = drawInteger(-jitter, jitter, seed, 0, step, draws.shiftX);
    spans.slice(1).forEach(({ start }, i) => {
      const end = spans[i]!.start + axis.length;
      for (const line of [start, Math.round((start + end) / 2), end]) {
        for (let at = line - reach; at < line + reach; at++) near[(((at - shift) % width) + width) % width]! += 1;
      }
    });
  }
  return near;
}

/** Mean change of columns near borders, each counted as often as it was near one, as a part of that of all others. */
function nearBesideElsewhere(changes: Float64Array, near: Float64Array): number {
  const [atBorders, elsewhere] = [
    { sum: 0, count: 0 },
    { sum: 0, count: 0 },
  ];
  for (let x = margin; x < changes.length - margin; x++) {
    const [group, count] = near[x]! > 0 ? [atBorders, near[x]!] : [elsewhere, 1];
    group.sum += count * changes[x]!;
    group.count += count;
  }
  return atBorders.sum / atBorders.count / (elsewhere.sum / elsewhere.count);
}

/** Mean, and its standard error. */
function meanText(values: readonly number[]): string {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(3)} ± ${Math.sqrt(variance / values.length).toFixed(3)}`;
}

async function pictures(width: number): Promise<readonly (readonly [string, Picture])[]> {
  const { picture: photo } = await readPictureFile('examples/castle.jpg', { size: width });
  // Enough for one tile from top to bottom, so that all borders stand upright.
  const height = 440;
  const rows = ({ data, width, height: all }: Picture): Picture => ({
    width,
    height,
    data: Float32Array.from({ length: 3 * width * height }, (_, at) => {
      const [channel, within] = [Math.floor(at / (width * height)), at % (width * height)];
      return data[channel * width * all + within]!;
    }),
  });
  return [
    ['grey', { width, height, data: new Float32Array(3 * width * height).fill(0.5) }],
    ['photo', rows(photo)],
  ];
}

const widths = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [830, 960, 1300];
const [network, platform] = [await loadNetwork(), await createNodePlatform()];
for (const kind of ['grey', 'photo']) {
  for (const jitter of [0, 32]) {
    const found = { tiles: [] as number[], piece: [] as number[] };
    for (const width of widths) {
      const picture = new Map(await pictures(width)).get(kind)!;
      for (const seed of seeds) {
        const setting = { network, platform, picture, jitter, seed };
        const tiled = await dreamed(setting, tile);
        const whole = await dreamed(setting, 0);
        const near = stepsNearBorders(setting, tiled.axis);
        const [ofTiles, ofPiece] = [tiled, whole].map(({ changes }) => nearBesideElsewhere(changes, near));
        found.tiles.push(ofTiles!);
        found.piece.push(ofPiece!);
        console.log(
          `${kind}, jitter ${jitter}, ${width} wide, seed ${seed}: ${ofTiles!.toFixed(3)} in tiles, ${ofPiece!.toFixed(3)} in one piece`,
        );
      }
    }
    const quotients = found.tiles.map((value, i) => value / found.piece[i]!);
    console.log(
      `${kind}, jitter ${jitter}: ${meanText(found.tiles)} in tiles, ${meanText(found.piece)} in one piece, quotient ${meanText(quotients)}`,
    );
  }
}
await platform.close();
