/** What the main thread and the thread that codes say to each other. */

/** What a coder is made for. */
export type CoderJob =
  | {
      readonly kind: 'encode';
      readonly codec: 'h264' | 'vp9';
      readonly width: number;
      readonly height: number;
      /** 0 (best) to 51 for H.264, to 63 for VP9. */
      readonly quantizer: number;
    }
  | { readonly kind: 'decode'; readonly codec: 'vp8' | 'vp9' };

/** A picture in planar 4:2:0 without padding, 8 bits. */
export interface RawFrame {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Any number by which the caller finds its frame again: coders give it back with the packet or frame made of it. */
  readonly tag: number;
}

/** What an encoder made of one frame, or a decoder takes. */
export interface RawPacket {
  readonly data: Uint8Array;
  /** Whether it can be decoded without those before it. */
  readonly key: boolean;
  readonly tag: number;
}

/** Something that encodes or decodes; one call at a time. */
export interface Coder {
  /**
   * Takes the next frame or packet.
   *
   * @param key whether an encoder shall begin anew with this frame
   * @returns what became ready, in order
   */
  take(input: RawFrame | RawPacket, key: boolean): Promise<CoderOutput>;
  /** What was still waiting. */
  flush(): Promise<CoderOutput>;
}

/** Frames or packets that became ready. */
export interface CoderOutput {
  readonly items: readonly (RawFrame | RawPacket)[];
  /** What a decoder must know before the first packet: H.264's AVCDecoderConfigurationRecord. */
  readonly description?: Uint8Array;
}

/** A request to the thread that codes; its answer repeats the id. */
export type CoderRequest = { readonly id: number } & (
  | { readonly kind: 'start'; readonly job: CoderJob }
  | { readonly kind: 'take'; readonly input: RawFrame | RawPacket; readonly key: boolean }
  | { readonly kind: 'flush' }
);

/** The answer to a request. */
export type CoderAnswer = { readonly id: number } & (
  | { readonly output: CoderOutput | undefined }
  | { readonly error: string }
);
