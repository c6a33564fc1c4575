import LibAV from '@libav.js/variant-webm-vp9';
import { yuv420Bytes, yuv420Planes } from '../yuv.js';
import type { Coder, CoderJob, CoderOutput, RawFrame, RawPacket } from './codec-protocol.js';

/** Frames are counted, not timed: the container has their times. Rate control takes them for 25 a second. */
const timeBase: [number, number] = [1, 25];

/** FFmpeg's AV_PICTURE_TYPE_I and AV_PKT_FLAG_KEY. */
const intraPicture = 1;
const keyFlag = 1;

function loadLibav(): Promise<LibAV.LibAV> {
  return LibAV.LibAV({ noworker: true, nothreads: true }).then(async (libav) => {
    // Its remarks would only break into the terminal; what fails is thrown.
    await libav.av_log_set_level(libav.AV_LOG_QUIET);
    return libav;
  });
}

/**
 * VP9 by libvpx in WebAssembly, at the constant quality of the job's quantizer.
 *
 * @param job sides must be even: libav.js leaves out the last chroma row of an odd height
 */
export async function createVpxEncoder(job: CoderJob & { readonly kind: 'encode' }): Promise<Coder> {
  const libav = await loadLibav();
  const { width, height } = job;
  const [, context, frame, packet] = await libav.ff_init_encoder('libvpx-vp9', {
    ctx: { width, height, pix_fmt: libav.AV_PIX_FMT_YUV420P, bit_rate: 0, gop_size: 250, framerate_num: 25 },
    time_base: timeBase,
    // Without SIMD and threads the slower settings take ten times as long, for a third less bytes.
    options: { crf: `${job.quantizer}`, deadline: 'realtime', 'cpu-used': '7', 'lag-in-frames': '0' },
  });
  const encode = async (frames: readonly LibAV.Frame[], end: boolean): Promise<CoderOutput> => {
    const packets = await libav.ff_encode_multi(context, frame, packet, [...frames], end);
    return { items: packets.map(({ data, flags, pts }) => ({ data, key: (flags! & keyFlag) !== 0, tag: pts! })) };
  };
  return {
    take(input, key) {
      const { data, tag } = input as RawFrame;
      const frame = {
        data,
        width,
        height,
        layout: yuv420Planes(width, height),
        format: libav.AV_PIX_FMT_YUV420P,
        pts: tag,
      };
      return encode([key ? { ...frame, pict_type: intraPicture } : frame], false);
    },
    flush: () => encode([], true),
  };
}

/** VP8 and VP9 by libvpx in WebAssembly. */
export async function createVpxDecoder(codec: 'vp8' | 'vp9'): Promise<Coder> {
  const libav = await loadLibav();
  const name = codec === 'vp8' ? 'libvpx' : 'libvpx-vp9';
  const [, context, packet, frame] = await libav.ff_init_decoder(name, { time_base: timeBase });
  const decode = async (packets: readonly LibAV.Packet[], end: boolean): Promise<CoderOutput> => {
    const frames = await libav.ff_decode_multi(context, packet, frame, [...packets], end);
    return { items: frames.map((decoded) => rawFrame(decoded, libav)) };
  };
  return {
    take(input) {
      const { data, key, tag } = input as RawPacket;
      return decode([{ data, pts: tag, flags: key ? keyFlag : 0 }], false);
    },
    flush: () => decode([], true),
  };
}

function rawFrame(frame: LibAV.Frame, libav: LibAV.LibAV): RawFrame {
  const { format, pts } = frame;
  const [width, height] = [frame.width!, frame.height!];
  if (format !== libav.AV_PIX_FMT_YUV420P) throw new Error(`pixel format ${format} is not 8-bit 4:2:0`);
  const data = new Uint8Array(yuv420Bytes(width, height));
  for (const [plane, to] of yuv420Planes(width, height).entries()) {
    const from = frame.layout![plane]!;
    const rows = plane === 0 ? height : Math.ceil(height / 2);
    // libav.js leaves out the last chroma row of an odd height.
    const room = Math.floor(((frame.layout![plane + 1]?.offset ?? frame.data.length) - from.offset) / from.stride);
    for (let y = 0; y < rows; y++) {
      const start = from.offset + Math.min(y, room - 1) * from.stride;
      data.set(frame.data.subarray(start, start + to.stride), to.offset + y * to.stride);
    }
  }
  return { data, width, height, tag: pts! };
}
