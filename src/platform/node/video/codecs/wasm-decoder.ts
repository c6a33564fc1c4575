/** Gives mediabunny, which knows containers, the decoders that this package brings. */
import {
  CustomVideoDecoder,
  type EncodedPacket,
  Logging,
  LogLevel,
  registerDecoder,
  type VideoCodec,
  VideoSample,
} from 'mediabunny';
import { yuv420Planes } from '../yuv.js';
import type { CoderOutput, RawFrame } from './codec-protocol.js';
import { type CoderThread, startCoder } from './codec-thread.js';
import { InFlight } from './in-flight.js';

/** VP8 and VP9, decoded in WebAssembly. */
class WasmDecoder extends CustomVideoDecoder {
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
    for (const { data, width, height, tag } of items as readonly RawFrame[]) {
      // Left open, mediabunny would take BT.709 for granted.
      const colorSpace = this.config.colorSpace ?? { matrix: null };
      const shape = { format: 'I420', codedWidth: width, codedHeight: height, colorSpace } as const;
      const layout = yuv420Planes(width, height);
      this.onSample(new VideoSample(data, { ...shape, layout, ...this.inFlight.leave(tag) }));
    }
  }
}

// What goes wrong is thrown as well; remarks would only break into the terminal.
Logging.level = LogLevel.Silent;
registerDecoder(WasmDecoder);
