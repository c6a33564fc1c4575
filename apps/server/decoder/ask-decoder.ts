import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../refusal.js';

/** Why a file is refused. */
export interface Refused {
  readonly refused: 'format' | 'too-large' | 'damaged';
  /** What was expected, and what came. */
  readonly message: string;
}

/** A program that looks at one file. */
export interface Decoder {
  /** Its file, in this folder. */
  readonly program: string;
  /** What it looks at, as messages say it. */
  readonly noun: 'picture' | 'movie';
  /** What stands before the codes of refusals. */
  readonly code: 'image' | 'movie';
  /** The most that its JavaScript may take of memory, in MiB. */
  readonly heapMiB: number;
}

const patienceMs = 20_000;
/** More at a time would take the processor from those who wait for answers. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Has a file looked at by a process of its own, which ends then.
 *
 * @throws Refusal 415 for what is not taken here, 413 for too many pixels or frames, 422 for what is damaged
 */
export async function askDecoder<Facts extends object>(decoder: Decoder, request: object): Promise<Facts> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    const answer = await ask<Facts>(decoder, request);
    if (!('refused' in answer)) return answer;
    const [status, code] = refusals[answer.refused];
    throw new Refusal(status, `${decoder.code}/${code}`, `The ${decoder.noun}: ${answer.message}.`);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

const refusals = {
  format: [415, 'format'],
  'too-large': [413, 'too-large'],
  damaged: [422, 'unreadable'],
} as const;

function ask<Facts>({ program, noun, heapMiB }: Decoder, request: object): Promise<Facts | Refused> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), {
    env: {},
    execArgv: [`--max-old-space-size=${heapMiB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    const damaged = (message: string): void => resolve({ refused: 'damaged', message });
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.on('message', (answer: Facts | Refused) => resolve(answer));
    child.on('error', () => damaged('it could not be looked at'));
    child.on('exit', () => {
      clearTimeout(timer);
      damaged(`expected a whole ${noun}, got one that its decoder failed on`);
    });
    child.send(request, () => {});
  });
}
