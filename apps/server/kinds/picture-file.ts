import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  contactSheet,
  encodePicture,
  type Picture,
  readPictureFile,
  type SheetOptions,
  writeWhole,
} from '../../../src/platform/node/index.js';
import type { MadeFile, Task } from '../worker/protocol.js';

/** Writes a picture into the task's folder. */
export async function writePng(task: Task, name: string, picture: Picture, recipe?: string): Promise<MadeFile> {
  const path = join(task.folder, name);
  const bytes = await encodePicture(picture, { format: 'png', ...(recipe !== undefined && { recipe }) });
  await writeWhole(path, bytes, { overwrite: true });
  return { name, path, mediaType: 'image/png', width: picture.width, height: picture.height };
}

/** Writes a value as JSON into the task's folder. */
export async function writeJson(task: Task, name: string, value: unknown): Promise<MadeFile> {
  const path = join(task.folder, name);
  await writeWhole(path, Buffer.from(`${JSON.stringify(value, null, 1)}\n`), { overwrite: true });
  return { name, path, mediaType: 'application/json' };
}

/** A picture of a part, under a name of the whole. The stored file stays as it is. */
export async function pictureOfPart(
  task: Task,
  from: string,
  name: string,
): Promise<{ readonly file: MadeFile; readonly picture: Picture }> {
  const { picture } = await readPictureFile(from, { name });
  const path = join(task.folder, name);
  await copyFile(from, path);
  return { file: { name, path, mediaType: 'image/png', width: picture.width, height: picture.height }, picture };
}

/** Lays pictures out on a sheet. */
export function writeSheet(
  task: Task,
  name: string,
  cells: readonly { readonly picture: Picture; readonly caption: string }[],
  options: SheetOptions,
): Promise<MadeFile> {
  return writePng(task, name, contactSheet(cells, options));
}

/** A name of anything as a file may be called: letters, digits, dots and dashes. */
export function fileNameOf(name: string): string {
  return name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 100);
}
