import {
  type AudioCodec,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  StreamTarget,
  type StreamTargetChunk,
  WebMOutputFormat,
} from 'mediabunny';
import { OptionError } from '../../../errors.js';
import { createWhole, type WholeFile } from '../files/write-whole.js';
import { AudioFeed, type AudioPacket, type MovieAudio } from './audio.js';
import { installNative, registerNative } from './codecs/native.js';
import { NativeEncoder } from './codecs/native-encoder.js';
import { type PacketHandler, WasmEncoder } from './codecs/wasm-encoder.js';
import type { FrameSink, SinkOptions } from './frame-sink.js';
import { forgetTimes } from './isobmff-times.js';
import { type MovieCodec, movieTraits } from './movie-format.js';

/** The formats that mediabunny writes. */
export type MuxedFormat = 'mp4' | 'mov' | 'mkv' | 'webm';

/** What {@link createMuxed} is told beyond what all sinks are. */
export interface MuxedOptions extends SinkOptions {
  readonly format: MuxedFormat;
  readonly codec: MovieCodec;
  readonly audio: MovieAudio | undefined;
  readonly audioStart: number;
}

/** The encoders' quantizers for a quality from 1 to 100: the smaller, the better. */
const quantizers = {
  h264: (quality: number) => between(10, 60 - quality / 2, 51),
  vp9: (quality: number) => between(4, 64 - 0.6 * quality, 63),
  av1: (quality: number) => between(16, 3 * (105 - quality), 255),
} as const;

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

/** MP4, MOV, MKV and WebM, written as the frames come: neither frames nor packets stay in memory. */
export async function createMuxed(options: MuxedOptions): Promise<FrameSink> {
  const { path, overwrite, audio } = options;
  if (options.codec === 'av1' && !(await registerNative())) {
    const message = `${path}: AV1 is written by codecs that are not installed. Run: ${installNative}`;
    throw new OptionError('option/invalid', message);
  }
  if (audio !== undefined) requireFit(path, audio, options.format);

  const file = await createWhole(path, { overwrite });
  return muxInto(file, options).catch(async (cause: unknown) => {
    await file.abort();
    throw cause;
  });
}

async function muxInto(file: WholeFile, options: MuxedOptions): Promise<FrameSink> {
  const { width, height, quality, recipe, audio, audioStart } = options;
  let moov: { readonly data: Uint8Array; readonly position: number } | undefined;
  const format = outputFormat(options.format, (data, position) => {
    moov = { data, position };
  });
  const output = new Output({
    format,
    target: new StreamTarget(streamInto(file), { chunked: true, chunkSize: 2 ** 20 }),
  });
  const { codec } = options;
  const quantizer = quantizers[codec](quality);
  const packets = codec === 'av1' ? undefined : new EncodedVideoPacketSource(codec === 'h264' ? 'avc' : 'vp9');
  const onPacket: PacketHandler = (packet, meta) => packets!.add(packet, meta);
  const encoder =
    codec === 'av1'
      ? new NativeEncoder(width, height, quantizer)
      : await WasmEncoder.start({ codec, width, height, quantizer, onPacket });
  const track = encoder instanceof NativeEncoder ? encoder.source : packets!;
  output.addVideoTrack(track, options.variable ? {} : { frameRate: options.fps });
  const sound = audio && new EncodedAudioPacketSource(audio.codec as AudioCodec);
  if (sound !== undefined) output.addAudioTrack(sound);
  const feed = audio && new AudioFeed(audio, audioStart);
  if (recipe !== undefined) output.setMetadataTags({ comment: recipe });
  await output.start();

  let end = 0;
  const addSound = async (packets: AsyncIterable<AudioPacket> | undefined): Promise<void> => {
    for await (const { data, timestamp, duration, key } of packets ?? []) {
      const packet = new EncodedPacket(data, key ? 'key' : 'delta', timestamp, duration);
      await sound!.add(packet, { decoderConfig: decoderConfigOf(audio!) });
    }
  };
  return {
    async add(rgb, timestamp, duration) {
      end = timestamp + duration;
      await addSound(feed?.until(end));
      await encoder.add(rgb, timestamp, duration);
    },
    async finish() {
      await addSound(feed?.last(end));
      await feed?.close();
      if (encoder instanceof WasmEncoder) await encoder.finish();
      await output.finalize();
      if (moov !== undefined) {
        forgetTimes(moov.data);
        await file.write(moov.data, moov.position);
      }
      await file.finish();
    },
    async abort() {
      await feed?.close();
      if (encoder instanceof WasmEncoder) await encoder.close();
      await output.cancel().catch(() => undefined);
      await file.abort();
    },
  };
}

/** @param onMoov is given the index of an MP4 or MOV when it was written */
function outputFormat(format: MuxedFormat, onMoov: (data: Uint8Array, position: number) => void): OutputFormat {
  switch (format) {
    // The index comes last: before the pictures it would have to wait for them in memory.
    case 'mp4':
      return new Mp4OutputFormat({ fastStart: false, onMoov });
    case 'mov':
      return new MovOutputFormat({ fastStart: false, onMoov });
    case 'mkv':
      return new MkvOutputFormat();
    case 'webm':
      return new WebMOutputFormat();
  }
}

/**
 * Refuses sound that a format has no place for.
 *
 * @throws OptionError `option/invalid`
 */
export function requireFit(path: string, audio: MovieAudio, format: MuxedFormat): void {
  const { title } = movieTraits(format);
  const fitting = outputFormat(format, () => undefined).getSupportedAudioCodecs();
  if (fitting.some((codec) => codec === audio.codec)) return;
  throw new OptionError(
    'option/invalid',
    `${path}: sound in ${audio.codec} does not fit into ${title}, expected ${fitting.join(', ')}. Write an MKV, or leave the sound out.`,
  );
}

function decoderConfigOf(audio: MovieAudio): AudioDecoderConfig {
  const { codecString: codec, channels: numberOfChannels, sampleRate, description } = audio;
  return { codec, numberOfChannels, sampleRate, ...(description !== undefined && { description }) };
}

function streamInto(file: WholeFile): WritableStream<StreamTargetChunk> {
  return new WritableStream({ write: ({ data, position }) => file.write(data, position) });
}
