import type { Readable } from 'node:stream';

/** A file on this machine that is not stored yet. */
export interface Staged {
  /** Where it lies. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Where pictures, results and checkpoints lie, by the SHA-256 of what is in them. A file is there whole, or not at all.
 */
export interface Storage {
  /** What messages call it. */
  readonly name: string;
  /** Stores a file and reads it back to compare it with its digest. The staged file goes. */
  keep(staged: Staged): Promise<void>;
  /** Reads a file; undefined when it is not there. */
  read(sha256: string): Promise<Readable | undefined>;
  /**
   * The path of a file on this machine, with the content that its digest says.
   *
   * @param folder where a copy may be made, which is the caller's to remove
   * @throws Error when it is not there or is damaged
   */
  local(sha256: string, folder: string): Promise<string>;
  /** Removes a file, which need not be there. */
  remove(sha256: string): Promise<void>;
}

/** Refuses what is no digest, before it becomes a part of a path. */
export function checkDigest(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('internal: a SHA-256 digest has 64 hexadecimal digits');
  return sha256;
}
