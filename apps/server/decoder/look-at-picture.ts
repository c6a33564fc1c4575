import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../refusal.js';
import type { DecodeAnswer, DecodeRequest } from './decode-process.js';

/** What an uploaded picture is. */
export type SeenPicture = Exclude<DecodeAnswer, { refused: string }>;

const program = fileURLToPath(new URL('./decode-process.js', import.meta.url));
const patienceMs = 20_000;
/** More at a time would take the processor from those who wait for answers. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Decodes a picture in a process of its own.
 *
 * @param path a file on this machine
 * @throws Refusal 415 for what is no picture that is taken here, 413 for too many pixels, 422 for a damaged one
 */
export async function lookAtPicture(path: string, maxPixels: number): Promise<SeenPicture> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    const answer = await ask({ path, maxPixels });
    if (!('refused' in answer)) return answer;
    const status = { format: 415, 'too-large': 413, damaged: 422 } as const;
    const code = { format: 'image/format', 'too-large': 'image/too-large', damaged: 'image/unreadable' } as const;
    throw new Refusal(status[answer.refused], code[answer.refused], `The picture: ${answer.message}.`);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function ask(request: DecodeRequest): Promise<DecodeAnswer> {
  const child = fork(program, {
    env: {},
    execArgv: ['--max-old-space-size=64'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    const damaged = (message: string): void => resolve({ refused: 'damaged', message });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.on('message', (answer: DecodeAnswer) => resolve(answer));
    child.on('error', () => damaged('it could not be looked at'));
    child.on('exit', () => {
      clearTimeout(timer);
      damaged('expected a whole picture, got one that its decoder failed on');
    });
    child.send(request, () => {});
  });
}
