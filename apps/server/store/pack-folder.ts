import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';

/** What is in a packed folder: a file with its length, or a folder. Folders stand before what is in them. */
interface Entry {
  readonly path: string;
  /** `null` for a folder. */
  readonly bytes: number | null;
}

/** At a time; more do not make a disk faster. */
const handles = 8;

/** A folder as one file, gzipped: a line of JSON that lists what is in it, then the bytes of its files. */
export async function packFolder(folder: string): Promise<Buffer> {
  const list: Entry[] = [];
  const contents: Buffer[] = [];
  for (const { path, isFile } of await entriesOf(folder)) {
    const bytes = isFile ? await readFile(join(folder, path)) : undefined;
    if (bytes) contents.push(bytes);
    list.push({ path: path.replaceAll(sep, '/'), bytes: bytes?.length ?? null });
  }
  return promisify(gzip)(Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...contents]), { level: 9 });
}

/** Unpacks the file that {@link packFolder} made, piece by piece. */
export async function unpackFolder(packed: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await pipeline(createReadStream(packed), createGunzip(), async (source: AsyncIterable<Buffer>) => {
    const bytes = new ByteReader(source);
    for (const { path, bytes: size } of JSON.parse(await bytes.line()) as Entry[]) {
      if (size === null) await mkdir(join(folder, path));
      else await writeFile(join(folder, path), bytes.take(size));
    }
  });
}

/** Hands out bytes as they come. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** A line, without its end. */
  async line(): Promise<string> {
    let text = this.#held;
    while (!text.includes('\n')) text = Buffer.concat([text, await this.#next()]);
    const end = text.indexOf('\n');
    this.#held = text.subarray(end + 1);
    return text.toString('utf8', 0, end);
  }

  /** So many bytes. */
  async *take(count: number): AsyncGenerator<Buffer> {
    for (let rest = count; rest > 0; ) {
      if (this.#held.length === 0) this.#held = await this.#next();
      const part = this.#held.subarray(0, rest);
      this.#held = this.#held.subarray(part.length);
      rest -= part.length;
      yield part;
    }
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#source.next();
    if (done) throw new Error('The packed folder is torn. Install pareidolia again.');
    return value;
  }
}

/** Puts everything in a folder on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  await syncPaths([...(await entriesOf(folder)).map(({ path }) => join(folder, path)), folder]);
}

/** Puts files on the disk, and of folders their lists of names. */
export async function syncPaths(paths: readonly string[]): Promise<void> {
  const rest = paths.values();
  const work = async (): Promise<void> => {
    for (const path of rest) {
      const handle = await open(path, 'r');
      // Some systems cannot do it with folders.
      await handle.sync().catch(() => undefined);
      await handle.close();
    }
  };
  await Promise.all(Array.from({ length: handles }, work));
}

/** Everything in a folder, by its path in it. */
async function entriesOf(folder: string): Promise<{ readonly path: string; readonly isFile: boolean }[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .map((entry) => ({ path: relative(folder, join(entry.parentPath, entry.name)), isFile: entry.isFile() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
