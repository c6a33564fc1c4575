import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isRunning } from '../../../src/platform/node/index.js';
import { Refusal } from '../refusal.js';
import type { Staged } from './storage.js';

/** What is written here has the process's number in its name, so that it is known whose it is. */
const ours = /^(\d+)-[0-9a-f]{16}$/;

/** A folder for files and folders that are in use now. Those of processes that are gone are cleared away. */
export class Staging {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the folder and clears away what no process uses any more.
   *
   * @param alone whether no other process can be using it, so that all that is there is left over
   */
  static async open(folder: string, alone: boolean): Promise<Staging> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const pid = Number(ours.exec(name)?.[1]);
      const left = pid !== process.pid && (alone || !isRunning(pid));
      if (left) await rm(join(folder, name), { recursive: true, force: true });
    }
    return new Staging(folder);
  }

  /** A new folder, which the caller removes. */
  async folder(): Promise<string> {
    const path = this.#newPath();
    await mkdir(path);
    return path;
  }

  /**
   * Writes what comes to a file on the disk, and counts and digests it on the way.
   *
   * @param mostBytes what is longer is refused with 413
   */
  async receive(source: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Staged> {
    const path = this.#newPath();
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(path, 'wx');
    try {
      for await (const chunk of source) {
        sizeBytes += chunk.length;
        if (sizeBytes > mostBytes) throw tooLarge(mostBytes);
        hash.update(chunk);
        for (let done = 0; done < chunk.length; ) {
          done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
        }
      }
      await file.sync();
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(path, { force: true });
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom() : error;
    }
    await file.close();
    return { path, sha256: hash.digest('hex'), sizeBytes };
  }

  #newPath(): string {
    return join(this.#folder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  }
}

/** The SHA-256 of a file on this machine, in hexadecimal digits. */
export async function digestOfFile(path: string): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  await pipeline(createReadStream(path), async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      sizeBytes += chunk.length;
      hash.update(chunk);
    }
    yield* [];
  });
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** A body that is longer than it may be. */
export function tooLarge(mostBytes: number): Refusal {
  return new Refusal(413, 'body/too-large', `Expected at most ${mostBytes} bytes, got more.`);
}

function noRoom(): Refusal {
  return new Refusal(507, 'storage/full', "The server's disk is full. Remove jobs that are done, or try again later.");
}
