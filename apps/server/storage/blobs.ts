import type { Connection, Database } from '../store/database.js';
import type { Staged, Storage } from './storage.js';

/** What is known of a stored file. */
export interface Blob {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** Pixels a row, of pictures. */
  readonly width: number | null;
  /** Rows, of pictures. */
  readonly height: number | null;
}

const columns = 'sha256, size_bytes::float8 as "sizeBytes", media_type as "mediaType", width, height';

/** Files in the storage, and the list of them in the database. */
export class Blobs {
  readonly storage: Storage;
  readonly #database: Database;

  constructor(database: Database, storage: Storage) {
    this.#database = database;
    this.storage = storage;
  }

  /** Stores a file and puts it on the list. */
  async add(staged: Staged, facts: Pick<Blob, 'mediaType'> & Partial<Pick<Blob, 'width' | 'height'>>): Promise<Blob> {
    const { mediaType, width = null, height = null } = facts;
    return this.#database.transaction(async (connection) => {
      // The row is locked while the file is stored, so that nobody sweeps it away in between.
      const [blob] = await connection.query<Blob>(
        `insert into pareidolia.blobs (sha256, size_bytes, media_type, width, height) values ($1, $2, $3, $4, $5)
         on conflict (sha256) do update set used_at = now() returning ${columns}`,
        [staged.sha256, staged.sizeBytes, mediaType, width, height],
      );
      await this.storage.keep(staged);
      return blob!;
    });
  }

  /** A file on the list. */
  async find(sha256: string): Promise<Blob | undefined> {
    const [blob] = await this.#database.query<Blob>(`select ${columns} from pareidolia.blobs where sha256 = $1`, [
      sha256,
    ]);
    return blob;
  }

  /** Bytes of all files on the list. */
  async totalBytes(): Promise<number> {
    const [row] = await this.#database.query<{ bytes: number }>(
      'select coalesce(sum(size_bytes), 0)::float8 as bytes from pareidolia.blobs',
    );
    return row!.bytes;
  }

  /**
   * Removes files that no job knows and nobody has stored again lately.
   *
   * @param unusedMs how long ago they were stored at least
   */
  async sweep(unusedMs: number): Promise<number> {
    const unused = await this.#database.query<{ sha256: string }>(
      `select sha256 from pareidolia.blobs b where ${isUnused}`,
      [unusedMs],
    );
    let removed = 0;
    for (const { sha256 } of unused) if (await this.#removeUnused(sha256, unusedMs)) removed++;
    return removed;
  }

  async #removeUnused(sha256: string, unusedMs: number): Promise<boolean> {
    return this.#database.transaction(async (connection: Connection) => {
      await connection.query('select 1 from pareidolia.blobs where sha256 = $1 for update', [sha256]);
      const gone = await connection.query(
        `delete from pareidolia.blobs b where sha256 = $2 and ${isUnused} returning sha256`,
        [unusedMs, sha256],
      );
      if (gone.length > 0) await this.storage.remove(sha256);
      return gone.length > 0;
    });
  }
}

const isUnused = `used_at <= now() - $1 * interval '1 millisecond'
  and not exists (select 1 from pareidolia.files f where f.sha256 = b.sha256)`;
