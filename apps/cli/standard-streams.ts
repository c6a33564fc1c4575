import { OutputError } from '../../src/errors.js';
import { describeError, exitCodes } from './exit-codes.js';

/**
 * Keeps a reader that leaves early, as `head` does, from ending the program with a stack trace. Text that cannot be
 * written for another reason, such as a full disk, is an error like any other.
 */
export function guardStandardStreams(): void {
  // There is nobody left to tell.
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever waits for their bytes hears of it themselves.
    if (error.code === 'EPIPE' || process.stdout.listenerCount('error') > 1) return;
    process.stderr.write(`pareidolia: ${describeError(standardOutputError(error))}\n`);
    // At the very end, so that nothing that comes after says that all is well.
    process.once('exit', (code) => {
      if (code === exitCodes.ok) process.exitCode = exitCodes.output;
    });
  });
}

/** Writes bytes to standard output and waits until they are gone. */
export async function writeToStandardOutput(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => reject(standardOutputError(error));
    process.stdout.on('error', fail);
    process.stdout.write(bytes, (error) => {
      if (error) return fail(error);
      process.stdout.off('error', fail);
      resolve();
    });
  });
}

function standardOutputError(cause: Error): OutputError {
  const reason = 'code' in cause && cause.code === 'EPIPE' ? 'its reader has left' : cause.message;
  return new OutputError('output/write', `Standard output cannot be written (${reason}). Choose a file with -o.`, {
    cause,
  });
}
