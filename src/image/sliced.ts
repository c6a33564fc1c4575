/**
 * Long work, cut into short slices: it yields after each of them, so that whoever does it may let others have their turn.
 * What comes of it does not depend on that.
 */
export type Sliced<T> = Generator<void, T, void>;

/** Does sliced work without a break. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const slice = work.next();
    if (slice.done) return slice.value;
  }
}

/** Does sliced work, with breaks between slices. */
export type InSlices = <T>(work: Sliced<T>) => Promise<T>;

/** After so many milliseconds without a pause there is one; slices themselves are to be a good deal shorter. */
const workingMs = 10;

/**
 * A way to do sliced work that lets others have their turn every few milliseconds.
 *
 * @param pause waits for others, such as timers and messages; what it throws ends the work. Default: no breaks
 */
export function inSlicesWith(pause: (() => Promise<void>) | undefined): InSlices {
  if (!pause) return async (work) => atOnce(work);
  let pausedAt = performance.now();
  return async (work) => {
    for (;;) {
      const slice = work.next();
      if (slice.done) return slice.value;
      if (performance.now() - pausedAt < workingMs) continue;
      await pause();
      pausedAt = performance.now();
    }
  };
}
