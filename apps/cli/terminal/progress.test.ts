import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Plan, type RasterDreamEvent, rasterPictureOf } from '../../../src/index.js';
import { createProgress, type ProgressOptions } from './progress.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const plan = { options: { steps: 20 } } as Plan;
const size = { width: 8, height: 4 };
const preview: RasterDreamEvent = { type: 'preview', ...size, rgb: new Uint8Array(96).fill(7) };
const started: RasterDreamEvent = { type: 'started', octaves: 4, totalSteps: 80, seed: 1 };
const finished: RasterDreamEvent = {
  type: 'finished',
  picture: rasterPictureOf({ ...size, data: new Float32Array(96).fill(1) }),
  objectiveFirst: 0.5,
  objectiveLast: 0.75,
  steps: 80,
  elapsedMs: 2000,
  stopped: { octave: 3, step: 2 },
};

function step(number: number): RasterDreamEvent {
  return {
    type: 'step',
    octave: 1,
    step: number,
    stepsDone: number,
    objective: 0.5,
    progress01: number / 80,
    elapsedMs: 1000 * number,
    remainingMs: 60_000,
  };
}

/** A stream that keeps what is written to it, and a screen of the terminal behind it. */
function open(options: Partial<ProgressOptions> & { isTTY?: boolean } = {}) {
  const { isTTY = true, mode = 'auto', picture = false, position } = options;
  const { env = { TERM: 'xterm', COLORTERM: 'truecolor' } } = options;
  const writes: string[] = [];
  const stream = Object.assign(new EventEmitter(), {
    isTTY,
    columns: 80,
    rows: 24,
    write: (text: string) => writes.push(text),
  });
  const terminal = stream as unknown as NodeJS.WriteStream;
  const progress = createProgress({ stream: terminal, mode, picture, env, position });
  return { progress, writes, stream, text: () => writes.join(''), screen: () => screenOf(writes.join('')) };
}

/** Cursor up, clear (the rest of) a row, any other escape sequence, or one character. */
const tokens = /␛\[(\d*)A|(␛\[2?K)|␛\[[?\d;]*[a-zA-Z]|[\s\S]/gu;

/** What a terminal shows after all of this: lines, the cursor moved up, and rows cleared. Colours are left out. */
function screenOf(text: string): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  for (const [token, up, control] of text.replaceAll('\x1b', '␛').matchAll(tokens)) {
    if (up !== undefined) row -= Number(up || 1);
    else if (control === '␛[2K') lines[row] = '';
    else if (control === '␛[K') lines[row] = lines[row]!.slice(0, column);
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row++;
      column = 0;
      lines[row] ??= '';
    } else if (!token.startsWith('␛')) {
      lines[row] = lines[row]!.slice(0, column).padEnd(column) + token + lines[row]!.slice(column + 1);
      column++;
    }
  }
  return lines;
}

test('a terminal shows one line that is drawn again in its place', () => {
  const { progress, screen } = open();
  progress.handle(started, plan);
  expect(screen()).toEqual([expect.stringMatching(/^octave 1\/4 {2}step {2}0\/20 .* 0 % {2}0 s so far$/)]);
  vi.advanceTimersByTime(500);
  progress.handle(step(13), plan);
  expect(screen()).toEqual([expect.stringMatching(/step 13\/20 .* 16 % {2}objective 0.500 {2}1 min left$/)]);
  progress.end();
  expect(screen()).toEqual(['']);
});

test('a picture among others has a line above the bar', () => {
  const { progress, screen } = open({ position: { input: 'photo.jpg', index: 3, count: 17, meanMs: 60_000 } });
  progress.handle(started, plan);
  expect(screen()).toEqual(['3 of 17 · photo.jpg · 15 min left for all', expect.stringMatching(/^octave 1\/4 /)]);
  progress.end();
  expect(screen().join('')).toBe('');
});

test('the cursor is hidden while a dream runs and back at the end, whatever happened', () => {
  const { progress, text } = open();
  progress.handle(started, plan);
  expect(text()).toContain('\x1b[?25l');
  expect(text()).not.toContain('\x1b[?25h');
  progress.end();
  expect(text().endsWith('\x1b[?25h')).toBe(true);
});

test('the cursor is back when the process ends without a word', () => {
  const before = process.listenerCount('exit');
  const { progress, text } = open();
  progress.handle(started, plan);
  const listeners = process.listeners('exit').slice(before);
  expect(listeners).toHaveLength(1);
  listeners[0]!(0);
  expect(text().endsWith('\x1b[?25h')).toBe(true);
  expect(process.listenerCount('exit')).toBe(before);
  progress.end();
});

test('ending leaves no timer and no listener behind, and ending twice writes nothing', () => {
  const counts = () => ['exit', 'SIGTSTP', 'SIGCONT'].map((name) => process.listenerCount(name));
  const before = counts();
  const { progress, stream, writes } = open();
  progress.handle(started, plan);
  progress.handle(step(1), plan);
  progress.end();
  expect(vi.getTimerCount()).toBe(0);
  expect(stream.listenerCount('resize')).toBe(0);
  expect(counts()).toEqual(before);
  const { length } = writes;
  progress.end();
  progress.handle(step(2), plan);
  vi.advanceTimersByTime(5000);
  expect(writes).toHaveLength(length);
});

test('ten redraws a second are the most, and the last state is always drawn', () => {
  const { progress, writes, screen } = open();
  progress.handle(started, plan);
  for (let i = 1; i <= 1000; i++) {
    progress.handle(step(i % 20), plan);
    vi.advanceTimersByTime(1);
  }
  expect(writes.length).toBeGreaterThanOrEqual(9);
  expect(writes.length).toBeLessThanOrEqual(11);
  progress.handle(step(17), plan);
  vi.advanceTimersByTime(100);
  expect(screen().join()).toContain('step 17/20');
  progress.end();
});

test('the time left goes on counting while a step takes long', () => {
  const { progress, screen } = open();
  progress.handle(started, plan);
  progress.handle(step(1), plan);
  vi.advanceTimersByTime(10_100);
  expect(screen().join()).toMatch(/50 s left$/);
  vi.advanceTimersByTime(100_000);
  expect(screen().join()).toMatch(/ 0 s left$/);
  progress.end();
});

test('the picture stands above the bar, and stays when the dream is finished', () => {
  const { progress, screen } = open({ picture: true });
  expect(progress.wantsPreviews).toBe(true);
  progress.handle(started, plan);
  progress.handle(preview, plan);
  vi.advanceTimersByTime(100);
  const lines = screen();
  expect(lines).toHaveLength(15);
  expect(lines.slice(0, 14)).toEqual(Array(14).fill('▀'.repeat(56)));
  expect(lines[14]).toMatch(/^octave/);
  progress.handle(finished, plan);
  progress.end();
  expect(screen()).toEqual([...Array(14).fill('▀'.repeat(56)), '']);
});

test('a dream that failed takes its picture with it', () => {
  const { progress, screen } = open({ picture: true });
  progress.handle(started, plan);
  progress.handle(preview, plan);
  vi.advanceTimersByTime(100);
  progress.end();
  expect(screen().join('')).toBe('');
});

test('a picture is not sent again when only the bar has changed', () => {
  const { progress, writes } = open({ picture: true });
  progress.handle(started, plan);
  progress.handle(preview, plan);
  vi.advanceTimersByTime(100);
  progress.handle(step(2), plan);
  vi.advanceTimersByTime(100);
  expect(writes.at(-1)).not.toContain('▀');
  progress.end();
});

test('pictures are not asked for where they cannot be shown', () => {
  expect(open({ picture: true, env: { TERM: 'xterm' } }).progress.wantsPreviews).toBe(false);
  expect(open({ picture: true, isTTY: false }).progress.wantsPreviews).toBe(false);
  expect(open({ picture: true, mode: 'json' }).progress.wantsPreviews).toBe(false);
  expect(open({ picture: true, mode: 'none' }).progress.wantsPreviews).toBe(false);
  expect(open({ picture: false }).progress.wantsPreviews).toBe(false);
});

test('a note stands above the bar', () => {
  const { progress, screen } = open();
  progress.handle(started, plan);
  progress.note('two octaves are left out');
  expect(screen()).toEqual(['two octaves are left out', expect.stringMatching(/^octave 1\/4/)]);
  progress.end();
  progress.note('that was it');
  expect(screen()).toEqual(['two octaves are left out', 'that was it', '']);
});

test('a terminal that becomes narrower gets a line that fits, in the place of the one that wrapped', () => {
  const { progress, stream, writes } = open();
  progress.handle(started, plan);
  stream.columns = 30;
  stream.emit('resize');
  const last = writes.at(-1)!;
  // The line of 74 cells has wrapped into three rows.
  expect(last.split('\x1b[A')).toHaveLength(3);
  expect(screenOf(last.replaceAll('\x1b[A', '')).join('').length).toBeLessThan(30);
  progress.end();
});

test('terminals that do not wrap again keep the lines above', () => {
  const { progress, stream, writes } = open({ env: { TERM: 'xterm', XTERM_VERSION: 'XTerm(390)' } });
  progress.handle(started, plan);
  stream.columns = 30;
  stream.emit('resize');
  expect(writes.at(-1)).not.toContain('\x1b[A');
  progress.end();
});

test('another dream can follow', () => {
  const { progress, screen } = open();
  for (let i = 0; i < 2; i++) {
    progress.handle(started, plan);
    progress.handle(step(3), plan);
    progress.handle(finished, plan);
    progress.end();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
  }
  progress.handle(started, plan);
  expect(screen().at(-1)).toMatch(/^octave 1\/4 {2}step {2}0\/20 .* 0 s so far$/);
  progress.end();
});

test('the picture and the bar go on from one frame of a movie to the next', () => {
  const { progress, screen } = open({ picture: true });
  const frame = (index: number) => ({ input: 'photo.jpg', what: 'frame', index, count: 9 }) as const;
  progress.next(frame(1));
  for (const event of [started, step(1), preview]) progress.handle(event, plan);
  vi.advanceTimersByTime(500);
  const shown = screen().length;
  expect(shown).toBeGreaterThan(3);
  progress.handle(finished, plan);
  vi.advanceTimersByTime(500);
  expect(screen()).toHaveLength(shown);
  progress.next(frame(2));
  progress.handle(started, plan);
  vi.advanceTimersByTime(500);
  expect(screen()).toHaveLength(shown);
  expect(screen().join('\n')).toContain('frame 2 of 9 · photo.jpg');
  progress.end();
});

test('what is not a terminal stays silent, but for notes', () => {
  for (const options of [{ isTTY: false }, { env: { TERM: 'dumb' } }]) {
    const { progress, text } = open(options);
    for (const event of [started, step(1), preview, finished]) progress.handle(event, plan);
    progress.note('a note');
    progress.end();
    expect(text()).toBe('a note\n');
  }
});

test('none is silent altogether', () => {
  const { progress, text } = open({ mode: 'none' });
  for (const event of [started, step(1), preview, finished]) progress.handle(event, plan);
  progress.note('a note');
  progress.end();
  expect(text()).toBe('');
});

test('json is one object a line, without pixels, on terminals as well', () => {
  const { progress, text } = open({ mode: 'json' });
  for (const event of [started, step(2), preview, finished]) progress.handle(event, plan);
  progress.note('a note');
  progress.end();
  const lines = text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    started,
    step(2),
    { type: 'preview', width: 8, height: 4 },
    {
      type: 'finished',
      objectiveFirst: 0.5,
      objectiveLast: 0.75,
      steps: 80,
      elapsedMs: 2000,
      stopped: { octave: 3, step: 2 },
      width: 8,
      height: 4,
    },
    { type: 'note', text: 'a note' },
  ]);
});
