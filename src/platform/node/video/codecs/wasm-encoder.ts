import { EncodedPacket } from 'mediabunny';
import { assert } from '../../../../errors.js';
import { bt709, rgbToYuv420 } from '../yuv.js';
import type { CoderOutput, RawPacket } from './codec-protocol.js';
import { type CoderThread, startCoder } from './codec-thread.js';
import { InFlight } from './in-flight.js';

/** Seconds from one key frame to the next. */
export const keyFrameSeconds = 2;

/** A packet for a container; the first comes with what a decoder must know. */
export type PacketHandler = (packet: EncodedPacket, meta?: { decoderConfig: VideoDecoderConfig }) => Promise<void>;

/** What {@link WasmEncoder} is told. */
export interface WasmEncoderOptions {
  readonly codec: 'h264' | 'vp9';
  /** Even. */
  readonly width: number;
  /** Even. */
  readonly height: number;
  /** 0 (best) to 51 for H.264, to 63 for VP9. */
  readonly quantizer: number;
  readonly onPacket: PacketHandler;
}

/** H.264 or VP9, encoded in a thread while the next frame is made. */
export class WasmEncoder {
  private readonly options: WasmEncoderOptions;
  private readonly thread: CoderThread;
  private readonly inFlight = new InFlight();
  private last: Promise<void> = Promise.resolve();
  private runs = -1;
  private described = false;

  private constructor(options: WasmEncoderOptions, thread: CoderThread) {
    this.options = options;
    this.thread = thread;
  }

  /** Starts the thread. */
  static async start(options: WasmEncoderOptions): Promise<WasmEncoder> {
    const { codec, width, height, quantizer } = options;
    return new WasmEncoder(options, await startCoder({ kind: 'encode', codec, width, height, quantizer }));
  }

  /**
   * Takes a frame. It is encoded when the next one comes, or at {@link WasmEncoder.finish}; what goes wrong is thrown then.
   *
   * @param rgb `[height, width, 3]`, 8 bits
   */
  async add(rgb: Uint8Array, timestamp: number, duration: number): Promise<void> {
    const { width, height } = this.options;
    const data = rgbToYuv420(rgb, width, height);
    await this.last;
    const run = Math.floor(timestamp / keyFrameSeconds + 1e-9);
    const tag = this.inFlight.enter({ timestamp, duration });
    const output = this.thread.take({ data, width, height, tag }, run !== this.runs);
    this.runs = run;
    this.last = this.emit(output);
    // Thrown by whoever waits for it next.
    this.last.catch(() => undefined);
  }

  /** Encodes the rest and ends the thread. */
  async finish(): Promise<void> {
    await this.last;
    await this.emit(this.thread.flush());
    await this.close();
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.thread.close();
  }

  private async emit(output: Promise<CoderOutput>): Promise<void> {
    const { items, description } = await output;
    for (const { data, key, tag } of items as readonly RawPacket[]) {
      const { timestamp, duration } = this.inFlight.leave(tag);
      const packet = new EncodedPacket(data, key ? 'key' : 'delta', timestamp, duration);
      const config = this.described ? undefined : { decoderConfig: this.decoderConfig(description) };
      this.described = true;
      await this.options.onPacket(packet, config);
    }
  }

  private decoderConfig(description: Uint8Array | undefined): VideoDecoderConfig {
    const { codec, width, height } = this.options;
    const shape = { codedWidth: width, codedHeight: height, colorSpace: bt709 };
    // Profile 0 of 8 bits with 4:2:0; its level says nothing that a decoder needs.
    if (codec === 'vp9') return { ...shape, codec: 'vp09.00.51.08' };
    assert(description, 'the H.264 encoder describes its stream');
    // Profile, constraints and level, as the encoder chose them.
    return { ...shape, codec: `avc1.${Buffer.from(description.subarray(1, 4)).toString('hex')}`, description };
  }
}
