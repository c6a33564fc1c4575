import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

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

/** Unpacks what {@link packFolder} made. */
export async function unpackFolder(packed: Uint8Array, folder: string): Promise<void> {
  const all = await promisify(gunzip)(packed);
  let at = all.indexOf('\n') + 1;
  const list = JSON.parse(all.toString('utf8', 0, at)) as Entry[];
  await mkdir(folder, { recursive: true });
  for (const { path, bytes } of list) {
    if (bytes === null) await mkdir(join(folder, path));
    else await writeFile(join(folder, path), all.subarray(at, at + bytes));
    at += bytes ?? 0;
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
