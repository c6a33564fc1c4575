import { randomBytes } from 'node:crypto';
import { close, constants, ftruncateSync, openSync, readSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformError } from '../../../errors.js';
import type { ByteStore } from '../../../image/index.js';

/**
 * Makes a file that has no name and goes with the process, however that ends. What is read and written passes through the
 * system's file cache and takes no memory of the process.
 *
 * @param sizeBytes how much will be written
 * @param folder where the file lies; default: the system's folder for temporary files (`TMPDIR`)
 * @throws PlatformError `platform/scratch` when the folder cannot be written to or its disk is too full
 */
export function createScratch(sizeBytes: number, folder: string = tmpdir()): ByteStore {
  const path = join(folder, `pareidolia-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      throw scratchError(folder, cause);
    }
  };
  attempt(() => refuseFullDisk(sizeBytes, folder));
  let file: number | undefined = attempt(() => {
    const { O_RDWR, O_CREAT, O_EXCL } = constants;
    const opened = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
    // Its name goes at once, its content when the last who has it open is gone.
    unlinkSync(path);
    ftruncateSync(opened, sizeBytes);
    return opened;
  });
  return {
    read(into, at) {
      attempt(() => readFully(file!, into, at));
    },
    write(bytes, at) {
      attempt(() => {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file!, bytes, done, bytes.length - done, at + done);
        }
      });
    },
    clear() {
      // What a file was cut off and given back reads as 0.
      attempt(() => {
        ftruncateSync(file!, 0);
        ftruncateSync(file!, sizeBytes);
      });
    },
    close() {
      // Giving a large file's room back takes a while, which nobody has to wait for.
      if (file !== undefined) close(file, () => {});
      file = undefined;
    },
  };
}

/**
 * Fills an array with the bytes of an open file from `at` on.
 *
 * @throws Error when the file ends before, and what reading throws
 */
export function readFully(file: number, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(file, into, done, into.length - done, at + done);
    if (count === 0) throw new Error(`it ends before byte ${at + into.length}`);
    done += count;
  }
}

function refuseFullDisk(sizeBytes: number, folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= sizeBytes) return;
  const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));
  throw new Error(`${megabytes(sizeBytes)} MB are needed, ${megabytes(bavail * bsize)} MB are free`);
}

function scratchError(folder: string, cause: unknown): PlatformError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new PlatformError(
    'platform/scratch',
    `${folder}: the picture's scratch file cannot be used (${said}). Free some room, or name another folder in TMPDIR.`,
    { cause },
  );
}
