/**
 * Compares dreams in 8 bits with those in float32, for the table of docs/precision.md:
 *
 *     node dist/bench/precision-gate.js [--layers mixed3,mixed5]… [--side 224] [--sheet pairs.png] photo…
 *
 * Every photo is dreamed twice for every set of layers: 40 steps of 0.01 on one octave, without jitter. The objectives of
 * both results are computed in float32. A set passes when the objective in 8 bits is at least 98 % of that in float32 and
 * the picture has changed as much, within 10 %. `--sheet` draws the pairs side by side, float32 at the left.
 */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  contactSheet,
  covering,
  createNodePlatform,
  dream,
  dreamOptionsOf,
  encodePicture,
  imageGradient,
  loadNetwork,
  type Picture,
  planDream,
  readPictureFile,
  toNetwork,
} from '../src/platform/node/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layers: { type: 'string', multiple: true, default: ['mixed3,mixed5,mixed7', 'mixed3,mixed5', 'mixed0,mixed2'] },
    side: { type: 'string', default: '224' },
    sheet: { type: 'string' },
  },
});
const side = Number(values.side);
const precisions = ['float32', 'int8'] as const;
const [platform, network] = [await createNodePlatform(), await loadNetwork()];

async function dreamed(picture: Picture, layers: string, precision: string): Promise<Picture> {
  const options = dreamOptionsOf({ layers, precision, steps: 40, octaves: 1, jitter: 0, seed: 1 });
  for await (const event of dream(planDream(network, picture, options), picture, { platform })) {
    if (event.type === 'finished') return event.picture;
  }
  throw new Error('the dream did not finish');
}

/** Root of the mean square of the change, from 0 to 1. */
function change(before: Picture, after: Picture): number {
  const squares = before.data.reduce((sum, value, i) => sum + (value - after.data[i]!) ** 2, 0);
  return Math.sqrt(squares / before.data.length);
}

const cells = [];
process.stdout.write(
  '| layers | photo | objective: float32 | 8 bits | ratio | change: float32 | 8 bits | ratio | passes |\n',
);
process.stdout.write('|---|---|---|---|---|---|---|---|---|\n');
for (const layers of values.layers) {
  for (const path of positionals) {
    const picture = covering((await readPictureFile(path)).picture, { width: side, height: side });
    const results = [];
    for (const precision of precisions) {
      const result = await dreamed(picture, layers, precision);
      const given = toNetwork(result.data, network.preprocessing);
      const { objective } = await imageGradient(network, given, result, { layers }, platform);
      results.push({ objective, change: change(picture, result) });
      cells.push({ picture: result, caption: `${basename(path)}, ${precision}\n${layers}` });
    }
    const [float, bytes] = results as [(typeof results)[0], (typeof results)[0]];
    const ratios = [bytes.objective / float.objective, bytes.change / float.change] as const;
    const passes = ratios[0] >= 0.98 && Math.abs(ratios[1] - 1) <= 0.1;
    const numbers = [float.objective, bytes.objective, ratios[0], float.change, bytes.change, ratios[1]];
    const row = [layers, basename(path), ...numbers.map((number) => number.toFixed(4)), passes ? 'yes' : 'NO'];
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
}
await platform.close();
if (values.sheet !== undefined) {
  const sheet = contactSheet(cells, { columns: 4 });
  await writeFile(values.sheet, await encodePicture(sheet, { format: 'png' }));
}
