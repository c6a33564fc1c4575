import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ImageError } from '../../../src/platform/node/index.js';

/** Extensions of the files in a folder that count as pictures. */
const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif', '.svg']);

/**
 * The picture files that paths stand for: a file for itself, a folder for the pictures right inside it, by name.
 *
 * @param except a picture that is left out, should it be among them
 * @throws ImageError `image/missing` for a path that there is not
 */
export async function pictureFiles(paths: readonly string[], except: string): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: Error) => {
      throw new ImageError('image/missing', `${path}: no such file or folder. Check the name.`, { cause });
    });
    if (!found.isDirectory()) files.push(path);
    else {
      const names = (await readdir(path)).filter((name) => extensions.has(extname(name).toLowerCase()));
      files.push(...names.sort().map((name) => join(path, name)));
    }
  }
  const known = new Set([await actualPath(except)]);
  const different: string[] = [];
  for (const file of files) {
    const actual = await actualPath(file);
    if (!known.has(actual)) different.push(file);
    known.add(actual);
  }
  return different;
}

async function actualPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
