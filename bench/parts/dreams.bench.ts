import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Part } from '../part.js';
import { photoJpeg } from '../photo.js';
import { runProgram } from '../program.js';

const frames = 6;

/** What people wait for: whole dreams, and the frames of a movie. */
export const dreams: Part = {
  name: 'dreams',
  about: 'whole dreams by the default options, and a zoom movie by its own, each once',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'pareidolia-bench-'));
    try {
      const rows: (string | number)[][] = [];
      const photo = (width: number): Promise<string> =>
        photoJpeg(folder, { width, height: Math.round((2 * width) / 3) });
      for (const side of [600, 2000]) {
        const { ms } = await runProgram([
          'dream',
          await photo(side),
          '-q',
          '--seed',
          '1',
          '-o',
          join(folder, `${side}.png`),
        ]);
        rows.push([`a dream of ${side} pixels a side`, `${(ms / 1000).toFixed(1)} s`]);
      }
      const movie = ['--frames', `${frames}`, '-q', '--seed', '1', '-o', join(folder, 'movie.mp4')];
      const { ms } = await runProgram(['zoom', await photo(600), ...movie]);
      rows.push(['a zoom movie of 600 pixels a side', `${((60_000 * frames) / ms).toFixed(1)} frames a minute`]);
      return { header: ['what', 'takes'], rows, notes: [`the movie has ${frames} frames`] };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
