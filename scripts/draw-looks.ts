/** Draws the pictures of docs/looks.md and writes the page; names as arguments draw only these. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { argumentsOf, looksPage, otherLooks, photo, presetLooks } from './looks-page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = fileURLToPath(new URL('../apps/cli/main.js', import.meta.url));
const wanted = process.argv.slice(2);

await sharp(`${root}/${photo}`)
  .resize({ width: 420 })
  .jpeg({ quality: 88 })
  .toFile(`${root}/docs/pictures/looks/photo.jpg`);
for (const look of [...presetLooks, ...otherLooks]) {
  if (wanted.length > 0 && !wanted.includes(look.name)) continue;
  const { status } = spawnSync(process.execPath, [main, ...argumentsOf(look), '-f'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${look.name}: the dream failed`);
}
await writeFile(`${root}/docs/looks.md`, looksPage());
