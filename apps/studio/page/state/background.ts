/** What runs for views beside the dream: drawings of channels, and variations. It ends when a dream begins. */
let stopping = new AbortController();

/** Is aborted when what was begun with it shall end. */
export function backgroundSignal(): AbortSignal {
  return stopping.signal;
}

/** Ends what runs in the background, and what waits for it. */
export function stopBackground(): void {
  stopping.abort();
  stopping = new AbortController();
}
