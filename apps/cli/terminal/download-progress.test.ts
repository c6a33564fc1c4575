import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createDownloadView, downloadLine, sizeText } from './download-progress.js';

/** A stream that remembers what it is told, as a pipe or as a terminal. */
function stream(isTTY: boolean): NodeJS.WriteStream & { readonly text: () => string } {
  let text = '';
  const writable = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return Object.assign(writable, { isTTY, columns: 80, rows: 24, text: () => text }) as never;
}

test('sizes have two or three digits', () => {
  expect([500, 9_067_998, 28_021_836, 553_437_752, 1.5e9].map(sizeText)).toEqual([
    '0.5 kB',
    '9.1 MB',
    '28 MB',
    '553 MB',
    '1.5 GB',
  ]);
});

describe('the line', () => {
  test('tells how much has come, how fast, and how long the rest takes', () => {
    expect(downloadLine(50e6, 100e6, 20e6, 2000, 100)).toBe(
      ' 50 % ▕███████████████               ▏  50 MB of 100 MB  10 MB/s  5 s left',
    );
  });

  test('tells no speed before there is one, and loses its bar where there is no room', () => {
    expect(downloadLine(0, 100e6, 0, 10, 100)).toBe(`  0 % ▕${' '.repeat(30)}▏  0.0 kB of 100 MB`);
    expect(downloadLine(50e6, 100e6, 20e6, 2000, 40)).toBe(' 50 %  50 MB of 100 MB  10 MB/s  5 s lef');
    expect(downloadLine(50e6, 100e6, 20e6, 2000, 10)).toHaveLength(10);
  });
});

describe('what is shown', () => {
  const host = 'example.org';
  const events = [
    { type: 'asking', host, bytes: 0, sizeBytes: 100e6 },
    { type: 'progress', bytes: 40e6, sizeBytes: 100e6 },
    { type: 'waiting', reason: 'example.org cut the connection', delayMs: 1000 },
    { type: 'asking', host, bytes: 40e6, sizeBytes: 100e6 },
    { type: 'asking', host: 'other.org', bytes: 40e6, sizeBytes: 100e6 },
    { type: 'verifying' },
  ] as const;

  function shown(isTTY: boolean, env: NodeJS.ProcessEnv, quiet = false): string {
    const to = stream(isTTY);
    const view = createDownloadView('net', to, env, quiet);
    for (const event of events) view.handle(event);
    view.end();
    view.end();
    return to.text();
  }

  test('in a pipe or on a dumb terminal is a line for every address and trouble', () => {
    const lines = [
      'Downloading net (100 MB) from example.org',
      'example.org cut the connection. Next attempt in 1 s.',
      'Downloading net (100 MB, of which 40 MB are here) from other.org',
      '',
    ];
    expect(shown(false, {})).toBe(lines.join('\n'));
    expect(shown(true, { TERM: 'dumb' })).toBe(lines.join('\n'));
  });

  test('on a terminal is a bar under them, and the cursor comes back', () => {
    const text = shown(true, { TERM: 'xterm' });
    expect(text).toContain('Downloading net (100 MB) from example.org\n');
    expect(text).toContain(' 40 % ▕████████████');
    expect(text.endsWith('\x1b[?25h')).toBe(true);
  });

  test('is nothing when it is to be quiet', () => expect(shown(true, {}, true)).toBe(''));
});
