import './codecs/wasm-decoder.js';
import {
  ALL_FORMATS,
  EncodedPacketSink,
  FilePathSource,
  HLS,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  type VideoSample,
  VideoSampleSink,
} from 'mediabunny';
import sharp from 'sharp';
import { MovieError, PareidoliaError } from '../../../errors.js';
import type { AudioPacket, MovieAudio } from './audio.js';
import { installNative, registerNative } from './codecs/native.js';
import type { FrameRange, Movie, MovieFrame, MovieInfo } from './movie.js';
import { type RgbFrame, rotateRgb } from './rgb.js';
import { type YuvMatrix, yuvToRgb } from './yuv.js';

/** Playlists name other files and addresses; a movie that came from anywhere must not have them read. */
const formats = ALL_FORMATS.filter((format) => format !== HLS);

/** What people call the codecs. */
const titles = new Map([
  ['avc', 'H.264'],
  ['hevc', 'HEVC'],
  ['av1', 'AV1'],
  ['vp9', 'VP9'],
  ['vp8', 'VP8'],
]);

/** Opens what mediabunny reads: MP4, MOV, Matroska, WebM, MPEG-TS. */
export async function openMuxed(path: string): Promise<Movie> {
  const input = new Input({ source: new FilePathSource(path), formats });
  const guarded = guard(path);
  try {
    return await guarded(async () => {
      if (!(await input.canRead().catch(() => false))) throw notMovie(path);
      const track = await input.getPrimaryVideoTrack();
      if (track === null) {
        throw new MovieError('movie/format', `${path}: expected a movie, got a file without pictures. Name a movie.`);
      }
      await requireDecoder(path, track);
      const info = await infoOf(input, track);
      const sound = await input.getPrimaryAudioTrack();
      const audio = sound === null ? undefined : await audioOf(sound, guarded);
      return {
        info,
        ...(audio !== undefined && { audio }),
        frames: (range = {}) => framesOf(path, track, info, range, guarded),
        count: (range = {}) => guarded(() => countOf(track, range)),
        close: async () => input.dispose(),
      };
    });
  } catch (cause) {
    input.dispose();
    throw cause;
  }
}

/** The comment of such a file; undefined when it has none. */
export async function commentOf(path: string): Promise<string | undefined> {
  const input = new Input({ source: new FilePathSource(path), formats });
  try {
    return await guard(path)(async () => {
      if (!(await input.canRead().catch(() => false))) throw notMovie(path);
      return (await input.getMetadataTags()).comment;
    });
  } finally {
    input.dispose();
  }
}

/** Runs work; what fails in it is the file's fault. */
type Guard = <Result>(work: () => Promise<Result>) => Promise<Result>;

function guard(path: string): Guard {
  return async (work) => {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof PareidoliaError) throw cause;
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      const message = `${path}: the movie is damaged (${reason}). Copy it again, or convert it.`;
      throw new MovieError('movie/unreadable', message, { cause });
    }
  };
}

function notMovie(path: string): MovieError {
  const message = `${path}: expected a movie (MP4, MOV, MKV, WebM, AVI, GIF or WebP), got something else. Name a movie.`;
  return new MovieError('movie/format', message);
}

async function requireDecoder(path: string, track: InputVideoTrack): Promise<void> {
  if (await track.canDecode()) return;
  const codec = await track.getCodec();
  const known = codec === null ? undefined : titles.get(codec);
  if (known !== undefined && (await registerNative()) && (await track.canDecode())) return;
  const title = known ?? codec ?? (await track.getInternalCodecId())?.toString() ?? 'an unknown codec';
  throw new MovieError(
    'movie/codec',
    known === undefined
      ? `${path}: its pictures are in ${title}, expected H.264, HEVC, VP8, VP9 or AV1. Convert it first.`
      : `${path}: its pictures are in ${title}, which is read by codecs that are not installed. Run: ${installNative}`,
  );
}

/** What the container says of colours, where it says it; else what the stream says. */
interface Colours {
  readonly matrix: string | null;
  readonly fullRange: boolean | null;
}

async function infoOf(input: Input, track: InputVideoTrack): Promise<MovieInfo> {
  const rates = await track.computeFrameRateMetrics();
  const duration = await track.getDurationFromMetadata();
  return {
    container: (await input.getFormat()).name,
    codec: (await track.getCodec()) ?? '',
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    fps: rates.bestGuessFrameRate,
    // Matroska's milliseconds alone make the shortest and the longest of 120 frames a second differ by a quarter.
    variable: rates.maxFrameRate > 1.5 * rates.minFrameRate,
    ...(duration !== null && { duration }),
    rotation: await track.getRotation(),
  };
}

/** How many packets of pictures begin in a part; each is a frame. */
async function countOf(
  track: InputVideoTrack,
  { start = 0, end = Number.POSITIVE_INFINITY }: FrameRange,
): Promise<number> {
  const sink = new EncodedPacketSink(track);
  let count = 0;
  // Packets come in the order they are decoded in: one that begins late may stand before some that begin earlier.
  for await (const { timestamp } of sink.packets(undefined, undefined, { metadataOnly: true })) {
    if (timestamp >= start - 1e-6 && timestamp < end) count++;
  }
  return count;
}

async function* framesOf(
  path: string,
  track: InputVideoTrack,
  info: MovieInfo,
  { start = 0, end = Number.POSITIVE_INFINITY }: FrameRange,
  guarded: Guard,
): AsyncGenerator<MovieFrame> {
  const samples = new VideoSampleSink(track).samples(start, end);
  const container = await guarded(() => track.getColorSpace());
  let held: VideoSample | undefined;
  try {
    for (;;) {
      // A frame lasts until the next, whatever its packet says.
      const { value: next } = await guarded(() => samples.next());
      const sample = held;
      held = next ?? undefined;
      if (sample !== undefined) {
        const duration = next ? next.timestamp - sample.timestamp : sample.duration || 1 / info.fps;
        const { timestamp } = sample;
        const frame = await guarded(() => frameOf(path, sample, info, container)).finally(() => sample.close());
        if (timestamp >= start - 1e-6) yield { ...frame, timestamp, duration };
      }
      if (held === undefined) return;
    }
  } finally {
    held?.close();
    await samples.return();
  }
}

/** The pixels of a decoded frame: upright, with square pixels. */
async function frameOf(
  path: string,
  sample: VideoSample,
  info: MovieInfo,
  container: VideoColorSpaceInit,
): Promise<RgbFrame> {
  const { codedWidth: width, codedHeight: height, squarePixelWidth, squarePixelHeight } = sample;
  let frame: RgbFrame = { width, height, data: await rgbOf(path, sample, coloursOf(sample, container)) };
  if (squarePixelWidth !== width || squarePixelHeight !== height) {
    const data = await sharp(frame.data, { raw: { width, height, channels: 3 } })
      .resize(squarePixelWidth, squarePixelHeight, { fit: 'fill' })
      .raw()
      .toBuffer();
    frame = { width: squarePixelWidth, height: squarePixelHeight, data };
  }
  return rotateRgb(frame, info.rotation);
}

function coloursOf({ colorSpace }: VideoSample, container: VideoColorSpaceInit): Colours {
  return {
    matrix: container.matrix ?? colorSpace.matrix,
    fullRange: container.fullRange ?? colorSpace.fullRange,
  };
}

async function rgbOf(path: string, sample: VideoSample, { matrix, fullRange }: Colours): Promise<Uint8Array> {
  const { codedWidth: width, codedHeight: height } = sample;
  const { format, bytes, planes } = await samplesOf(path, sample);
  const yuv = /^(?:I4(20|22|44)A?(?:P(10|12))?|(NV12))$/.exec(format);
  if (yuv !== null) {
    const [, chroma = '20', bits = '8', interleaved] = yuv;
    return yuvToRgb(bytes, planes, {
      width,
      height,
      shiftX: chroma === '44' ? 0 : 1,
      shiftY: chroma === '20' ? 1 : 0,
      bits: Number(bits),
      interleaved: interleaved !== undefined,
      matrix: matrixOf(matrix, width, height),
      fullRange: fullRange ?? false,
    });
  }
  if (!/^(RGB|BGR)[AX]$/.test(format)) throw unknownPixels(path, format);
  const [red, blue] = format.startsWith('RGB') ? [0, 2] : [2, 0];
  const { offset, stride } = planes[0]!;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const from = offset + y * stride + 4 * x;
      rgb[to] = bytes[from + red]!;
      rgb[to + 1] = bytes[from + 1]!;
      rgb[to + 2] = bytes[from + blue]!;
    }
  }
  return rgb;
}

/** The samples of a frame. Those in an arrangement without a name, such as planes of RGB, are turned into RGB first. */
async function samplesOf(
  path: string,
  sample: VideoSample,
): Promise<{ format: string; bytes: Uint8Array; planes: readonly PlaneLayout[] }> {
  if (sample.format !== null) {
    const bytes = new Uint8Array(sample.allocationSize());
    return { format: sample.format, bytes, planes: await sample.copyTo(bytes) };
  }
  // The types of this call are older than its specification, which has the format.
  const inRgb: VideoFrameCopyToOptions & { readonly format: 'RGBA' } = { format: 'RGBA' };
  try {
    const bytes = new Uint8Array(sample.allocationSize(inRgb));
    return { format: inRgb.format, bytes, planes: await sample.copyTo(bytes, inRgb) };
  } catch (cause) {
    throw unknownPixels(path, 'an arrangement that is not known', cause);
  }
}

function unknownPixels(path: string, got: string, cause?: unknown): MovieError {
  const message = `${path}: its pixels are in ${got}, expected 4:2:0. Convert it: ffmpeg -i MOVIE -pix_fmt yuv420p NEW.mp4`;
  return new MovieError('movie/codec', message, { cause });
}

/** The matrix that a file names. One that names none means BT.709 where it is larger than television used to be. */
function matrixOf(named: string | null, width: number, height: number): YuvMatrix {
  if (named === 'bt709') return 'bt709';
  if (named === 'bt2020-ncl') return 'bt2020';
  if (named !== null) return 'bt601';
  return width >= 1280 || height > 576 ? 'bt709' : 'bt601';
}

async function audioOf(track: InputAudioTrack, guarded: Guard): Promise<MovieAudio | undefined> {
  const codec = await track.getCodec();
  const config = await track.getDecoderConfig();
  if (codec === null || config === null) return undefined;
  const { description } = config;
  return {
    codec,
    channels: config.numberOfChannels,
    sampleRate: config.sampleRate,
    codecString: config.codec,
    ...(description !== undefined && { description: bytesOf(description) }),
    packets: (start) => packetsOf(track, start, guarded),
  };
}

function bytesOf(source: NonNullable<AudioDecoderConfig['description']>): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

async function* packetsOf(track: InputAudioTrack, start: number, guarded: Guard): AsyncGenerator<AudioPacket> {
  const sink = new EncodedPacketSink(track);
  // Before second 0 lies what a decoder needs to warm up; it belongs to the sound from its start.
  const least = start > 0 ? start - 1e-6 : Number.NEGATIVE_INFINITY;
  const first = () => (start > 0 ? sink.getPacket(start) : null) ?? sink.getFirstPacket();
  let packet = await guarded(async () => await first());
  for (; packet !== null; packet = await guarded(() => sink.getNextPacket(packet!))) {
    const { data, timestamp, duration, type } = packet;
    if (timestamp >= least) yield { data, timestamp, duration, key: type === 'key' };
  }
}
