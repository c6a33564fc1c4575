/**
 * Requests that a page on another site, or a name that was made to lead here, could have a browser send: every
 * combination of where they say they come from and what they carry, on every route that changes something.
 */
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../apps/server/server.js';
import { settingsOf } from '../../apps/server/settings.js';
import { begin, smallDream, smallPicture, upload } from './client.js';
import { newFolder } from './services.js';

let server: RunningServer;
let port: number;
let picture: string;
let job: string;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
beforeAll(async () => {
  const listen = { host: '127.0.0.1', port: 0, hosts: ['dreams.example'], origins: ['https://studio.example'] };
  // Nothing runs here, so that a job stays as it is.
  server = await startServer(settingsOf({ dataFolder: await newFolder(), jobs: 0 }), listen, () => {});
  port = Number(new URL(server.url).port);
  picture = await upload(server.url, await smallPicture());
  job = await begin(server.url, smallDream(picture), { paused: true });
});
afterAll(async () => {
  agent.destroy();
  await server.stop();
});

interface Row {
  readonly host: string;
  readonly origin?: string | undefined;
  readonly site?: string | undefined;
  readonly mode?: string | undefined;
  readonly type?: string | undefined;
}

function send(method: string, path: string, row: Row, body = ''): Promise<number> {
  const { host, origin, site, mode, type } = row;
  const headers = {
    host,
    ...(origin !== undefined && { origin }),
    ...(site !== undefined && { 'sec-fetch-site': site }),
    ...(mode !== undefined && { 'sec-fetch-mode': mode }),
    ...(type !== undefined && { 'content-type': type }),
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, method, path, headers, setHost: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode!));
    });
    sent.on('error', reject).end(body);
  });
}

const goodHosts = (): string[] => [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'dreams.example'];
const badHosts = (): string[] => [
  `evil.example:${port}`,
  `127.0.0.1.evil.example:${port}`,
  `localhost.evil.example:${port}`,
  'dreams.example.evil.example',
  `evil.example@127.0.0.1:${port}`,
  `169.254.169.254:${port}`,
  `0.0.0.0:${port}`,
  '',
];
const sites = [undefined, 'same-origin', 'none', 'same-site', 'cross-site'];
const types = [
  undefined,
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
];

/** Every origin, but for the server's own under this name. */
const foreign = [
  'null',
  'https://evil.example',
  'http://localhost.evil.example',
  'http://127.0.0.1:1',
  'http://dreams.example.evil.example',
  'https://studio.example.evil.example',
  'file://',
];

describe('a request that may have been forged changes nothing', () => {
  const routes = (): [string, string, string][] => [
    ['POST', '/api/jobs', JSON.stringify({ recipe: smallDream(picture), paused: true })],
    ['PUT', '/api/pictures', 'no picture'],
    ['PATCH', `/api/jobs/${job}`, '{"priority":1}'],
    ['DELETE', `/api/jobs/${job}`, ''],
    ['POST', `/api/jobs/${job}/pause`, '{}'],
    ['POST', `/api/jobs/${job}/resume`, '{}'],
    ['POST', `/api/jobs/${job}/retry`, '{}'],
  ];

  it('for any Host, Origin, Sec-Fetch-Site and Content-Type', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const [method, path, body] of routes()) {
      const rows: Row[] = [];
      for (const host of [...goodHosts(), ...badHosts()]) {
        for (const origin of [undefined, `http://${host}`, ...foreign]) {
          for (const site of sites) {
            for (const type of types) {
              const badHost = badHosts().includes(host);
              const badOrigin = origin !== undefined && foreign.includes(origin);
              const badSite = site === 'same-site' || site === 'cross-site';
              // What pages may send without asking first. The other methods are asked for, and nobody says yes.
              const badType = method === 'POST' && type !== 'application/json';
              if (badHost || badOrigin || badSite || badType) rows.push({ host, origin, site, type });
            }
          }
        }
      }
      count += rows.length;
      const statuses = await Promise.all(rows.map((row) => send(method, path, row, body)));
      for (const [i, status] of statuses.entries()) {
        if (![400, 403, 415, 421].includes(status))
          wrong.push(`${status} ${method} ${path} ${JSON.stringify(rows[i])}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(7 * 1920);
  });

  it('and one that a page asks leave for is not given it', async () => {
    const asked = await fetch(`${server.url}/api/jobs`, {
      method: 'OPTIONS',
      headers: { origin: 'https://studio.example', 'access-control-request-method': 'PUT' },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('lets through what clients of this machine and its own pages send', async () => {
  const statuses = new Set<number>();
  for (const host of goodHosts()) {
    for (const origin of [undefined, `http://${host}`, 'https://studio.example']) {
      for (const site of [undefined, 'same-origin']) {
        const row = { host, origin, site, type: 'application/json' };
        statuses.add(await send('PATCH', `/api/jobs/${job}`, row, '{"priority":1}'));
        statuses.add(await send('GET', '/api/jobs', { host, origin, site }));
      }
    }
  }
  expect([...statuses]).toEqual([200]);
});

it('lets links lead to its page, and nowhere else', async () => {
  const link = (path: string, mode: string) => send('GET', path, { host: goodHosts()[0]!, site: 'cross-site', mode });
  expect(await link('/', 'navigate')).toBe(200);
  expect(await link('/api/docs', 'navigate')).toBe(200);
  expect(await link('/', 'no-cors')).toBe(403);
  expect(await link('/api/jobs', 'navigate')).toBe(403);
  expect(await link(`/api/pictures/${picture}`, 'no-cors')).toBe(403);
});
