import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pareidolia-package-'));
  // Built already: packing again would only build again.
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const packed = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  expect(packed).toHaveLength(1);
  tarball = join(folder, packed[0]!);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What npm tells its children about this project must not reach another one. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => !/^npm_|onnxruntime_node_install/i.test(key)),
);

/** Installs the tarball into an empty folder, the way a user does, and puts a photo there. */
async function install(name: string, environment: Record<string, string>): Promise<string> {
  const place = join(folder, name);
  await mkdir(place);
  const env = { ...inherited, ...environment, npm_config_prefer_offline: 'true' };
  await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: place, env });
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const photo = sharp({ create: { width: 160, height: 120, channels: 3, background: '#789', noise } });
  await photo.jpeg().toFile(join(place, 'photo.jpg'));
  return place;
}

async function dreamIn(place: string): Promise<string> {
  const options = ['--steps', '1', '--octaves', '1', '--seed', '1', '--force'];
  const command = ['--no', 'pareidolia', 'dream', 'photo.jpg', ...options];
  const { stderr } = await run('npx', command, { cwd: place, env: inherited });
  const made = await sharp(join(place, 'photo-dream.png')).metadata();
  expect(made).toMatchObject({ width: 160, height: 120, format: 'png' });
  expect(stderr).toContain('Dreamed photo.jpg into photo-dream.png');
  return stderr;
}

test('the tarball holds the pictures of channels that the studio shows', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball]);
  const sheets = stdout.split('\n').filter((name) => /dist\/studio\/thumbnails\/.*\.webp$/.test(name));
  expect(sheets).toHaveLength(10);
});

/** Movies with what npm alone brings; AV1 is not among it, and is refused with the line that brings it. */
async function writeMovies(place: string): Promise<void> {
  const script = `import { createMovie } from 'pareidolia/node';
    const size = { width: 63, height: 47 };
    for (const name of ['a.mp4', 'a.avi', 'a.webm']) {
      const movie = await createMovie(name, size);
      for (let i = 0; i < 5; i++) await movie.add({ ...size, data: new Uint8Array(63 * 47 * 3).fill(40 * i) });
      await movie.finish();
    }
    await createMovie('b.mp4', { ...size, codec: 'av1' }).catch((error) => console.log(error.message));`;
  const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: place, env: inherited });
  expect(stdout).toBe('b.mp4: AV1 is written by codecs that are not installed. Run: npm install @mediabunny/server\n');
  expect(await readdir(place)).toEqual(expect.arrayContaining(['a.mp4', 'a.avi', 'a.webm']));
}

test('the packed tarball dreams with the native runtime, and on WebAssembly once that is gone', async () => {
  const place = await install('skipped', { ONNXRUNTIME_NODE_INSTALL: 'skip' });
  await writeMovies(place);
  expect(await dreamIn(place)).not.toContain('WebAssembly');
  await rm(join(place, 'node_modules/onnxruntime-node'), { recursive: true });
  const lines = (await dreamIn(place)).split('\n').filter((line) => line.includes('WebAssembly'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node');
});

test('an install whose script for the native runtime may not reach the internet still dreams', async () => {
  await dreamIn(await install('plain', {}));
});
