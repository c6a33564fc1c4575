import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../refusal.js';
import type { ModelAnswer, ModelFacts } from './model-process.js';

const program = fileURLToPath(new URL('./model-process.js', import.meta.url));
const patienceMs = 60_000;

/** Networks that were looked at; there are few, and they hardly change while a server runs. */
const known = new Map<string, Promise<ModelFacts>>();

/**
 * The layers of a network of the local catalogue.
 *
 * @throws Refusal when it is not on this machine or cannot be read
 */
export function lookAtModel(name: string): Promise<ModelFacts> {
  const facts = known.get(name) ?? ask(name);
  known.set(name, facts);
  // It may be there the next time.
  facts.catch(() => known.delete(name));
  return facts;
}

async function ask(name: string): Promise<ModelFacts> {
  const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  const answer = await new Promise<ModelAnswer>((resolve) => {
    const crashed = { code: 'model/unreadable', message: `${name}: the network could not be read.` };
    child.on('message', (message: ModelAnswer) => resolve(message));
    child.on('error', () => resolve({ refused: crashed }));
    child.on('exit', () => resolve({ refused: crashed }));
    child.send(name, () => {});
  });
  clearTimeout(timer);
  if ('refused' in answer) throw new Refusal(422, answer.refused.code, answer.refused.message);
  return answer;
}
