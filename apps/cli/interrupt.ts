import { exitCodes } from './exit-codes.js';

/** Listens for Ctrl-C. */
export interface Interrupt {
  /** Aborted at the first Ctrl-C: finish the step and keep what is there. */
  readonly stop: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  release(): void;
}

/**
 * The first Ctrl-C (or a polite request to end) stops after the step in progress, the second leaves at once.
 *
 * @param announce is told the first time, to say so
 * @param leave is called before the process ends at the second, to put the terminal right
 */
export function onInterrupt(announce: () => void, leave: () => void): Interrupt {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) {
      leave();
      process.exit(exitCodes.interrupted);
    }
    controller.abort();
    announce();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    stop: controller.signal,
    release: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
