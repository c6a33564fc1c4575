import sharp from 'sharp';
import { OptionError, OutputError } from '../../../errors.js';
import { createWhole } from '../files/write-whole.js';
import { AudioFeed, type AudioPacket, type MovieAudio } from './audio.js';
import type { FrameSink, SinkOptions } from './frame-sink.js';
import { asciiJson } from './recipe-text.js';
import { chunk, list, rationalOf, u16, u32 } from './riff.js';

/** What {@link createAvi} is told beyond what all sinks are. */
export interface AviOptions extends SinkOptions {
  readonly audio: MovieAudio | undefined;
  readonly audioStart: number;
}

/** Offsets and sizes have 32 bits. */
const maxBytes = 2 ** 32 - 1;

/** Flags of AVI's headers and index. */
const hasIndex = 0x10;
const isInterleaved = 0x100;
const keyFrame = 0x10;

/**
 * AVI with Motion JPEG: a JPEG for each frame, one after the other. Colours are JPEG's own (BT.601, full range), which is
 * what players take Motion JPEG for.
 */
export async function createAvi(options: AviOptions): Promise<FrameSink> {
  const { path, width, height, quality, recipe, overwrite, audio } = options;
  const sound = audio && waveFormatOf(path, audio);
  const file = await createWhole(path, { overwrite });
  const feed = audio && new AudioFeed(audio, options.audioStart);
  const counts = { frames: 0, largest: 0, soundUnits: 0, moviBytes: 4, indexBytes: 0 };
  const headerOf = (): Buffer => header(options, sound, counts);
  const movi = headerOf().length + 8; // where the data of the list of chunks begins
  const index: Uint8Array[] = [];
  await file.write(headerOf());
  await file.write(Buffer.concat([Buffer.from('LIST'), u32(0), Buffer.from('movi')]));

  const addChunk = async (id: string, data: Uint8Array): Promise<void> => {
    const bytes = chunk(id, data);
    index.push(Buffer.concat([Buffer.from(id), u32(keyFrame), u32(counts.moviBytes), u32(data.length)]));
    counts.indexBytes += 16;
    if (movi + counts.moviBytes + bytes.length + counts.indexBytes + 8 > maxBytes) {
      const message = `${path}: an AVI holds at most 4 GiB, which ${counts.frames} frames fill. Write an MP4 instead.`;
      throw new OutputError('output/write', message);
    }
    await file.write(bytes);
    counts.moviBytes += bytes.length;
  };
  let end = 0;
  const addSound = async (packets: AsyncIterable<AudioPacket> | undefined): Promise<void> => {
    for await (const { data } of packets ?? []) {
      await addChunk('01wb', data);
      counts.soundUnits += sound!.unitBytes === 0 ? 1 : data.length / sound!.unitBytes;
    }
  };
  return {
    async add(rgb, timestamp, duration) {
      end = timestamp + duration;
      await addSound(feed?.until(end));
      const image = sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
      const jpeg = await image.jpeg({ quality }).toBuffer();
      await addChunk('00dc', jpeg);
      counts.frames += 1;
      counts.largest = Math.max(counts.largest, jpeg.length);
    },
    async finish() {
      await addSound(feed?.last(end));
      await feed?.close();
      await file.write(Buffer.concat([Buffer.from('idx1'), u32(counts.indexBytes), ...index]));
      await file.write(headerOf(), 0);
      await file.write(u32(counts.moviBytes), movi - 4);
      await file.finish();
    },
    async abort() {
      await feed?.close();
      await file.abort();
    },
  };

  function header(
    { width, height, fps }: SinkOptions,
    wave: WaveFormat | undefined,
    { frames, largest, soundUnits, moviBytes, indexBytes }: typeof counts,
  ): Buffer {
    const { numerator, denominator } = rationalOf(fps);
    const microseconds = u32(Math.round(1e6 / fps));
    const streams = u32(wave === undefined ? 1 : 2);
    const size = [u32(width), u32(height)];
    const main = [microseconds, u32(0), u32(0), u32(hasIndex | isInterleaved), u32(frames), u32(0), streams];
    const avih = chunk('avih', Buffer.concat([...main, u32(largest + 8), ...size, Buffer.alloc(16)]));
    const rate = [u32(denominator), u32(numerator)];
    const video = Buffer.concat([
      ...[Buffer.from('vidsMJPG'), u32(0), u32(0), u32(0), ...rate, u32(0), u32(frames), u32(largest + 8)],
      ...[u32(0xffffffff), u32(0), u16(0), u16(0), u16(width), u16(height)],
    ]);
    // BITMAPINFOHEADER
    const bitmap = Buffer.concat([
      ...[u32(40), ...size, u16(1), u16(24), Buffer.from('MJPG'), u32(width * height * 3), Buffer.alloc(16)],
    ]);
    const tracks = [list('strl', chunk('strh', video), chunk('strf', bitmap))];
    if (wave !== undefined) {
      const head = Buffer.concat([
        ...[Buffer.from('auds'), u32(0), u32(0), u32(0), u32(0), u32(wave.scale), u32(wave.rate), u32(0)],
        ...[u32(soundUnits), u32(65_536), u32(0xffffffff), u32(wave.unitBytes), Buffer.alloc(8)],
      ]);
      tracks.push(list('strl', chunk('strh', head), chunk('strf', wave.format)));
    }
    const info = recipe === undefined ? [] : [list('INFO', chunk('ICMT', Buffer.from(`${asciiJson(recipe)}\0`)))];
    const body = Buffer.concat([list('hdrl', avih, ...tracks), ...info]);
    const riffBytes = 4 + body.length + 8 + moviBytes + (indexBytes > 0 ? 8 + indexBytes : 0);
    return Buffer.concat([Buffer.from('RIFF'), u32(riffBytes), Buffer.from('AVI '), body]);
  }
}

/** How AVI describes sound. */
interface WaveFormat {
  /** The WAVEFORMATEX structure. */
  readonly format: Buffer;
  /** Units a second are rate / scale. */
  readonly scale: number;
  readonly rate: number;
  /** Bytes a unit; 0 where a chunk is one unit, of any size. */
  readonly unitBytes: number;
}

const pcmBits = new Map([
  ['pcm-u8', 8],
  ['pcm-s16', 16],
  ['pcm-s24', 24],
]);

export function waveFormatOf(path: string, { codec, channels, sampleRate }: MovieAudio): WaveFormat {
  const bits = pcmBits.get(codec);
  if (bits !== undefined) {
    const unitBytes = (channels * bits) / 8;
    const rate = unitBytes * sampleRate;
    const format = Buffer.concat([
      u16(1),
      u16(channels),
      u32(sampleRate),
      u32(rate),
      u16(unitBytes),
      u16(bits),
      u16(0),
    ]);
    return { format, scale: unitBytes, rate, unitBytes };
  }
  if (codec !== 'mp3') {
    throw new OptionError(
      'option/invalid',
      `${path}: sound in ${codec} does not fit into AVI, expected mp3 or 8 to 24-bit PCM. Write an MKV, or leave the sound out.`,
    );
  }
  // MPEGLAYER3WAVEFORMAT; a chunk for each MP3 frame keeps variable bit rates in time.
  const samples = sampleRate >= 32_000 ? 1152 : 576;
  const format = Buffer.concat([
    ...[u16(0x55), u16(channels), u32(sampleRate), u32(16_000), u16(samples), u16(0), u16(12)],
    ...[u16(1), u32(2), u16(samples), u16(1), u16(1393)],
  ]);
  return { format, scale: samples, rate: sampleRate, unitBytes: 0 };
}
