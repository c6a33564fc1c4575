import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  createNodePlatform,
  dream,
  dreamOptionsOf,
  loadNetwork,
  planDream,
  readRasterPictureFile,
} from '../../src/platform/node/index.js';
import type { Part } from '../part.js';
import { photoJpeg } from '../photo.js';
import { runProgram } from '../program.js';
import { median } from '../rounds.js';

/** 12 megapixels, as phones take them. */
const large = { width: 4000, height: 3000 };

/** How long one waits before something is to be seen, and whether a dream lets its program do anything else. */
export const waiting: Part = {
  name: 'waiting',
  about: 'waiting for the program, from the start of its process',
  async run({ rounds }) {
    const folder = await mkdtemp(join(tmpdir(), 'pareidolia-bench-'));
    try {
      const [small, photo] = [await photoJpeg(folder, { width: 600, height: 400 }), await photoJpeg(folder, large)];
      const brief = ['--steps', '1', '--octaves', '1', '--seed', '1', '--force', '-o', join(folder, 'out.png')];
      const ended = async (...args: string[]): Promise<number> => {
        const times: number[] = [];
        for (let round = 0; round < rounds; round++) times.push((await runProgram(args)).ms);
        return median(times);
      };
      const rows: (string | number)[][] = [
        ['`--help`', (await ended('--help')).toFixed(0), 150],
        ['`layers`', (await ended('layers')).toFixed(0), 700],
        ['one step of a 600-pixel photo, written', (await ended('dream', small, ...brief, '-q')).toFixed(0), ''],
      ];
      const seen = await firstPreview(photo);
      rows.push(['first preview of a 12-megapixel photo, all octaves', seen.previewMs.toFixed(0), 3000]);
      rows.push(['longest block of the event loop until then', seen.blockMs.toFixed(0), 50]);
      return {
        header: ['waiting for', 'ms', 'at most'],
        rows,
        notes: [`medians of ${rounds}; the last two rows once`],
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** From the loading of the network on, in this process. */
async function firstPreview(file: string): Promise<{ previewMs: number; blockMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const start = performance.now();
  const [network, platform] = await Promise.all([loadNetwork(), createNodePlatform()]);
  const { picture } = await readRasterPictureFile(file);
  const plan = planDream(network, picture, dreamOptionsOf({ seed: 1 }), { scratch: true });
  for await (const { type } of dream(plan, picture, { platform, previewEveryMs: 0 })) if (type === 'preview') break;
  const previewMs = performance.now() - start;
  delay.disable();
  await platform.close();
  return { previewMs, blockMs: delay.max / 1e6 };
}
