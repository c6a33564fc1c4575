/**
 * Draws the pictures of channels that the studio shows at once: a sheet of each layer, and a list of what is on it. Layers
 * as arguments draw only these. What was drawn before is kept in dist/thumbnails, so that a run that was ended goes on.
 *
 *     nice node dist/scripts/draw-thumbnails.js
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { listLayers, loadNetwork } from '../src/platform/node/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = fileURLToPath(new URL('../apps/cli/main.js', import.meta.url));
const output = join(root, 'apps/studio/public/thumbnails');

/** The blocks, and two layers of the stem before them. */
const layers = ['activation_3', 'activation_5', ...[...Array(8).keys()].map((i) => `mixed${i}`)];

/** Pictures a row and rows of a sheet; the side of each picture, which is drawn larger, as docs/atlas.md has them. */
const sheet = { columns: 6, rows: 6, side: 96, drawn: 112 };

/** As many as the sheet holds, evenly spread: the branches of a block stand one after another among its channels. */
function chosen(count: number): number[] {
  const held = sheet.columns * sheet.rows;
  return Array.from({ length: held }, (_, i) => Math.floor((i * count) / held));
}

async function drawLayer(layer: string, channels: readonly number[]): Promise<void> {
  const folder = join(root, 'dist/thumbnails', layer);
  const command = [main, 'atlas', layer, '--channels', channels.join(','), '--size', `${sheet.drawn}`, '-o', folder];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${layer}: the atlas failed`);
  const { columns, rows, side } = sheet;
  const pictures = channels.map(async (channel, i) => ({
    input: await sharp(join(folder, `${layer}-${String(channel).padStart(4, '0')}.png`))
      .resize(side)
      .toBuffer(),
    left: (i % columns) * side,
    top: Math.floor(i / columns) * side,
  }));
  await sharp({ create: { width: columns * side, height: rows * side, channels: 3, background: 'black' } })
    .composite(await Promise.all(pictures))
    .webp({ quality: 74, effort: 6 })
    .toFile(join(output, `${layer}.webp`));
}

await mkdir(output, { recursive: true });
const rows = listLayers(await loadNetwork(), { width: 512, height: 384 });
const countOf = (layer: string): number => rows.find(({ name }) => name === layer)!.channels;
const channels = Object.fromEntries(layers.map((layer) => [layer, chosen(countOf(layer))]));
const wanted = process.argv.slice(2);
for (const layer of layers) if (wanted.length === 0 || wanted.includes(layer)) await drawLayer(layer, channels[layer]!);
await writeFile(
  join(output, 'index.json'),
  `${JSON.stringify({ side: sheet.side, columns: sheet.columns, rows: sheet.rows, channels })}\n`,
);
