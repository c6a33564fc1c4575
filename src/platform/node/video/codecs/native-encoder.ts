import { type EncodedPacket, Quality, VideoSample, VideoSampleSource } from 'mediabunny';
import { bt709, rgbToYuv420, rgbToYuv444 } from '../yuv.js';
import { withBt709 } from './av1-colour.js';
import { keyFrameSeconds } from './wasm-encoder.js';

/** AV1, encoded by the optional codecs. */
export class NativeEncoder {
  /** Where the packets go; a track of the output. */
  readonly source: VideoSampleSource;
  private readonly width: number;
  private readonly height: number;

  /** @param quantizer 0 (best) to 255 */
  constructor(width: number, height: number, quantizer: number) {
    this.width = width;
    this.height = height;
    this.source = new VideoSampleSource({
      codec: 'av1',
      quality: new Quality({ quantizer }),
      keyFrameInterval: keyFrameSeconds,
      // The encoder says nothing about colours, so it is put in before the packet reaches the container.
      onEncodedPacket: (packet: EncodedPacket, meta) => {
        if (meta?.decoderConfig !== undefined) meta.decoderConfig.colorSpace = bt709;
        if (packet.type !== 'key') return;
        const data = withBt709(packet.data);
        Object.assign(packet, { data, byteLength: data.length });
      },
    });
  }

  /** Takes a frame, `[height, width, 3]`, 8 bits; waits while the encoder has enough to do. */
  async add(rgb: Uint8Array, timestamp: number, duration: number): Promise<void> {
    const { width, height } = this;
    // mediabunny drops the last chroma column of an odd width, so there FFmpeg makes 4:2:0 of full chroma.
    const format = width % 2 === 0 ? 'I420' : 'I444';
    const data = format === 'I420' ? rgbToYuv420(rgb, width, height) : rgbToYuv444(rgb, width, height);
    const shape = { format, codedWidth: width, codedHeight: height, colorSpace: bt709 } as const;
    const sample = new VideoSample(data, { ...shape, timestamp, duration });
    try {
      await this.source.add(sample);
    } finally {
      sample.close();
    }
  }
}
