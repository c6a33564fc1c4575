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
  const release = (): void => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
  const handle = (): void => {
    if (controller.signal.aborted) {
      leave();
      leaveAtOnce(release);
    }
    controller.abort();
    announce();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return { stop: controller.signal, release };
}

/**
 * Ends the process without waiting for the thread that computes, which cannot be ended in the middle of a step: the
 * process tidies up as it does at any exit, then dies of the interrupt, which shells report as 130 as well.
 */
function leaveAtOnce(release: () => void): never {
  // Until it has tidied up, one signal more must not end the process; Windows knows no death by signal.
  process.on('exit', () => {
    release();
    if (process.platform !== 'win32') process.kill(process.pid, 'SIGINT');
  });
  process.exit(exitCodes.interrupted);
}
