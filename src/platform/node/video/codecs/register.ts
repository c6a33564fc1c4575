/** Gives mediabunny, which knows containers, the encoders and decoders that this package brings. */
import {
  CustomVideoDecoder,
  CustomVideoEncoder,
  EncodedPacket,
  registerDecoder,
  registerEncoder,
  type VideoCodec,
  VideoSample,
} from 'mediabunny';
import { assert } from '../../../../errors.js';
import { bt709 } from '../yuv.js';
import { type CoderThread, startCoder } from './codec-thread.js';
import type { CoderOutput, RawFrame, RawPacket } from './codec-protocol.js';

/** What mediabunny says for each frame in its quantizer mode. */
interface QuantizerOptions {
  readonly avc?: { readonly quantizer?: number | null };
  readonly vp9?: { readonly quantizer?: number | null };
}

interface Times {
  readonly timestamp: number;
  readonly duration: number;
}

/** Remembers the times of frames on their way through a coder. */
class InFlight {
  private readonly times = new Map<number, Times>();
  private tags = 0;

  enter({ timestamp, duration }: Times): number {
    this.times.set(++this.tags, { timestamp, duration });
    return this.tags;
  }

  leave(tag: number): Times {
    const times = this.times.get(tag);
    assert(times, `frame ${tag} is in flight`);
    this.times.delete(tag);
    return times;
  }
}

/** H.264 and VP9, encoded in WebAssembly. */
class WasmVideoEncoder extends CustomVideoEncoder {
  private thread: CoderThread | undefined;
  private readonly inFlight = new InFlight();
  private described = false;

  static override supports(codec: VideoCodec, config: VideoEncoderConfig): boolean {
    return (codec === 'avc' || codec === 'vp9') && (config.bitrateMode as string) === 'quantizer';
  }

  init(): void {}

  async encode(sample: VideoSample, options: VideoEncoderEncodeOptions): Promise<void> {
    const { codedWidth: width, codedHeight: height } = sample;
    const codec = this.codec === 'avc' ? 'h264' : 'vp9';
    const { avc, vp9 } = options as QuantizerOptions;
    const quantizer = (codec === 'h264' ? avc : vp9)?.quantizer;
    assert(quantizer != null, 'the encoder is asked for a quality, not a bit rate');
    this.thread ??= await startCoder({ kind: 'encode', codec, width, height, quantizer });
    const data = new Uint8Array(sample.allocationSize());
    await sample.copyTo(data);
    const input = { data, width, height, tag: this.inFlight.enter(sample) };
    this.emit(await this.thread.take(input, options.keyFrame ?? false));
  }

  async flush(): Promise<void> {
    if (this.thread !== undefined) this.emit(await this.thread.flush());
  }

  async close(): Promise<void> {
    await this.thread?.close();
  }

  private emit({ items, description }: CoderOutput): void {
    for (const { data, key, tag } of items as readonly RawPacket[]) {
      const { timestamp, duration } = this.inFlight.leave(tag);
      const packet = new EncodedPacket(data, key ? 'key' : 'delta', timestamp, duration);
      this.onPacket(packet, this.described ? undefined : { decoderConfig: this.decoderConfig(description) });
      this.described = true;
    }
  }

  private decoderConfig(description: Uint8Array | undefined): VideoDecoderConfig {
    const { codec, width, height } = this.config;
    const shape = { codedWidth: width, codedHeight: height, colorSpace: bt709 };
    if (description === undefined) return { ...shape, codec };
    // Profile, constraints and level, as the encoder chose them.
    return { ...shape, codec: `avc1.${Buffer.from(description.subarray(1, 4)).toString('hex')}`, description };
  }
}

/** VP8 and VP9, decoded in WebAssembly. */
class WasmVideoDecoder extends CustomVideoDecoder {
  private thread: CoderThread | undefined;
  private readonly inFlight = new InFlight();

  static override supports(codec: VideoCodec, config: VideoDecoderConfig): boolean {
    // VP9's profiles above 0 have more bits or finer chroma.
    return codec === 'vp8' || (codec === 'vp9' && /^vp09\.00|^vp9$/.test(config.codec));
  }

  async init(): Promise<void> {
    this.thread = await startCoder({ kind: 'decode', codec: this.codec === 'vp8' ? 'vp8' : 'vp9' });
  }

  async decode(packet: EncodedPacket): Promise<void> {
    const input = { data: packet.data, key: packet.type === 'key', tag: this.inFlight.enter(packet) };
    this.emit(await this.thread!.take(input, input.key));
  }

  async flush(): Promise<void> {
    this.emit(await this.thread!.flush());
  }

  async close(): Promise<void> {
    await this.thread?.close();
  }

  private emit({ items }: CoderOutput): void {
    for (const frame of items as readonly RawFrame[]) {
      const { data, width, height, tag } = frame;
      this.onSample(
        new VideoSample(data, {
          format: 'I420',
          codedWidth: width,
          codedHeight: height,
          ...(this.config.colorSpace !== undefined && { colorSpace: this.config.colorSpace }),
          ...this.inFlight.leave(tag),
        }),
      );
    }
  }
}

registerEncoder(WasmVideoEncoder);
registerDecoder(WasmVideoDecoder);
