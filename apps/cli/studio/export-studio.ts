import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../../src/platform/node/index.js';
import { siteFiles } from '../../studio/files.js';
import { studioHeaders } from '../../studio/headers.js';

/**
 * Writes the studio as a static site: every file that it needs, and `_headers`, which several hosts read.
 *
 * @throws OutputError when a file cannot be written, or is there already and may not be overwritten
 */
export async function exportStudio(
  folder: string,
  { force, quiet }: { readonly force: boolean; readonly quiet: boolean },
): Promise<void> {
  const headers = Object.entries(studioHeaders).map(([name, value]) => `  ${name}: ${value}`);
  const files = new Map<string, Uint8Array>([['_headers', Buffer.from(`/*\n${headers.join('\n')}\n`)]]);
  for (const [name, path] of await siteFiles()) files.set(name, await readFile(path));
  let bytes = 0;
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, [content], { overwrite: force });
    bytes += content.length;
  }
  if (quiet) return;
  const size = (bytes / 1e6).toFixed(1);
  process.stderr.write(`Wrote the studio into ${folder}: ${files.size} files, ${size} MB, for any web host.\n`);
}
