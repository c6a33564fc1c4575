import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../../../test/local-server.js';
import { DownloadError, OutputError } from '../../../errors.js';
import { type DownloadEvent, type DownloadOptions, downloadFile } from './download-file.js';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
const sha256 = createHash('sha256').update(content).digest('hex');
const md5 = createHash('md5').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: LocalServer;
let base: string;
let folder: string;
/** What the server does, one a request; the last goes on. */
let answers: Answer[];
let requests: { readonly url: string; readonly range: string | undefined }[];
/** Bytes of bodies that were handed to the network. */
let sentBytes: number;

beforeAll(async () => {
  server = await startLocalServer((request, response) => {
    requests.push({ url: request.url!, range: request.headers.range });
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(request, response);
  });
  base = server.address;
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  [answers, requests, sentBytes] = [[serve()], [], 0];
});
afterEach(async () => {
  server.cut();
  await rm(folder, { recursive: true });
});

interface Serving {
  /** Share of the whole file after which the connection is cut. */
  readonly cutAt?: number;
  readonly bytes?: Buffer;
  readonly ignoresRange?: boolean;
  readonly chunked?: boolean;
}

/** Serves the file, as a good server or a bad one. */
function serve({ cutAt, bytes = content, ignoresRange = false, chunked = false }: Serving = {}): Answer {
  return (request, response) => {
    const start = ignoresRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(start > 0 ? 206 : 200, {
      ...(start > 0 && { 'content-range': range }),
      ...(!chunked && { 'content-length': bytes.length - start }),
    });
    const end = cutAt === undefined ? bytes.length : Math.max(start, Math.floor(bytes.length * cutAt));
    const body = bytes.subarray(start, end);
    sentBytes += body.length;
    if (cutAt === undefined) return void response.end(body);
    response.flushHeaders();
    if (body.length === 0) return void setTimeout(() => response.destroy(), 20);
    response.write(body, () => setTimeout(() => response.destroy(), 20));
  };
}

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end('sorry');

const path = (): string => join(folder, 'net.onnx');
const quick: DownloadOptions = { attempts: 3, retryDelayMs: 5, stallTimeoutMs: 300 };

function download(options: DownloadOptions = {}, addresses: readonly string[] = [`${base}/net.onnx`]): Promise<void> {
  const digest = { algorithm: 'sha256', hex: sha256 } as const;
  return downloadFile(
    { name: 'net', addresses, sizeBytes: content.length, digest, path: path() },
    { ...quick, ...options },
  );
}

/** The error of a download that must fail and leave nothing under the file's name. */
async function refusal(options: DownloadOptions = {}, addresses?: readonly string[]): Promise<DownloadError> {
  const error = await download(options, addresses).then(
    () => expect.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DownloadError);
  expect(existsSync(path())).toBe(false);
  expect(existsSync(`${path()}.part.lock`)).toBe(false);
  const { message } = error as DownloadError;
  expect(message).toMatch(/^net could not be downloaded: [^\n]+\.$/);
  return error as DownloadError;
}

async function partBytes(): Promise<number> {
  return (await stat(`${path()}.part`)).size;
}

async function expectWhole(): Promise<void> {
  expect(await readdir(folder)).toEqual(['net.onnx']);
  expect((await readFile(path())).equals(content)).toBe(true);
}

describe('a file is fetched', () => {
  test('whole, in one request, and its progress is told', async () => {
    const events: DownloadEvent[] = [];
    await download({ onEvent: (event) => events.push(event) });
    await expectWhole();
    expect(requests).toEqual([{ url: '/net.onnx', range: undefined }]);
    const { host } = new URL(base);
    expect(events[0]).toEqual({ type: 'asking', host, bytes: 0, sizeBytes: content.length });
    expect(events.at(-2)).toEqual({ type: 'progress', bytes: content.length, sizeBytes: content.length });
    expect(events.at(-1)).toEqual({ type: 'verifying' });
  });

  test('without a length being told', async () => {
    answers = [serve({ chunked: true })];
    await download();
    await expectWhole();
  });

  test('by its MD5 where that is all there is', async () => {
    const digest = { algorithm: 'md5', hex: md5 } as const;
    const request = { name: 'net', addresses: [base], sizeBytes: content.length, digest, path: path() };
    await downloadFile(request, quick);
    await expectWhole();
  });

  test('into folders that do not exist yet', async () => {
    const digest = { algorithm: 'sha256', hex: sha256 } as const;
    const deep = join(folder, 'a/b/net.onnx');
    await downloadFile({ name: 'net', addresses: [base], sizeBytes: content.length, digest, path: deep }, quick);
    expect((await readFile(deep)).equals(content)).toBe(true);
  });

  test('after being sent on, five times at most', async () => {
    const on = (request: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(302, { location: `${request.url}x` }).end();
    };
    answers = [on, on, on, on, on, serve()];
    await download();
    await expectWhole();
    expect(requests.at(-1)!.url).toBe('/net.onnxxxxxx');
  });

  test('from the second address when the first has none', async () => {
    answers = [status(404), serve()];
    await download({}, [`${base}/old`, `${base}/new`]);
    await expectWhole();
    expect(requests.map(({ url }) => url)).toEqual(['/old', '/new']);
  });
});

describe('a connection that is cut', () => {
  test.each([0, 0.01, 0.5, 0.99])('once, at %d of the file, costs nothing that had come', async (cutAt) => {
    answers = [serve({ cutAt }), serve()];
    await download();
    await expectWhole();
    const had = Math.floor(content.length * cutAt);
    expect(requests[1]!.range).toBe(had > 0 ? `bytes=${had}-` : undefined);
    expect(sentBytes).toBe(content.length);
  });

  test.each([0, 0.01, 0.5, 0.99])(
    'always, at %d of the file, ends in an error; what came is gone on with',
    async (cutAt) => {
      answers = [serve({ cutAt })];
      const error = await refusal();
      expect(error.code).toBe('download/failed');
      expect(error.message).toMatch(/cut the connection|ended after/);
      expect(error.message).toContain('what has come is kept');
      const had = Math.floor(content.length * cutAt);
      expect(await partBytes()).toBe(had);
      const before = sentBytes;
      answers = [serve()];
      await download();
      await expectWhole();
      expect(sentBytes - before).toBe(content.length - had);
    },
  );

  test('again and again, each time a little further, gets there in the end', async () => {
    answers = [...Array.from({ length: 9 }, (_, i) => serve({ cutAt: (i + 1) / 10 })), serve()];
    await download();
    await expectWhole();
    expect(sentBytes).toBe(content.length);
  });

  test('keeps its bytes when the server then sends all of them again', async () => {
    answers = [serve({ cutAt: 0.5 }), serve({ ignoresRange: true, cutAt: 0.4 }), serve({ ignoresRange: true })];
    await download();
    await expectWhole();
    expect(requests[2]!.range).toBe('bytes=150000-');
  });

  test('by whoever asked leaves what came, and ends with their reason', async () => {
    answers = [serve({ cutAt: 0.5 })];
    const controller = new AbortController();
    const stop = new Error('enough');
    const options = {
      signal: controller.signal,
      onEvent: (event: DownloadEvent) => event.type === 'progress' && controller.abort(stop),
    };
    await expect(download(options)).rejects.toBe(stop);
    expect(existsSync(path())).toBe(false);
    expect(await partBytes()).toBeGreaterThan(0);
    answers = [serve()];
    await download();
    await expectWhole();
  });
});

describe('a server that lies', () => {
  const wrong = Buffer.from(content);
  wrong[123_456]! ^= 1;

  test('about one bit is found out, and its file is gone', async () => {
    answers = [serve({ bytes: wrong })];
    const error = await refusal();
    expect(error.code).toBe('download/digest');
    expect(error.message).toContain(`expected SHA-256 ${sha256}, got `);
    expect(await readdir(folder)).toEqual([]);
  });

  test('about the first half, the second coming from elsewhere, is found out as well', async () => {
    answers = [serve({ bytes: wrong, cutAt: 0.5 }), serve()];
    expect((await refusal()).code).toBe('download/digest');
    answers = [serve()];
    await download();
    await expectWhole();
  });

  test.each([
    ['longer', content.length + 1],
    ['shorter', content.length - 1],
    ['nothing', 0],
  ])('about the length, %s, is refused before a byte is taken', async (_, length) => {
    answers = [serve({ bytes: Buffer.alloc(length) })];
    const error = await refusal();
    expect(error.code).toBe('download/failed');
    expect(error.message).toContain(`expected ${content.length} bytes, got ${length} bytes`);
    expect(requests).toHaveLength(1);
  });

  test('by telling no length and sending more is stopped at the end of the file', async () => {
    answers = [serve({ bytes: Buffer.concat([content, content]), chunked: true })];
    expect((await refusal()).message).toContain(`sent more than the ${content.length} bytes expected`);
  });

  test.each([
    'bytes 0-9/10',
    'bytes 200000-299999/300000',
    'bytes 150000-299998/300000',
    'bytes 150000-299999/300001',
    'nonsense',
    '',
  ])('about the range (%s) is refused', async (range) => {
    await writeFile(`${path()}.part`, content.subarray(0, 150_000));
    answers = [(_, response) => response.writeHead(206, { 'content-range': range }).end(content)];
    expect((await refusal()).message).toContain('offers another file');
    expect(await partBytes()).toBe(150_000);
  });

  test('by an earlier range, which overlaps with what is here, is made use of', async () => {
    await writeFile(`${path()}.part`, content.subarray(0, 150_000));
    const range = 'bytes 100000-299999/300000';
    answers = [(_, response) => response.writeHead(206, { 'content-range': range }).end(content.subarray(100_000))];
    await download();
    await expectWhole();
  });
});

describe('a server that fails', () => {
  test.each([401, 403, 404, 410])('with %d is not asked again', async (code) => {
    answers = [status(code)];
    const error = await refusal();
    expect(error.message).toContain(`127.0.0.1:${new URL(base).port} answered ${code} (`);
    expect(requests).toHaveLength(1);
  });

  test.each([408, 429, 500, 502, 503])('with %d and then is well is asked again', async (code) => {
    answers = [status(code), status(code), serve()];
    const events: string[] = [];
    await download({ onEvent: ({ type }) => events.push(type) });
    await expectWhole();
    expect(events.filter((type) => type === 'waiting')).toHaveLength(2);
  });

  test('with 500 for ever is asked as often as it was said', async () => {
    answers = [status(500)];
    await refusal();
    expect(requests).toHaveLength(3);
  });

  test('and asks for time is given it', async () => {
    answers = [status(429, { 'retry-after': '1' }), serve()];
    const began = performance.now();
    await download();
    expect(performance.now() - began).toBeGreaterThan(950);
    await expectWhole();
  });

  test('by sending on in a circle is left', async () => {
    answers = [status(301, { location: '/net.onnx' })];
    const error = await refusal();
    expect(error.message).toContain('sends on more than 5 times');
    expect(requests).toHaveLength(6);
  });

  test.each([['file:///etc/passwd'], ['ftp://example.org/net.onnx'], ['data:text/plain,hello'], ['http://'], ['']])(
    'by sending on to "%s" is left',
    async (location) => {
      answers = [status(302, { location })];
      const { message } = await refusal();
      expect(message).toContain(location === '' ? 'sends on more than 5 times' : 'sends on to a place that is not');
    },
  );

  test('by sending nothing is left after a while, headers or not', async () => {
    answers = [() => {}];
    expect((await refusal({ attempts: 1 })).message).toContain('sent nothing for 0.3 s');
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': content.length });
        response.write(content.subarray(0, 1000));
      },
      serve(),
    ];
    await download();
    await expectWhole();
    expect(requests.at(-1)!.range).toBe('bytes=1000-');
  });

  test('by not being there says so', async () => {
    const gone = await startLocalServer(() => {});
    gone.close();
    const { message } = await refusal({ attempts: 2 }, [`${gone.address}/net.onnx`]);
    expect(message).toContain(`${gone.address.slice('http://'.length)} refuses connections`);
  });
});

describe('what is on the disk', () => {
  test('is not asked for again when all of it is there', async () => {
    await writeFile(`${path()}.part`, content);
    await download();
    await expectWhole();
    expect(requests).toEqual([]);
  });

  test('is begun anew when it is more than the file', async () => {
    await writeFile(`${path()}.part`, Buffer.alloc(content.length + 1));
    await download();
    await expectWhole();
  });

  test('is written by one process at a time; a lock of one that is gone does not count', async () => {
    const lockOf = (pid: number): string => JSON.stringify({ pid, host: hostname(), since: new Date().toISOString() });
    await writeFile(`${path()}.part.lock`, lockOf(process.ppid));
    await expect(download()).rejects.toThrow(`net is being downloaded by process ${process.ppid} since `);
    expect(requests).toEqual([]);
    await writeFile(`${path()}.part.lock`, lockOf(999_999_999));
    await download();
    await expectWhole();
  });

  test('cannot be written where a file stands in place of the folder', async () => {
    await writeFile(join(folder, 'file'), '');
    const digest = { algorithm: 'sha256', hex: sha256 } as const;
    const inside = join(folder, 'file/net.onnx');
    const request = { name: 'net', addresses: [base], sizeBytes: content.length, digest, path: inside };
    await expect(downloadFile(request, quick)).rejects.toBeInstanceOf(OutputError);
  });

  test.each(['file:///etc/passwd', 'ftp://example.org/x', 'nonsense'])('does not come from %s', async (address) => {
    expect((await refusal({}, [address])).message).toContain('is no web address');
  });
});
