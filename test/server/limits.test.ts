/** What the server refuses to take, and how it says so. */

import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningServer, startServer } from '../../apps/server/server.js';
import { settingsOf } from '../../apps/server/settings.js';
import { ask, begin, smallDream, smallPicture, upload } from './client.js';
import { writeClip } from './clip.js';
import { newFolder } from './services.js';

const token = 'a-token-that-nobody-guesses';
const listen = { host: '127.0.0.1', port: 0, hosts: [], origins: [] };
/** Shorter than usual, so that it can be waited for. */
const patience = { headersMs: 1_000, requestMs: 3_000 };
let server: RunningServer;
let url: string;
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  server = await startServer(
    settingsOf({ dataFolder: folder, jobs: 0, limits: { queue: 5, perClient: 3 } }),
    { ...listen, patience },
    () => {},
  );
  url = server.url;
});
afterAll(() => server.stop());

const put = (bytes: Uint8Array) => ask(`${url}/api/pictures`, 'PUT', bytes, { 'content-type': 'image/png' });

describe('pictures', () => {
  it('are stored once, and given back as they were', async () => {
    const bytes = await smallPicture(32);
    const { status, body } = await put(bytes);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { width: 32, height: 32, mediaType: 'image/png', sizeBytes: bytes.length },
    });
    expect((await put(bytes)).body).toEqual(body);
    const back = await fetch(`${url}/api/pictures/${body.sha256}`);
    expect(new Uint8Array(await back.arrayBuffer())).toEqual(new Uint8Array(bytes));
    expect(back.headers.get('x-content-type-options')).toBe('nosniff');
    const tag = back.headers.get('etag')!;
    expect((await fetch(`${url}/api/pictures/${body.sha256}`, { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  it('of other formats are refused by what is in them, whatever they are called', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>',
    );
    const gif = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
    const tiff = Buffer.from('49492a0008000000', 'hex');
    for (const bytes of [svg, gif, tiff, Buffer.from('%PDF-1.4'), Buffer.from('hello'), gzipSync(svg)]) {
      expect((await put(bytes)).body.error?.code).toBe('image/format');
    }
    expect((await put(Buffer.alloc(0))).body.error.code).toBe('body/empty');
  });

  it('that are damaged or hold too many pixels are refused before they take memory', async () => {
    const whole = await smallPicture(200);
    expect(await put(whole.subarray(0, whole.length / 2))).toMatchObject({
      status: 422,
      body: { error: { code: 'image/unreadable' } },
    });
    const startedAt = performance.now();
    expect(await put(bomb(20_000))).toMatchObject({ status: 413, body: { error: { code: 'image/too-large' } } });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('leave nothing behind when they are refused, or when the client goes away', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      'PUT /api/pictures HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\nabc',
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(readdirSync(join(folder, 'work')).length).toBe(1);
    socket.destroy();
    for (let tries = 0; readdirSync(join(folder, 'work')).length > 0 && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });
});

describe('movies', () => {
  const putMovie = (bytes: Uint8Array) => ask(`${url}/api/movies`, 'PUT', bytes, { 'content-type': 'video/mp4' });

  it('of other containers, and lists of other files, are refused by what is in them', async () => {
    const playlist = Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n');
    for (const bytes of [playlist, Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'"), await smallPicture(32)]) {
      expect((await putMovie(bytes)).body.error).toEqual({
        code: 'movie/format',
        message: 'The movie: expected MP4, MOV, MKV, WebM, AVI, GIF or animated WebP, got something else.',
      });
    }
    expect((await putMovie(Buffer.alloc(0))).body.error.message).toBe('Expected the bytes of a movie, got none.');
  });

  it('that are torn, or announce too much, are refused', async () => {
    const clip = await writeClip(join(await newFolder(), 'clip.avi'), 1);
    expect(await putMovie(clip.subarray(0, clip.length / 2))).toMatchObject({
      status: 422,
      body: { error: { code: 'movie/unreadable', message: expect.stringMatching(/^The movie: the file is torn: /) } },
    });
    expect(await putMovie(enlarged(clip))).toMatchObject({ status: 413, body: { error: { code: 'movie/too-large' } } });
    const huge = { 'content-type': 'video/mp4', 'content-length': String(2 ** 30) };
    expect(await statusOf('PUT', '/api/movies', huge)).toBe(413);
    expect(readdirSync(join(folder, 'work'))).toEqual([]);
  });
});

describe('bodies', () => {
  it('that are no JSON, too long or too deep are refused', async () => {
    expect(await ask(`${url}/api/jobs`, 'POST', '{')).toMatchObject({
      status: 400,
      body: { error: { code: 'request/invalid' } },
    });
    expect((await ask(`${url}/api/jobs`, 'POST', `"${'x'.repeat(300_000)}"`)).status).toBe(413);
    expect((await ask(`${url}/api/jobs`, 'POST', `${'['.repeat(100_000)}`)).status).toBe(400);
    const deep = `{"recipe":{"kind":"dream","options":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}`;
    expect((await ask(`${url}/api/jobs`, 'POST', deep)).status).toBe(422);
    expect((await ask(`${url}/api/jobs`, 'POST', { recipe: { kind: 'dream' }, priority: 11 })).status).toBe(400);
    expect((await ask(`${url}/api/jobs`, 'POST', '{"recipe":{"kind":"dream","__proto__":{"x":1}}}')).status).toBe(422);
  });

  it('are not unpacked', async () => {
    const answer = await ask(`${url}/api/jobs`, 'POST', gzipSync('{}'), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(400);
  });
});

describe('clients that send a byte now and then', () => {
  /** How long a connection lasts that sends a beginning, and then a byte every tenth of a second. */
  const lastsMs = (beginning: string): Promise<number> => {
    const startedAt = performance.now();
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    socket.write(beginning);
    const drip = setInterval(() => socket.write('x'), 100);
    return new Promise((resolve) => {
      socket.resume().on('close', () => {
        clearInterval(drip);
        resolve(performance.now() - startedAt);
      });
    });
  };

  it('are cut off when their time is over, while others are answered', async () => {
    const head = 'PUT /api/pictures HTTP/1.1\r\nHost: 127.0.0.1\r\n';
    const body = `${head}Content-Type: image/png\r\nContent-Length: 1000000\r\n\r\n`;
    const slow = { headers: head, body };
    let open = 0;
    const ended = Object.entries(slow).map(async ([what, beginning]) => {
      open += 20;
      const times = await Promise.all(Array.from({ length: 20 }, () => lastsMs(beginning)));
      open -= 20;
      return [what, Math.min(...times), Math.max(...times)] as const;
    });
    let answers = 0;
    for (; open > 0; answers++) {
      expect((await ask(`${url}/health`)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(answers).toBeGreaterThan(5);
    for (const [what, least, most] of await Promise.all(ended)) {
      const limit = what === 'headers' ? patience.headersMs : patience.requestMs;
      expect(least).toBeGreaterThan(0.9 * limit);
      expect(most).toBeLessThan(limit + 10_000);
    }
    await vi.waitFor(() => expect(readdirSync(join(folder, 'work'))).toEqual([]));
  });
});

describe('addresses', () => {
  it('that are made up lead nowhere', async () => {
    const paths = [
      '../../etc/passwd',
      '%2e%2e%2fetc',
      '..%5c',
      'x'.repeat(5000),
      '%00',
      'CON',
      "' or 1=1",
      '\u202e',
      '%ff',
    ];
    for (const path of paths) {
      for (const before of ['/api/jobs/', '/api/pictures/', `/api/jobs/${'0'.repeat(32)}/results/`, '/']) {
        const { status } = await fetch(`${url}${before}${encodeURI(path)}`);
        expect([400, 404, 431]).toContain(status);
      }
    }
    expect((await ask(`${url}/api/jobs/${'0'.repeat(32)}`)).body.error.code).toBe('job/missing');
    expect((await ask(`${url}/api/jobs/${'0'.repeat(32)}/events`)).status).toBe(404);
  });
});

describe('jobs', () => {
  it('beyond the limits of a client are refused, with when to come back', async () => {
    const picture = await upload(url, await smallPicture());
    const key = { 'idempotency-key': 'one' };
    const first = await ask(`${url}/api/jobs`, 'POST', { recipe: smallDream(picture) }, key);
    const again = await ask(`${url}/api/jobs`, 'POST', { recipe: smallDream(picture) }, key);
    expect([first.status, again.status, again.body.id]).toEqual([202, 200, first.body.id]);
    const other = await ask(`${url}/api/jobs`, 'POST', { recipe: smallDream(picture, { steps: 9 }) }, key);
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'job/key-reused' } } });
    await begin(url, smallDream(picture));
    await begin(url, smallDream(picture));
    const refused = await ask(`${url}/api/jobs`, 'POST', { recipe: smallDream(picture) });
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'queue/client-full' } } });
    expect(refused.headers.get('retry-after')).toBe('30');
    const missing = await ask(`${url}/api/jobs/${first.body.id}`, 'DELETE');
    expect(missing.body.state).toBe('canceled');
    const unknown = await ask(`${url}/api/jobs`, 'POST', { recipe: smallDream('0'.repeat(64)) });
    expect(unknown).toMatchObject({ status: 422, body: { error: { code: 'picture/missing' } } });
  });
});

describe('tokens', () => {
  it('are needed to listen where others can reach it', async () => {
    const settings = settingsOf({ dataFolder: await newFolder() });
    const open = { ...listen, host: '0.0.0.0' };
    await expect(startServer(settings, open, () => {})).rejects.toThrow(/--host 0.0.0.0: expected a token/);
    await expect(startServer(settings, { ...open, token: 'short' }, () => {})).rejects.toThrow(/at least 16/);
  });

  it('are asked for on every route but /health and the page', async () => {
    const guarded = await startServer(
      settingsOf({ dataFolder: await newFolder(), jobs: 0 }),
      { ...listen, token },
      () => {},
    );
    const get = async (path: string, authorization?: string) =>
      (await fetch(`${guarded.url}${path}`, authorization === undefined ? {} : { headers: { authorization } })).status;
    try {
      for (const path of ['/api/jobs', '/metrics', '/api/options', `/api/jobs/${'0'.repeat(32)}/events`, '/nothing']) {
        expect(await get(path)).toBe(401);
        expect(await get(path, `Bearer ${token}x`)).toBe(401);
        expect(await get(path, `Basic ${token}`)).toBe(401);
      }
      expect(await get('/api/jobs', `Bearer ${token}`)).toBe(200);
      expect([await get('/health'), await get('/api/docs'), await get('/api/openapi.json')]).toEqual([200, 200, 200]);
    } finally {
      await guarded.stop();
    }
  });
});

it('refuses a second server on the same data folder, which would damage it', async () => {
  await expect(startServer(settingsOf({ dataFolder: folder }), listen, () => {})).rejects.toThrow(
    /is in use by another server/,
  );
});

describe('what it says about itself', () => {
  it('is a description of every route, options, looks, layers and counters', async () => {
    const { body } = await ask(`${url}/api/openapi.json`);
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).length).toBeGreaterThanOrEqual(18);
    expect((await ask(`${url}/api/options`)).body.dream.steps).toMatchObject({ kind: 'integer', default: 20 });
    expect(Object.keys((await ask(`${url}/api/presets`)).body.dream)).toContain('lucid');
    const model = await ask(`${url}/api/model`);
    expect(model.body.layers.find(({ name }: { name: string }) => name === 'mixed4')).toMatchObject({
      channels: 768,
      kind: 'block',
    });
    expect((await ask(`${url}/api/model?name=../x`)).status).toBe(404);
    expect((await ask(`${url}/api/models`)).body.models[0]).toEqual({ name: 'built-in', state: 'here' });
    expect((await ask(`${url}/metrics`)).body).toMatch(
      /pareidolia_http_requests_total\{method="GET",status="200"\} \d+/,
    );
    expect((await ask(`${url}/health`)).body.status).toBe('ok');
  });
});

/** The status that a request with these headers gets, whatever its body would be. */
function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, headers }, (answer) => {
      resolve(answer.statusCode!);
      sent.destroy();
    });
    sent.on('error', reject).flushHeaders();
  });
}

/** An AVI whose header says that it has 8000×8000 pixels. */
function enlarged(avi: Uint8Array): Buffer {
  const bytes = Buffer.from(avi);
  const header = bytes.indexOf('strf') + 8;
  for (const at of [4, 8]) bytes.writeInt32LE(8000, header + at);
  return bytes;
}

/** A black PNG of this many pixels a side: few bytes that announce many. */
function bomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const data = deflateSync(Buffer.alloc(side * 100));
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
