/** Where the frames of a movie go: one implementation for each way to write a file. */
export interface FrameSink {
  /**
   * Takes the next frame; waits while the encoder has enough to do.
   *
   * @param rgb `[height, width, 3]`, 8 bits, of the size the sink was made for
   * @param timestamp when it is shown, in seconds from the start of the movie
   * @param duration how long, in seconds
   */
  add(rgb: Uint8Array, timestamp: number, duration: number): Promise<void>;
  /** Writes the rest and gives the file its name. */
  finish(): Promise<void>;
  /** Ends the encoder and removes what was written. */
  abort(): Promise<void>;
}

/** What every sink is told, checked by `createMovie`. */
export interface SinkOptions {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly fps: number;
  /** Whether frames may have durations of their own. */
  readonly variable: boolean;
  /** 1 to 100. */
  readonly quality: number;
  /** How often to play; 0 for ever. */
  readonly loop: number;
  readonly recipe: string | undefined;
  readonly overwrite: boolean;
}
