/** A piece of sound as its codec left it. */
export interface AudioPacket {
  /** The bytes. */
  readonly data: Uint8Array;
  /** When it sounds, in seconds from the start of the movie. */
  readonly timestamp: number;
  /** How long, in seconds. */
  readonly duration: number;
  /** Whether it can be decoded without those before it. */
  readonly key: boolean;
}

/** A movie's sound, to be copied as it is into another movie. */
export interface MovieAudio {
  /** Such as `aac`, `opus`, `vorbis`, `flac`, `mp3` or `pcm-s16`. */
  readonly codec: string;
  /** The number of channels. */
  readonly channels: number;
  /** Samples a second, of each channel. */
  readonly sampleRate: number;
  /** The codec with its profile, as in WebCodecs: `mp4a.40.2`. */
  readonly codecString: string;
  /** What a decoder must know before the first packet; absent where it needs nothing. */
  readonly description?: Uint8Array;
  /**
   * The packets that begin at `start` seconds or later, in order; from 0 also those before it, which decoders need to warm
   * up and which are not heard.
   *
   * @throws MovieError `movie/unreadable` when the file is damaged there
   */
  packets(start: number): AsyncIterable<AudioPacket>;
}

/**
 * How much longer than the pictures the sound may be, in seconds: codecs end it some packets late, to give out what they
 * hold back.
 */
const tail = 0.1;

/** Hands out sound as the pictures need it, so that both come into the file side by side. */
export class AudioFeed {
  private readonly packets: AsyncIterator<AudioPacket>;
  private next: AudioPacket | undefined;
  private ended = false;
  private readonly start: number;

  /** @param start what is second 0 of the new movie, in seconds of the sound */
  constructor(audio: MovieAudio, start: number) {
    this.packets = audio.packets(start)[Symbol.asyncIterator]();
    this.start = start;
  }

  /** The packets that begin before `end`, in seconds of the new movie, and were not handed out yet. */
  async *until(end: number): AsyncGenerator<AudioPacket> {
    while (!this.ended) {
      if (this.next === undefined) {
        const { done, value } = await this.packets.next();
        if (done) {
          this.ended = true;
          return;
        }
        this.next = { ...value, timestamp: value.timestamp - this.start };
      }
      if (this.next.timestamp >= end) return;
      const packet = this.next;
      this.next = undefined;
      yield packet;
    }
  }

  /** The packets that end the sound of a movie that ends at `end`. */
  last(end: number): AsyncGenerator<AudioPacket> {
    return this.until(end + tail);
  }

  /** Lets go of the sound's file. */
  async close(): Promise<void> {
    this.ended = true;
    await this.packets.return?.();
  }
}
