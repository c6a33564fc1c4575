import type { FileHandle } from 'node:fs/promises';
import sharp from 'sharp';
import { MovieError } from '../../../errors.js';
import type { AudioPacket, MovieAudio } from './audio.js';
import { type FrameRange, framesWithin, type Movie, type MovieFrame, type MovieInfo } from './movie.js';
import type { RgbFrame } from './rgb.js';

/** A chunk of a RIFF file: its four letters, and where its data are. */
interface Chunk {
  readonly id: string;
  /** For lists: what they list. */
  readonly type: string;
  readonly start: number;
  readonly length: number;
}

/** A stream's header and format. */
interface Stream {
  readonly kind: string;
  readonly scale: number;
  readonly rate: number;
  readonly format: Buffer;
}

/** What an AVI holds, found by walking over it. */
interface Contents {
  readonly streams: readonly Stream[];
  /** The chunks of each stream, in order. */
  readonly chunks: readonly (readonly Chunk[])[];
  readonly comment: string | undefined;
}

/** Opens an AVI with Motion JPEG. It takes over the file and closes it. */
export async function openAvi(path: string, file: FileHandle): Promise<Movie> {
  const { streams, chunks } = await contentsOf(file, path);
  const number = streams.findIndex(({ kind }) => kind === 'vids');
  const video = streams[number];
  if (video === undefined) {
    throw new MovieError('movie/format', `${path}: expected a movie, got a file without pictures. Name a movie.`);
  }
  const codec = video.format.toString('latin1', 16, 20);
  if (!/^mjpg$/i.test(codec)) {
    const got = /^[\x20-\x7e]{4}$/.test(codec) ? codec : 'bare samples';
    const message = `${path}: its pictures are in ${got}, expected MJPG in an AVI. Convert it to MP4 first.`;
    throw new MovieError('movie/codec', message);
  }
  const frames = chunks[number]!;
  const fps = video.rate / video.scale;
  const info: MovieInfo = {
    container: 'AVI',
    codec: 'mjpeg',
    width: video.format.readInt32LE(4),
    height: Math.abs(video.format.readInt32LE(8)),
    fps,
    variable: false,
    duration: frames.length / fps,
    rotation: 0,
  };
  const soundNumber = streams.findIndex(({ kind }) => kind === 'auds');
  const audio = soundNumber < 0 ? undefined : audioOf(streams[soundNumber]!, chunks[soundNumber]!, file);
  return {
    info,
    ...(audio !== undefined && { audio }),
    frames: (range) => framesOf(path, file, frames, fps, range),
    count: async (range) => framesWithin(frames.length, fps, range).length,
    close: () => file.close(),
  };
}

/** The comment of an AVI; undefined when it has none. */
export async function aviComment(path: string, file: FileHandle): Promise<string | undefined> {
  return (await contentsOf(file, path)).comment;
}

async function contentsOf(file: FileHandle, path: string): Promise<Contents> {
  const { size } = await file.stat();
  const streams: Stream[] = [];
  const chunks: Chunk[][] = [];
  let header: Buffer | undefined;
  let comment: string | undefined;
  const walk = async (start: number, end: number): Promise<void> => {
    for await (const chunk of chunksBetween(file, start, Math.min(end, size))) {
      const { id, type, length } = chunk;
      const number = /^(\d\d)(dc|db|wb)$/.exec(id)?.[1];
      if (id === 'RIFF' || (id === 'LIST' && type !== '')) await walk(chunk.start + 4, chunk.start + length);
      else if (id === 'strh') header = await readHeader(file, chunk);
      else if (id === 'strf' && header !== undefined && header.length >= 32) {
        const [scale, rate] = [header.readUInt32LE(20), header.readUInt32LE(24)];
        streams.push({ kind: header.toString('latin1', 0, 4), scale, rate, format: await readHeader(file, chunk) });
        chunks.push([]);
      } else if (id === 'ICMT') comment = (await readHeader(file, chunk)).toString('utf8').replace(/\0+$/, '');
      else if (number !== undefined) chunks[Number(number)]?.push(chunk);
    }
  };
  await walk(0, size);
  if (
    streams.some(({ kind, scale, rate, format }) => !(scale > 0 && rate > 0) || (kind === 'vids' && format.length < 40))
  ) {
    throw new MovieError('movie/unreadable', `${path}: the movie is damaged (its headers are). Copy it again.`);
  }
  return { streams, chunks, comment };
}

/** More than any header or comment needs; what is longer is cut. */
const maxHeaderBytes = 2 ** 20;

/** The chunks that stand side by side between two offsets. */
async function* chunksBetween(file: FileHandle, from: number, end: number): AsyncGenerator<Chunk> {
  const head = Buffer.alloc(12);
  for (let at = from; at + 8 <= end; ) {
    await file.read(head, 0, 12, at);
    const id = head.toString('latin1', 0, 4);
    const length = Math.min(head.readUInt32LE(4), end - at - 8);
    const type = id === 'LIST' || id === 'RIFF' ? head.toString('latin1', 8, 12) : '';
    yield { id, type, start: at + 8, length };
    at += 8 + length + (length % 2);
  }
}

async function read(file: FileHandle, { start, length }: Chunk): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, start);
  return bytes;
}

function readHeader(file: FileHandle, chunk: Chunk): Promise<Buffer> {
  return read(file, { ...chunk, length: Math.min(chunk.length, maxHeaderBytes) });
}

async function* framesOf(
  path: string,
  file: FileHandle,
  chunks: readonly Chunk[],
  fps: number,
  range: FrameRange | undefined,
): AsyncGenerator<MovieFrame> {
  let last: RgbFrame | undefined;
  for (const number of framesWithin(chunks.length, fps, range)) {
    const chunk = chunks[number]!;
    // An empty chunk shows the frame before it again.
    if (chunk.length > 0) last = await decode(path, number, await read(file, chunk));
    if (last !== undefined) yield { ...last, timestamp: number / fps, duration: 1 / fps };
  }
}

async function decode(path: string, number: number, jpeg: Buffer): Promise<RgbFrame> {
  try {
    const { data, info } = await sharp(jpeg, { failOn: 'error' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    const message = `${path}: frame ${number + 1} is damaged. Copy the movie again, or read to the frame before.`;
    throw new MovieError('movie/unreadable', message, { cause });
  }
}

function audioOf({ scale, rate, format }: Stream, chunks: readonly Chunk[], file: FileHandle): MovieAudio | undefined {
  const tag = format.readUInt16LE(0);
  const bits = format.length >= 16 ? format.readUInt16LE(14) : 0;
  const pcm = new Map([
    [8, 'pcm-u8'],
    [16, 'pcm-s16'],
    [24, 'pcm-s24'],
  ]).get(bits);
  const codec = tag === 1 ? pcm : tag === 0x55 ? 'mp3' : undefined;
  if (codec === undefined) return undefined;
  const unitBytes = tag === 1 ? format.readUInt16LE(12) : 0;
  async function* packets(from: number): AsyncGenerator<AudioPacket> {
    let units = 0;
    for (const chunk of chunks) {
      const count = unitBytes === 0 ? 1 : chunk.length / unitBytes;
      const timestamp = (units * scale) / rate;
      units += count;
      if (timestamp < from - 1e-6 || chunk.length === 0) continue;
      yield { data: await read(file, chunk), timestamp, duration: (count * scale) / rate, key: true };
    }
  }
  return { codec, channels: format.readUInt16LE(2), sampleRate: format.readUInt32LE(4), codecString: codec, packets };
}
