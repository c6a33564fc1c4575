/** Our presets against the programs they are named for, written anew in PyTorch: bench/peers/published_loops.py. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawInteger } from '../src/dream/random.js';
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
  writeNpy,
} from '../src/platform/node/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const python = '/usr/bin/python3';
const run = promisify(execFile);
const seed = 1;

/** How two results compare, as published_loops.py prints it. */
interface Comparison {
  /** The publication's objective of the picture, of what its loop made of it, and of our result. */
  readonly before: number;
  readonly after: number;
  readonly result: number;
  /** Roots of mean squares, in units of 0 to 255: how far its loop went, and how far our result is from its own. */
  readonly change: number;
  readonly gap: number;
  /** The same for every step alone, from the picture that we took that step from. */
  readonly each?: readonly Comparison[];
}

interface Compared extends Comparison {
  /** Our objective before the first and after the last step. */
  readonly objectiveFirst: number;
  readonly objectiveLast: number;
}

interface Scales {
  readonly octaves: number;
  readonly octavesAbove?: number;
  readonly steps: number;
}

let platform: Awaited<ReturnType<typeof createNodePlatform>>;
let network: Network;
let picture: Picture;
let folder: string;
let ready: boolean;
beforeAll(async () => {
  platform = await createNodePlatform();
  network = await loadNetwork();
  picture = await readPictureFile(join(root, 'examples/castle.jpg'), { size: 336 });
  folder = await mkdtemp(join(tmpdir(), 'published-loops-'));
  ready = await run(python, ['-c', 'import torch, onnx']).then(
    () => true,
    () => false,
  );
});
afterAll(async () => {
  await platform.close();
  await rm(folder, { recursive: true });
});

/** The platform, which also keeps what the network is shown: `[3, H, W]` from −1 to 1. */
function recording(shown: Float32Array[]): Platform {
  const { runtime, runtimeVersion, cores } = platform;
  return {
    runtime,
    runtimeVersion,
    cores,
    async createSession(model, options) {
      const session = await platform.createSession(model, options);
      return {
        async run(feeds) {
          shown.push(feeds[network.inputName]!.data.slice());
          return session.run(feeds);
        },
        close: () => session.close(),
      };
    },
  };
}

/** By how much our dreams roll the picture: `[octave][step]`, with one more where the objective is looked at last. */
function shifts({ octaves, steps }: Scales, jitter: number): [number, number][][] {
  // Purposes 0 and 1 of a step's draws are the shifts right and down.
  const draw = (octave: number, step: number, purpose: number) =>
    drawInteger(-jitter, jitter, seed, octave, step, purpose);
  return Array.from({ length: octaves }, (_, octave) =>
    Array.from({ length: steps + 1 }, (_, step) => [draw(octave, step, 0), draw(octave, step, 1)]),
  );
}

async function save(name: string, shape: readonly number[], values: Float32Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, writeNpy(shape, values));
  return file;
}

/** Dreams with a preset and has the publication's loop do the same. */
async function compared(preset: string, scales: Scales, ...flags: string[]): Promise<Compared> {
  const plan = planDream(network, picture, dreamOptionsOf({ preset, seed, ...scales }));
  const shown: Float32Array[] = [];
  const events = [];
  for await (const event of dream(plan, picture, { platform: recording(shown) })) events.push(event);
  const finished = events.at(-1)!;
  if (finished.type !== 'finished') return expect.fail('the dream did not finish');

  const shape = [3, picture.height, picture.width];
  const bytes = (values: Float32Array) => values.map((value) => value * 255);
  const settings = [
    ...['--picture', await save('picture.npy', shape, bytes(picture.data))],
    ...['--result', await save('result.npy', shape, bytes(finished.picture.data))],
    ...['--steps', `${scales.steps}`, '--octaves', `${scales.octaves}`],
    ...['--shifts', JSON.stringify(shifts(scales, plan.options.jitter))],
    // With more threads PyTorch waits by spinning, which takes long beside other tests.
    ...['--threads', '1'],
  ];
  if (scales.octaves === 1) {
    const all = new Float32Array(shown.length * shown[0]!.length);
    shown.forEach((values, i) => all.set(values, i * values.length));
    settings.push('--shown', await save('shown.npy', [shown.length, ...shape], all));
  }
  const program = join(root, 'bench/peers/published_loops.py');
  const model = join(root, 'dist/models/inception-v3.onnx');
  const { stdout } = await run(python, [program, preset, model, ...settings, ...flags]);
  const { objectiveFirst, objectiveLast } = finished;
  const result = { ...(JSON.parse(stdout) as Comparison), objectiveFirst, objectiveLast };
  if (process.env['SHOW']) console.log(preset, scales, flags, JSON.stringify(result, null, 1));
  return result;
}

const off = ({ after, result }: Comparison): number => Math.abs(result / after - 1);

describe('ten steps at one octave', () => {
  test.each([
    { preset: 'article', gap: 0.02, ten: 0.01 },
    { preset: 'tensorflow', gap: 0.6, ten: 0.01 },
    { preset: 'keras', gap: 0.02, ten: 0.1 },
    { preset: 'google', gap: 0.02, ten: 0.04 },
  ])('$preset', async ({ preset, gap, ten }) => {
    const c = await compared(preset, { octaves: 1, steps: 10 });
    expect(c.each).toHaveLength(10);
  });
});

describe('several octaves', () => {
  test.each([
    { preset: 'tensorflow', octaves: 5, octavesAbove: 2, steps: 2 },
    { preset: 'keras', octaves: 3, steps: 4 },
    { preset: 'keras', octaves: 3, steps: 4, flags: ['--detail-first'] },
    { preset: 'google', octaves: 3, steps: 4 },
  ])('$preset', async ({ preset, flags = [], ...scales }) => {
    const c = await compared(preset, scales, ...flags);
  });
});
