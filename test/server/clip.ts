import { readFile } from 'node:fs/promises';
import { createMovie, type MovieAudio } from '../../src/platform/node/index.js';
import { frame } from '../movies.js';

const size = { width: 64, height: 48 };

/** A tone, in packets of a twentieth of a second. */
const tone: MovieAudio = {
  ...{ codec: 'pcm-s16', channels: 1, sampleRate: 8000, codecString: 'pcm-s16' },
  async *packets(start) {
    for (let at = 0; at < 20; at++) {
      const samples = Int16Array.from({ length: 400 }, (_, i) => 9000 * Math.sin((400 * at + i) / 3));
      const packet = { data: new Uint8Array(samples.buffer), timestamp: at / 20, duration: 1 / 20, key: true };
      if (packet.timestamp >= start - 1e-6) yield packet;
    }
  },
};

/**
 * Writes a movie of two scenes with sound: soft colours that move, then dark ones.
 *
 * @returns its bytes
 */
export async function writeClip(path: string, framesOfScene = 8): Promise<Uint8Array<ArrayBuffer>> {
  const movie = await createMovie(path, { ...size, fps: 25, audio: tone });
  for (let i = 0; i < 2 * framesOfScene; i++) {
    const { data } = frame(i, size.width, size.height);
    await movie.add({ ...size, data: i < framesOfScene ? data : data.map((value) => value / 4) });
  }
  await movie.finish();
  return new Uint8Array(await readFile(path));
}
