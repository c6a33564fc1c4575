import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Size } from '../../src/image/index.js';
import { createNodePlatform, loadNetwork } from '../../src/platform/node/index.js';
import type { BenchOptions, Part } from '../part.js';
import { peakOfConvolution } from '../peak.js';
import { photoFile } from '../photo.js';
import { type Contestant, startContestant, type Timed, timeRounds } from '../rounds.js';
import { benchLayers, stepFlops } from '../step-graphs.js';

const python = '/usr/bin/python3';
const model = 'dist/models/inception-v3.onnx';
const modes = ['bn', 'folded', 'cl', 'bf16'] as const;
const layers = benchLayers.join(',');

/** One step, beside the same step in PyTorch. */
export const steps: Part = {
  name: 'steps',
  about: `one step on ${layers}: this program beside PyTorch, taking turns`,
  async run(options) {
    const network = await loadNetwork();
    const platform = await createNodePlatform({ threads: options.threads });
    const peak = await peakOfConvolution(platform);
    await platform.close();
    const rows: (string | number)[][] = [];
    let isAlone = false;
    for (const size of options.sizes) {
      const timed = await timeAt(size, options);
      isAlone ||= timed.length === 2;
      const gflops = stepFlops(network, size) / 1e9;
      rows.push(...timed.map((one) => rowOf(size, one, timed, gflops, peak)));
    }
    return {
      header: [
        'size',
        'what',
        'ms a step',
        'GFLOP/s',
        '% of the peak',
        'ours / theirs',
        '8 bits / theirs',
        'least processor ms',
        'of that, ours / theirs',
        'peak RSS, MiB',
        'of that, ours / theirs',
      ],
      rows,
      notes: [
        `medians of ${options.rounds} steps, threads: ${options.threads}`,
        'processor time is that of all threads; with more than one, some of it is waiting',
        `the peak is ${peak.toFixed(0)} GFLOP/s: the fastest of 20 runs of one convolution, 256 to 256 channels, 3×3 on 64², in onnxruntime`,
        ...(isAlone
          ? [`PyTorch was not found: ${python} needs torch, onnx and numpy (python3-torch, python3-onnx)`]
          : []),
      ],
    };
  },
};

async function timeAt(size: Size, { rounds, threads }: BenchOptions): Promise<Timed[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-bench-'));
  const contestants: Contestant[] = [];
  try {
    const file = await photoFile(folder, size);
    for (const [name, precision] of [
      ['pareidolia', 'float32'],
      ['pareidolia, 8 bits', 'int8'],
    ] as const) {
      const settings = ['dist/bench/step-process.js', file, `${threads}`, layers, precision];
      const ours = await startContestant(name, process.execPath, settings);
      if (!ours) throw new Error('dist/bench/step-process.js does not start');
      contestants.push(ours);
    }
    for (const mode of modes) {
      const settings = ['--layers', layers, '--image', file, '--mode', mode, '--threads', `${threads}`];
      const peer = await startContestant(`PyTorch ${mode}`, python, ['bench/peers/torch_step.py', model, ...settings]);
      if (peer) contestants.push(peer);
    }
    const timed = await timeRounds(contestants, rounds);
    checkSame(timed);
    return timed;
  } finally {
    for (const contestant of contestants) contestant.close();
    await rm(folder, { recursive: true });
  }
}

/** All start from the same picture, so that all must find the same objective there. */
function checkSame(timed: readonly Timed[]): void {
  const expected = timed[0]!.objectives[0]!;
  for (const { name, objectives } of timed) {
    const tolerance = name.endsWith('bf16') ? 0.02 : 1e-4;
    if (Math.abs(objectives[0]! / expected - 1) <= tolerance) continue;
    throw new Error(`${name} finds an objective of ${objectives[0]}, pareidolia ${expected}`);
  }
}

function rowOf(
  { width, height }: Size,
  one: Timed,
  [ours, bytes]: readonly Timed[],
  gflops: number,
  peak: number,
): (string | number)[] {
  const rate = gflops / (one.ms / 1000);
  const ratio = (to: Timed | undefined, of: (timed: Timed) => number): string =>
    one === ours || one === bytes ? '' : (of(to!) / of(one)).toFixed(2);
  return [
    `${width}×${height}`,
    one.name,
    one.ms.toFixed(1),
    rate.toFixed(0),
    ((100 * rate) / peak).toFixed(0),
    ratio(ours, ({ ms }) => ms),
    ratio(bytes, ({ ms }) => ms),
    one.cpuMs.toFixed(1),
    ratio(ours, ({ cpuMs }) => cpuMs),
    one.peakMiB,
    ratio(ours, ({ peakMiB }) => peakMiB),
  ];
}
