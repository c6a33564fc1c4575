/** `pareidolia studio`: the page served, and the page as files. */
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodes } from '../../apps/cli/exit-codes.js';
import { newFolder, runCli } from './run-cli.js';

/** Starts the studio, does something with its address, and ends it by Ctrl-C. */
async function whileServed(use: (url: string) => Promise<void>) {
  const cwd = await newFolder();
  let done: Promise<void> | undefined;
  const ran = await runCli(['studio', '--port', '0', '--json'], {
    cwd,
    onStart: (child) => {
      child.stdout!.once('data', (line: Buffer) => {
        const { url } = JSON.parse(line.toString()) as { url: string };
        done = use(url).finally(() => child.kill('SIGINT'));
        done.catch(() => {});
      });
    },
  });
  await done;
  return ran;
}

test('the studio is served to this machine with the headers that isolate it, until Ctrl-C', async () => {
  const ran = await whileServed(async (url) => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await fetch(url);
    expect(await page.text()).toContain('<title>pareidolia studio</title>');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self' /);
    const network = await fetch(new URL('model/inception-v3.onnx', url), { method: 'HEAD' });
    expect(Number(network.headers.get('content-length'))).toBeGreaterThan(8e6);
    const again = await fetch(network.url, { headers: { 'If-None-Match': network.headers.get('etag')! } });
    expect(again.status).toBe(304);
    expect((await fetch(new URL('runtime/ort-wasm-simd-threaded.mjs', url))).headers.get('content-type')).toContain(
      'javascript',
    );
    for (const path of ['nothing', '..%2f..%2fpackage.json', 'runtime/../../package.json']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
});

test('a port that is taken is refused with another way', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const ran = await runCli(['studio', '--port', String(port)], { cwd: await newFolder() });
  taken.close();
  expect(ran.code).toBe(exitCodes.usage);
  expect(ran.stderr).toBe(`pareidolia: --port: ${port} is taken. Use another, or --port 0 for any that is free.\n`);
});

test('the exported site has every file that the page asks for, and is not written over', async () => {
  const cwd = await newFolder();
  const ran = await runCli(['studio', '--export', 'site'], { cwd });
  expect(ran).toMatchObject({ code: 0, stdout: '' });
  expect(ran.stderr).toMatch(/^Wrote the studio into site: \d+ files, \d+\.\d MB, for any web host\.\n$/);
  const files = await readdir(join(cwd, 'site'), { recursive: true });
  expect(files).toEqual(
    expect.arrayContaining(['_headers', 'index.html', 'service-worker.js', 'sample.jpg', 'model/inception-v3.onnx']),
  );
  const page = await readFile(join(cwd, 'site/index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(3);
  expect(files).toEqual(expect.arrayContaining(named));
  expect((await runCli(['studio', '--export', 'site'], { cwd })).code).toBe(exitCodes.output);
});
