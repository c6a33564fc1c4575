import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOfFile } from './staging.js';
import { checkDigest, type Staged, type Storage } from './storage.js';

/** Keeps files in a folder: `ab/abcdef…`. The staged files must lie on the same disk. */
export function folderStorage(folder: string): Storage {
  const pathOf = (sha256: string): string => join(folder, checkDigest(sha256).slice(0, 2), sha256);
  return {
    name: `the folder ${folder}`,
    async keep(staged) {
      const path = pathOf(staged.sha256);
      if (await isWhole(path, staged)) {
        if (staged.path !== path) await rm(staged.path, { force: true });
        return;
      }
      await mkdir(dirname(path), { recursive: true });
      await moveFile(staged.path, path);
      await syncFolders(folder, dirname(path));
      if (!(await isWhole(path, staged))) {
        await rm(path, { force: true });
        throw new Error(`internal: ${path} does not have the content that was written`);
      }
    },
    async read(sha256) {
      const path = pathOf(sha256);
      return (await stat(path).catch(() => undefined)) && createReadStream(path);
    },
    async local(sha256) {
      const path = pathOf(sha256);
      const { sha256: found } = await digestOfFile(path);
      if (found !== sha256) throw new Error(`${path} does not match its digest`);
      return path;
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}

async function isWhole(path: string, { sha256, sizeBytes }: Staged): Promise<boolean> {
  if ((await stat(path).catch(() => undefined))?.size !== sizeBytes) return false;
  return (await digestOfFile(path)).sha256 === sha256;
}

/** Renames, which happens whole or not at all; a file from another disk is copied beside its place first. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${to}.${process.pid}.tmp`;
    await copyFile(from, beside);
    const file = await open(beside, 'r+');
    await file.sync();
    await file.close();
    await rename(beside, to);
    await rm(from, { force: true });
  }
}

/** Makes new names survive a power cut. Some systems cannot. */
async function syncFolders(...folders: readonly string[]): Promise<void> {
  for (const path of folders) {
    const handle = await open(path, 'r').catch(() => undefined);
    await handle?.sync().catch(() => undefined);
    await handle?.close();
  }
}
