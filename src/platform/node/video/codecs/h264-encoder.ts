import { createRequire } from 'node:module';
import type { H264MP4Encoder } from 'h264-mp4-encoder';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { assert } from '../../../../errors.js';
import type { Coder, CoderJob, CoderOutput, RawFrame, RawPacket } from './codec-protocol.js';

/** The most frames between two key frames, and so in one of the encoder's own files. */
const maxRun = 250;

/**
 * minih264 in WebAssembly: H.264's Baseline profile. It comes in a package that writes whole MP4 files in memory; so
 * that memory does not grow with the movie, each run of frames up to the next key frame gets a file of its own, and its
 * packets are taken out.
 *
 * The package adopts its process's uncaught errors, so it must be loaded in a thread of its own.
 *
 * @param job sides must be even
 */
export async function createH264Encoder(job: CoderJob & { readonly kind: 'encode' }): Promise<Coder> {
  // The package is CommonJS, and its bundle hides its names from import().
  const { createH264MP4Encoder } = createRequire(import.meta.url)(
    'h264-mp4-encoder',
  ) as typeof import('h264-mp4-encoder');
  let encoder: H264MP4Encoder | undefined;
  let tags: number[] = [];
  let described = false;

  const begin = async (): Promise<H264MP4Encoder> => {
    const next = await createH264MP4Encoder();
    next.width = job.width;
    next.height = job.height;
    next.frameRate = 25; // only its own file's; ours has the times
    next.quantizationParameter = job.quantizer;
    next.groupOfPictures = maxRun;
    next.speed = 2;
    next.initialize();
    return next;
  };
  const end = async (): Promise<CoderOutput> => {
    if (encoder === undefined) return { items: [] };
    encoder.finalize();
    const file = encoder.FS.readFile(encoder.outputFilename).slice();
    encoder.FS.unlink(encoder.outputFilename);
    encoder.delete();
    encoder = undefined;
    const { packets, description } = await packetsOf(file, tags);
    tags = [];
    if (described) return { items: packets };
    described = true;
    return { items: packets, description };
  };
  return {
    async take(input, key) {
      const frame = input as RawFrame;
      const ready = key || tags.length === maxRun ? await end() : { items: [] };
      encoder ??= await begin();
      encoder.addFrameYuv(frame.data);
      tags.push(frame.tag);
      return ready;
    },
    flush: end,
  };
}

async function packetsOf(
  file: Uint8Array<ArrayBuffer>,
  tags: readonly number[],
): Promise<{ packets: RawPacket[]; description: Uint8Array }> {
  const input = new Input({ source: new BufferSource(file), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  const description = (await track?.getDecoderConfig())?.description;
  assert(track && description instanceof Uint8Array, 'the encoder wrote an H.264 track');
  const packets: RawPacket[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    packets.push({ data: packet.data, key: packet.type === 'key', tag: tags[packets.length]! });
  }
  assert(packets.length === tags.length, `${tags.length} frames gave ${packets.length} packets`);
  return { packets, description };
}
