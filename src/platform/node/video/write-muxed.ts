import './codecs/register.js';
import {
  type AudioCodec,
  EncodedAudioPacketSource,
  EncodedPacket,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
  Quality,
  StreamTarget,
  type StreamTargetChunk,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import { OptionError } from '../../../errors.js';
import { createWhole, type WholeFile } from '../write-whole.js';
import { AudioFeed, type MovieAudio } from './audio.js';
import { withBt709 } from './codecs/av1-colour.js';
import { installNative, registerNative } from './codecs/native.js';
import type { FrameSink, SinkOptions } from './frame-sink.js';
import { forgetTimes } from './isobmff-times.js';
import { type MovieCodec, movieTraits } from './movie-format.js';
import { bt709, rgbToYuv420 } from './yuv.js';

/** The formats that mediabunny writes. */
export type MuxedFormat = 'mp4' | 'mov' | 'mkv' | 'webm';

/** What {@link createMuxed} is told beyond what all sinks are. */
export interface MuxedOptions extends SinkOptions {
  readonly format: MuxedFormat;
  readonly codec: MovieCodec;
  readonly audio: MovieAudio | undefined;
  readonly audioStart: number;
}

/** Codecs by mediabunny's names, and their quantizers for a quality from 1 to 100: the smaller, the better. */
const coding = {
  h264: { name: 'avc', quantizer: (quality: number) => between(10, 60 - quality / 2, 51) },
  vp9: { name: 'vp9', quantizer: (quality: number) => between(4, 104 - quality, 63) },
  av1: { name: 'av1', quantizer: (quality: number) => between(20, 4 * (105 - quality), 255) },
} as const;

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

/** MP4, MOV, MKV and WebM, written as the frames come: neither frames nor packets stay in memory. */
export async function createMuxed(options: MuxedOptions): Promise<FrameSink> {
  const { path, width, height, fps, quality, recipe, overwrite, audio, audioStart } = options;
  let moov: { readonly data: Uint8Array; readonly position: number } | undefined;
  const format = outputFormat(options.format, (data, position) => {
    moov = { data, position };
  });
  if (options.codec === 'av1' && !(await registerNative())) {
    const message = `${path}: AV1 is written by codecs that are not installed. Run: ${installNative}`;
    throw new OptionError('option/invalid', message);
  }
  if (audio !== undefined) requireFit(path, audio, format, movieTraits(options.format).title);

  const file = await createWhole(path, { overwrite });
  const output = new Output({ format, target: new StreamTarget(streamInto(file), { chunked: true, chunkSize: 2 ** 20 }) });
  const { name, quantizer } = coding[options.codec];
  const pictures = new VideoSampleSource({
    codec: name,
    quality: new Quality({ quantizer: quantizer(quality) }),
    keyFrameInterval: 2,
    // FFmpeg's encoder says nothing about colours, so it is put in before the packet reaches the container.
    onEncodedPacket: (packet, meta) => {
      if (meta?.decoderConfig !== undefined) meta.decoderConfig.colorSpace = bt709;
      if (options.codec !== 'av1' || packet.type !== 'key') return;
      const data = withBt709(packet.data);
      Object.assign(packet, { data, byteLength: data.length });
    },
  });
  // Times are rounded to the frame rate; frames of other durations need the finer clock of the container.
  output.addVideoTrack(pictures, Number.isInteger(fps) ? { frameRate: fps } : {});
  const sound = audio && new EncodedAudioPacketSource(audio.codec as AudioCodec);
  if (sound !== undefined) output.addAudioTrack(sound);
  const feed = audio && new AudioFeed(audio, audioStart);
  if (recipe !== undefined) output.setMetadataTags({ comment: recipe });
  await output.start();

  let end = 0;
  const addSound = async (): Promise<void> => {
    if (feed === undefined || audio === undefined || sound === undefined) return;
    for await (const { data, timestamp, duration, key } of feed.until(end)) {
      const packet = new EncodedPacket(data, key ? 'key' : 'delta', timestamp, duration);
      await sound.add(packet, { decoderConfig: decoderConfigOf(audio) });
    }
  };
  return {
    async add(rgb, timestamp, duration) {
      end = timestamp + duration;
      await addSound();
      const sample = new VideoSample(rgbToYuv420(rgb, width, height), {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        timestamp,
        duration,
        colorSpace: bt709,
      });
      try {
        await pictures.add(sample);
      } finally {
        sample.close();
      }
    },
    async finish() {
      await feed?.close();
      await output.finalize();
      if (moov !== undefined) {
        forgetTimes(moov.data);
        await file.write(moov.data, moov.position);
      }
      await file.finish();
    },
    async abort() {
      await feed?.close();
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

function requireFit(path: string, audio: MovieAudio, format: OutputFormat, title: string): void {
  const fitting = format.getSupportedAudioCodecs();
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
