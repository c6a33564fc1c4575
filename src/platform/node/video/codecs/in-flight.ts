import { assert } from '../../../../errors.js';

/** When a frame is shown and how long, in seconds. */
export interface Times {
  readonly timestamp: number;
  readonly duration: number;
}

/** Remembers the times of frames on their way through a coder, which knows them by tags. */
export class InFlight {
  private readonly times = new Map<number, Times>();
  private tags = 0;

  /** The tag for a frame that goes in. */
  enter({ timestamp, duration }: Times): number {
    this.times.set(++this.tags, { timestamp, duration });
    return this.tags;
  }

  /** The times of a frame that came out. */
  leave(tag: number): Times {
    const times = this.times.get(tag);
    assert(times, `frame ${tag} is in flight`);
    this.times.delete(tag);
    return times;
  }
}
