import { describe, expect, test } from 'vitest';
import type { Platform } from '../platform/platform.js';
import { keptBytes } from './memory-estimate.js';
import { type Compilable, SessionCache, type SessionCacheOptions } from './session-cache.js';

/** A platform that keeps a record of what is compiled and closed. */
function recorder(options?: SessionCacheOptions) {
  const log: string[] = [];
  const platform: Platform = {
    ...{ runtime: 'test', runtimeVersion: '0', cores: 1 },
    async createSession([id]) {
      log.push(`open ${id}`);
      return {
        run: async () => ({}),
        close: async () => {
          log.push(`close ${id}`);
        },
      };
    },
  };
  return { log, cache: new SessionCache(platform, options) };
}

const graph = (id: number): Compilable => ({
  activationBytes: 1,
  constantBytes: 1,
  toBytes: () => new Uint8Array([id]),
});

describe('a session cache', () => {
  test('compiles a graph once while it is asked for again and again', async () => {
    const { log, cache } = recorder();
    const one = graph(1);
    expect(await cache.get(one)).toBe(await cache.get(one));
    expect(log).toEqual(['open 1']);
  });

  test('frees one graph before it compiles the next, so that two never take memory together', async () => {
    const { log, cache } = recorder();
    const [one, two] = [graph(1), graph(2)];
    for (const wanted of [one, two, two, one]) await cache.get(wanted);
    await cache.close();
    expect(log).toEqual(['open 1', 'close 1', 'open 2', 'close 2', 'open 1', 'close 1']);
  });

  test('with room to spare frees what was not used for longest, and only then', async () => {
    const [one, two, three] = [graph(1), graph(2), graph(3)];
    const { log, cache } = recorder({ spareBytes: keptBytes(one) });
    for (const wanted of [one, two, one, two, one, three, one]) await cache.get(wanted);
    await cache.close();
    expect(log).toEqual(['open 1', 'open 2', 'close 2', 'open 3', 'close 3', 'close 1']);
  });

  test('may be closed twice, or with nothing in it', async () => {
    const { log, cache } = recorder();
    await cache.close();
    await cache.get(graph(1));
    await cache.close();
    await cache.close();
    expect(log).toEqual(['open 1', 'close 1']);
  });
});
