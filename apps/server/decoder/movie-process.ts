/**
 * Looks at one uploaded movie and ends: at its container, and at its first frame. What a file does to its decoder, it does
 * to this process alone.
 */
import { open } from 'node:fs/promises';
import { type Movie, MovieError, openMovie } from '../../../src/platform/node/index.js';
import { allowDecoders } from './allow-decoders.js';
import type { Refused } from './ask-decoder.js';

/** What the process is asked. */
export interface MovieRequest {
  readonly path: string;
  /** The most pixels of a frame. */
  readonly maxPixels: number;
  /** The most frames. */
  readonly maxFrames: number;
}

/** What an uploaded movie is. */
export interface SeenMovie {
  readonly mediaType: string;
  /** Of the upright picture. */
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly fps: number;
  /** Seconds; `null` where that is only known at its end. */
  readonly seconds: number | null;
  readonly sound: boolean;
}

async function look({ path, maxPixels, maxFrames }: MovieRequest): Promise<SeenMovie | Refused> {
  allowDecoders('movies');
  const mediaType = await containerOf(path);
  if (!mediaType) {
    return {
      refused: 'format',
      message: 'expected MP4, MOV, MKV, WebM, AVI, GIF or animated WebP, got something else',
    };
  }
  let movie: Movie | undefined;
  try {
    movie = await openMovie(path);
    const { width, height, fps, duration } = movie.info;
    if (width * height > maxPixels) {
      const message = `its frames have ${width}×${height}, ${width * height} pixels, expected at most ${maxPixels}`;
      return { refused: 'too-large', message };
    }
    const frames = await movie.count();
    if (frames > maxFrames) return { refused: 'too-large', message: `${frames} frames, expected at most ${maxFrames}` };
    const { value: first } = await movie.frames().next();
    if (!first) return { refused: 'damaged', message: 'expected a movie with frames, got one without' };
    if (first.width !== width || first.height !== height) {
      const message = `expected frames of ${width}×${height}, as it says, got ${first.width}×${first.height}`;
      return { refused: 'damaged', message };
    }
    return { mediaType, width, height, fps, seconds: duration ?? null, sound: movie.audio !== undefined };
  } catch (error) {
    if (!(error instanceof MovieError)) throw error;
    const message = error.message.replace(`${path}: `, '').replace(/\.$/, '');
    return { refused: error.code === 'movie/unreadable' ? 'damaged' : 'format', message };
  } finally {
    await movie?.close();
  }
}

/** The media type by the first bytes; undefined for what is no movie that is taken here. */
async function containerOf(path: string): Promise<string | undefined> {
  const file = await open(path);
  const bytes = Buffer.alloc(64);
  await file.read(bytes, 0, bytes.length, 0);
  await file.close();
  const head = bytes.toString('latin1');
  if (/^RIFF....AVI /s.test(head)) return 'video/x-msvideo';
  if (/^RIFF....WEBP/s.test(head)) return 'image/webp';
  if (head.startsWith('GIF8')) return 'image/gif';
  if (bytes.readUInt32BE(0) === 0x1a45dfa3) return head.includes('webm') ? 'video/webm' : 'video/x-matroska';
  if (/^....ftypqt/s.test(head)) return 'video/quicktime';
  return /^....(ftyp|moov|mdat|free|skip|wide)/s.test(head) ? 'video/mp4' : undefined;
}

process.once('message', (request: MovieRequest) => {
  void look(request).then((answer) => process.send!(answer, () => process.exit(0)));
});
process.once('disconnect', () => process.exit(1));
