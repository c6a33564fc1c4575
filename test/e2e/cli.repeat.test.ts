/** The same dream again, on the native runtime and on WebAssembly. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePhoto } from './photos.js';
import { newFolder, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'), 100, 80);
});

const options = ['--layers', 'mixed2', '--steps', '3', '--octaves', '2', '--tile', '80'];

async function dream(name: string, ...flags: string[]): Promise<Buffer> {
  const { code, stderr } = await runCli(['dream', 'photo.jpg', '-o', name, ...options, ...flags], { cwd });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return readFile(join(cwd, name));
}

describe('two runs', () => {
  test.each([[[]], [['--threads', '1']]])('with one seed give the same bytes %j', async (flags) => {
    const name = `seed${flags.length}`;
    const first = await dream(`${name}a.png`, '--seed', '42', ...flags);
    const second = await dream(`${name}b.png`, '--seed', '42', ...flags);
    expect(first.equals(second)).toBe(true);
  });

  test('with other seeds differ, and so do two without a seed', async () => {
    const dreams = [
      await dream('one.png', '--seed', '1', '--no-metadata'),
      await dream('two.png', '--seed', '2', '--no-metadata'),
      await dream('three.png', '--no-metadata'),
      await dream('four.png', '--no-metadata'),
    ];
    expect(new Set(dreams.map((bytes) => bytes.toString('base64'))).size).toBe(4);
  });
});

describe('without the native runtime', () => {
  const seeded = ['dream', 'photo.jpg', '--steps', '2', '--octaves', '1', '--seed', '1', '--threads', '1', '--json'];

  test('WebAssembly dreams the same, and one line says so', async () => {
    const native = await runCli([...seeded, '-o', 'native.png'], { cwd });
    const env = { PAREIDOLIA_RUNTIME: 'onnxruntime-web' };
    const { code, stdout, stderr } = await runCli([...seeded, '-o', 'wasm.png'], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^onnxruntime-node is not in use \(.+\); WebAssembly computes instead, .+\n$/);
    const [ours, reference] = [JSON.parse(stdout), JSON.parse(native.stdout)];
    expect(Math.abs(ours.objectiveLast / reference.objectiveLast - 1)).toBeLessThan(0.01);
    const info = await runCli(['info', 'wasm.png', '--json'], { cwd });
    expect(JSON.parse(info.stdout)).toMatchObject({ runtime: { name: 'onnxruntime-web' } });
  });

  test('rerun of a dream from the other runtime says that the last digits may differ', async () => {
    const env = { PAREIDOLIA_RUNTIME: 'onnxruntime-web' };
    const { code, stderr } = await runCli(['rerun', 'native.png'], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/\nMade by pareidolia \S+ with onnxruntime-node .+: the last digits may differ\.\n/);
  });
});
