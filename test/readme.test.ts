import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let readme: string;

beforeAll(async () => {
  // Inside the project, so that the example's `pareidolia/node` is this package.
  folder = await mkdtemp(join(root, 'dist', 'readme-'));
  readme = await readFile(join(root, 'README.md'), 'utf8');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('the library example of the README dreams a photo as it stands', async () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(example).toContain("from 'pareidolia/node'");
  await writeFile(join(folder, 'example.mjs'), example!);
  await sharp(join(root, 'examples/castle.jpg')).resize(200).toFile(join(folder, 'photo.jpg'));
  const { stdout } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder });
  expect(stdout).toMatch(/^100 %, objective [\d.]+$/m);
  expect(await sharp(join(folder, 'dream.png')).metadata()).toMatchObject({ width: 200, format: 'png' });
});

test('every command of the README exists, with the flags it is shown with', async () => {
  const commands = [...readme.matchAll(/^npx pareidolia (.*?)(?:\s+#.*)?$/gm)].map(([, line]) => line!.split(/\s+/));
  expect(commands.length).toBeGreaterThan(5);
  const main = join(root, 'dist/apps/cli/main.js');
  for (const [name, ...words] of commands) {
    const { stdout } = await promisify(execFile)(process.execPath, [main, name!, '--help']);
    for (const flag of words.filter((word) => word.startsWith('-'))) expect(stdout).toContain(flag);
  }
});
