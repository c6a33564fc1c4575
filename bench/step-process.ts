/**
 * Takes one step of a dream for every line on its standard input, as peers/torch_step.py does in PyTorch:
 *
 *     node dist/bench/step-process.js picture.npy threads layers precision
 *
 * A step is the library's own: the gradient of the picture in one piece, divided by its standard deviation, and the move.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Climb } from '../src/dream/climb.js';
import { createOctaveSession } from '../src/dream/octave-session.js';
import { SessionCache } from '../src/dream/session-cache.js';
import { tiledGradient } from '../src/dream/tiled-gradient.js';
import { drawView } from '../src/dream/view.js';
import { arrayRaster, inSlicesWith } from '../src/image/index.js';
import { readNpy } from '../src/image/npy.js';
import { valueRange } from '../src/models/index.js';
import { createNodePlatform, dreamOptionsOf, loadNetwork, planDream } from '../src/platform/node/index.js';

const [file, threads, layers, precision] = process.argv.slice(2) as [string, string, string, string];
const { shape, data } = readNpy(await readFile(file), file);
const size = { width: shape[3]!, height: shape[2]! };
const network = await loadNetwork();
const platform = await createNodePlatform({ threads: Number(threads) });
const options = dreamOptionsOf({ layers, octaves: 1, tile: 0, jitter: 0, size: 0, precision });
const [octave] = planDream(network, size, options).octaves;
const inSlices = inSlicesWith(platform.pause);
const sessions = new SessionCache(platform);
const session = createOctaveSession(sessions, octave!);
const picture = arrayRaster(data.slice(), size);
const gradient = arrayRaster(new Float32Array(data.length), size);
const climb = new Climb({
  options: octave!.options,
  size,
  order: network.preprocessing.order,
  ranges: valueRange(network.preprocessing),
  createRaster: (of) => arrayRaster(new Float32Array(3 * of.width * of.height), of),
});
console.log('{}');
let step = 0;
for await (const _ of createInterface({ input: process.stdin })) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const where = {
    size,
    tiling: octave!.tiling,
    view: drawView(size, octave!.options, [0, 0, 0], 0, 0, step),
    place: { seed: 0, octave: 0, step },
    gradient,
    inSlices,
  };
  const objective = await session.step((runs) => tiledGradient(runs, network.inputName, picture, where));
  await inSlices(climb.move(picture, gradient, 0));
  step++;
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(used);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, objective, peakMiB }));
}
await sessions.close();
await platform.close();
