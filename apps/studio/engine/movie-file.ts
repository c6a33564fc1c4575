import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  type VideoCodec,
  WebMOutputFormat,
} from 'mediabunny';
import { type Flashing, FlashMeter, pictureOfPixels, type Size } from '../../../src/platform/web/index.js';
import { Refusal } from './engine.js';

/** How a movie is encoded. */
export interface MovieFormat {
  readonly codec: VideoCodec;
  readonly container: 'mp4' | 'webm';
}

/** What {@link writeMovie} is told. */
export interface MovieFileOptions extends MovieFormat {
  readonly size: Size;
  /** Frames a second. */
  readonly fps: number;
  /** JSON that lies inside the file. */
  readonly recipe: string;
}

/** What encoders take: H.264 has no odd sides. */
function even({ width, height }: Size): Size {
  return { width: Math.max(2, width - (width % 2)), height: Math.max(2, height - (height % 2)) };
}

/**
 * The best format that this browser writes: H.264 in MP4 plays everywhere.
 *
 * @throws Refusal `movie/no-encoder` where it writes none
 */
export async function chooseFormat(size: Size): Promise<MovieFormat> {
  const codec =
    typeof VideoEncoder === 'undefined'
      ? null
      : await getFirstEncodableVideoCodec(['avc', 'vp9', 'av1', 'vp8'], even(size));
  if (codec) return { codec, container: codec === 'avc' ? 'mp4' : 'webm' };
  throw new Refusal(
    'movie/no-encoder',
    'This browser cannot write movies: it has no WebCodecs encoder. Use a current Chrome, Edge, Firefox or Safari, or have a server make the movie.',
  );
}

/** Encodes frames that are PNG files, in the order they are shown. */
export async function writeMovie(
  frames: readonly Blob[],
  { codec, container, size, fps, recipe }: MovieFileOptions,
): Promise<{ readonly file: Blob; readonly flashing: Flashing | undefined }> {
  const { width, height } = even(size);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const format = container === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
  const output = new Output({ format, target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec, quality: QUALITY_HIGH });
  output.addVideoTrack(source, { frameRate: fps });
  output.setMetadataTags({ comment: recipe });
  const flashes = new FlashMeter();
  await output.start();
  for (const [i, frame] of frames.entries()) {
    const bitmap = await createImageBitmap(frame);
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    flashes.add(pictureOfPixels(context.getImageData(0, 0, width, height)), i / fps);
    await source.add(i / fps, 1 / fps);
  }
  await output.finalize();
  return { file: new Blob([output.target.buffer!], { type: `video/${container}` }), flashing: flashes.worst };
}
