/** `pareidolia models`: fetching from a server of this test's own, and what the other commands make of the names. */
import { createHash } from 'node:crypto';
import { appendFile, copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readModel, writeModel } from '../../src/onnx/index.js';
import { type LocalServer, startLocalServer } from '../local-server.js';
import { writePhoto } from './photos.js';
import { namesIn, newFolder, quick, type Ran, runCli } from './run-cli.js';

const builtIn = fileURLToPath(new URL('../../models/inception-v3.onnx', import.meta.url));

let server: LocalServer;
let bytes: Buffer;
let cwd: string;
let env: Record<string, string>;
/** What the server does with its next requests, besides serving. */
let faults: ('cut' | 'stall' | 'refuse')[];
let sentBytes: number;

/** Waits until the half that is sent before a cut or a pause is in the cache. */
async function allHasCome(): Promise<void> {
  const part = join(cwd, 'cache/models/local/local.onnx.part');
  await vi.waitUntil(async () => (await stat(part).catch(() => undefined))?.size === bytes.length >> 1, 30_000);
}

beforeAll(async () => {
  // The built-in network without what it says about its pictures.
  const model = readModel(await readFile(builtIn), { name: 'built-in' });
  bytes = Buffer.from(writeModel({ ...model, metadata: {} }));
  server = await startLocalServer((request, response) => {
    const fault = faults.shift();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (fault === 'refuse') return void response.writeHead(503).end();
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': bytes.length - start,
      ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    const body = fault === undefined ? bytes.subarray(start) : bytes.subarray(start, Math.floor(bytes.length / 2));
    sentBytes += body.length;
    if (fault === undefined) return void response.end(body);
    response.write(body);
    if (fault === 'cut') void allHasCome().then(() => response.destroy());
  });
});
afterAll(() => {
  server.close();
});

beforeEach(async () => {
  cwd = await newFolder();
  [faults, sentBytes] = [[], 0];
  await writePhoto(join(cwd, 'photo.jpg'));
  const model = {
    name: 'local',
    title: 'A network of this test',
    file: 'local.onnx',
    addresses: [`${server.address}/local.onnx`],
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    licence: 'MIT',
    preprocessing: { channelOrder: 'BGR', valueRange: [0, 255], mean: [104, 117, 124], std: [1, 1, 1] },
  };
  await writeFile(join(cwd, 'catalogue.json'), JSON.stringify({ models: [model] }));
  env = { PAREIDOLIA_CACHE: join(cwd, 'cache'), PAREIDOLIA_CATALOGUE: join(cwd, 'catalogue.json') };
});

const cli = (...args: string[]): Promise<Ran> => runCli(args, { cwd, env });

async function expectOk(...args: string[]): Promise<Ran> {
  const ran = await cli(...args);
  expect(ran).toMatchObject({ code: 0 });
  return ran;
}

describe('a network of the catalogue', () => {
  test('is listed, fetched, shown, checked, dreamed with, and removed', async () => {
    expect((await expectOk('models', 'ls')).stdout).toMatch(/^local +9\.1 MB +– +A network of this test$/m);
    const { stderr } = await expectOk('models', 'pull', 'local');
    expect(stderr).toMatch(
      /^Downloading local \(9\.1 MB\) from 127\.0\.0\.1:\d+\nlocal is here, and its digest is right: /,
    );
    expect((await expectOk('models', 'pull', 'local')).stderr).toContain('local is here already');
    expect((await expectOk('models', 'ls')).stdout).toMatch(/^local +9\.1 MB +here/m);
    const shown = (await expectOk('models', 'show', 'local')).stdout;
    expect(shown).toContain('takes     BGR, B −104 to 151, G −117 to 138, R −124 to 131');
    expect((await expectOk('models', 'verify')).stdout).toBe('local  good\n');
    const layers = (await expectOk('layers', '--model', 'local')).stdout;
    expect(layers).toContain(
      'local, for a picture of 299×299\nIt takes BGR, B −104 to 151, G −117 to 138, R −124 to 131, says the catalogue.',
    );
    await expectOk('dream', 'photo.jpg', '--model', 'local', ...quick);
    await expectOk('gradient', 'photo.jpg', '--model', 'local', '--layers', 'mixed0');
    // The recipe alone is enough, and tells how the pictures were given.
    const recipe = JSON.parse((await expectOk('info', 'photo-dream.png', '--json')).stdout);
    expect(recipe.model).toMatchObject({ name: 'local', preprocessing: { order: 'BGR' } });
    await expectOk('rerun', 'photo-dream.png');
    const [first, again] = await Promise.all(
      ['photo-dream.png', 'photo-dream-rerun.png'].map((name) => readFile(join(cwd, name))),
    );
    expect(again!.equals(first!)).toBe(true);
    await expectOk('models', 'rm', 'local');
    expect((await cli('dream', 'photo.jpg', '--model', 'local', '--force', ...quick)).code).toBe(4);
    expect((await cli('models', 'rm', 'local')).code).toBe(4);
  });

  test('is fetched through a cut and a refusal, and nothing comes twice', async () => {
    faults = ['cut', 'refuse'];
    const { stderr } = await expectOk('models', 'pull', 'local', '--json');
    expect(stderr).toMatch(/Next attempt in 1 s\.\n.*answered 503/s);
    expect(sentBytes).toBe(bytes.length);
  });

  test('is left half when Ctrl-C is pressed, and gone on with', async () => {
    faults = ['stall'];
    const ran = await runCli(['models', 'pull', 'local'], {
      cwd,
      env,
      onLine: async (line, child) => {
        if (!line.startsWith('Downloading')) return;
        await allHasCome();
        child.kill('SIGINT');
      },
    });
    expect(ran.code).toBe(130);
    expect(ran.stderr).toContain('Stopped. What has come is kept; to go on: pareidolia models pull local');
    expect(await namesIn(join(cwd, 'cache/models/local'))).toEqual(['local.onnx.part']);
    expect((await expectOk('models', 'ls')).stdout).toMatch(/^local +9\.1 MB +\d+ % here/m);
    await expectOk('models', 'pull', 'local', '--quiet');
    expect(sentBytes).toBe(bytes.length);
  });

  test('that cannot be fetched ends with exit code 7 and one sentence', async () => {
    const offline = await cli('models', 'pull', 'local', '--offline');
    expect(offline).toMatchObject({ code: 7, stdout: '' });
    expect(offline.stderr).toMatch(/^pareidolia: local is not here and may not be fetched offline [^\n]+\n$/);
    const other = await runCli(['models', 'pull', 'vgg16', '--quiet'], {
      cwd,
      env: { ...env, PAREIDOLIA_MODEL_MIRROR: server.address },
    });
    expect(other).toMatchObject({ code: 7, stdout: '' });
    expect(other.stderr).toMatch(/^pareidolia: vgg16 could not be downloaded: [^\n]+offers another file[^\n]+\n$/);
  });

  test('that has been changed is found, and not used', async () => {
    await expectOk('models', 'pull', 'local', '--quiet');
    await appendFile(join(cwd, 'cache/models/local/local.onnx'), 'x');
    expect(await cli('models', 'verify')).toMatchObject({ code: 4, stdout: 'local  damaged\n' });
    expect((await cli('layers', '--model', 'local')).stderr).toContain('has changed: expected SHA-256');
  });
});

describe('a network of one’s own', () => {
  test('is added with its card, and dreams under its name', async () => {
    await copyFile(builtIn, join(cwd, 'net.onnx'));
    await writeFile(join(cwd, 'net.card.json'), '{"preprocessing":{"valueRange":[0,255]},"labels":"names.txt"}');
    await writeFile(join(cwd, 'names.txt'), 'cat\ndog\n');
    const { stderr } = await expectOk('models', 'add', 'net.onnx', '--name', 'mine');
    expect(stderr).toContain('net.onnx is kept as mine. It takes RGB, 0 to 255.');
    const { origin, mean } = JSON.parse((await expectOk('layers', '--model', 'mine', '--json')).stdout).input;
    expect([origin, mean]).toEqual(['card', [0, 0, 0]]);
    const kept = JSON.parse(await readFile(join(cwd, 'cache/models/mine/mine.card.json'), 'utf8'));
    expect(kept.labels).toEqual(['cat', 'dog']);
    expect((await cli('models', 'add', 'net.onnx', '--name', 'mine')).code).toBe(2);
  });
});

describe('flags about the pictures', () => {
  test('count before what the file says, and stand in the recipe', async () => {
    const flags = ['--channel-order', 'bgr', '--value-range', '0..255', '--mean', '104,117,124'];
    const { input } = JSON.parse((await expectOk('layers', '--json', ...flags)).stdout);
    expect(input).toMatchObject({ order: 'BGR', origin: 'given', known: true });
    await expectOk('dream', 'photo.jpg', ...quick, ...flags);
    const recipe = JSON.parse((await expectOk('info', 'photo-dream.png', '--json')).stdout);
    expect(recipe.model.preprocessing.order).toBe('BGR');
    await expectOk('rerun', 'photo-dream.png');
    const made = await Promise.all(
      ['photo-dream.png', 'photo-dream-rerun.png'].map((name) => readFile(join(cwd, name))),
    );
    expect(made[1]!.equals(made[0]!)).toBe(true);
  });

  test.each([
    ['--channel-order', 'GBR'],
    ['--value-range', '0'],
    ['--value-range', '1..1'],
    ['--value-range', '0..1..2'],
    ['--mean', '1,2'],
    ['--mean', '1,2,x'],
    ['--mean', '1,,3'],
    ['--std', '1,0,1'],
    ['--std', '1e300,1,1'],
  ])('that make no sense are refused: %s %s', async (flag, value) => {
    const ran = await cli('layers', flag, value);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(new RegExp(`^pareidolia: ${flag}: expected [^\\n]+, got "${value}"\\.\\n$`));
  });
});
