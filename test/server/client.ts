/** Asks a server as curl would. */
import { readdirSync, readFileSync } from 'node:fs';
import { encodePicture, noisePicture } from '../../src/platform/node/index.js';

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare what comes, whatever it is
  readonly body: any;
}

/** Sends JSON, and reads JSON. */
export async function ask(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const typed = method === 'POST' || method === 'PATCH' ? { 'content-type': 'application/json' } : {};
  const answer = await fetch(url, {
    method,
    headers: { ...typed, ...headers },
    ...(typeof body === 'string' || body instanceof Uint8Array
      ? { body: body as never }
      : body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** A small picture as a file. */
export function smallPicture(side = 64, seed = 1): Promise<Uint8Array> {
  return encodePicture(noisePicture({ width: side, height: side }, seed), { format: 'png' });
}

/** Uploads a picture. */
export async function upload(url: string, bytes: Uint8Array): Promise<string> {
  const answer = await ask(`${url}/api/pictures`, 'PUT', bytes, { 'content-type': 'image/png' });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.sha256;
}

/** A dream of a moment. */
export function smallDream(input: string, options: Readonly<Record<string, unknown>> = {}) {
  return { kind: 'dream', input, options: { layers: 'mixed0', octaves: 1, steps: 2, seed: 7, ...options } };
}

/** Asks for a job. */
export async function begin(
  url: string,
  recipe: unknown,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await ask(`${url}/api/jobs`, 'POST', { recipe, ...more });
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  return answer.body.id;
}

/** Waits until a job is as it should be. */
export async function until(url: string, id: string, good: (job: Answer['body']) => boolean): Promise<Answer['body']> {
  for (let tries = 0; tries < 1200; tries++) {
    const { body } = await ask(`${url}/api/jobs/${id}`);
    if (good(body)) return body;
    if (tries > 2 && ['failed', 'quarantined', 'canceled'].includes(body.state)) throw new Error(JSON.stringify(body));
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${id} did not come so far`);
}

/** Waits until a job is done. */
export function untilDone(url: string, id: string): Promise<Answer['body']> {
  return until(url, id, ({ state }) => state === 'done');
}

/** Job processes that a process has started, which it may be itself. */
export function jobProcesses(parent = process.pid): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(ppid) === parent && state !== 'Z' && command.includes('job-process');
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** One event of a stream. */
export interface StreamEvent {
  readonly id: number;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly data: any;
}

/** Reads a stream of events to its end, or until it is told to stop. */
export async function readEvents(
  url: string,
  id: string,
  since = 0,
  stop: (event: StreamEvent) => boolean = () => false,
): Promise<StreamEvent[]> {
  const controller = new AbortController();
  const headers = since > 0 ? { 'last-event-id': String(since) } : {};
  const answer = await fetch(`${url}/api/jobs/${id}/events`, { headers, signal: controller.signal });
  const events: StreamEvent[] = [];
  let text = '';
  if (!answer.body) return events;
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: (.*)/s)),
      );
      text = text.slice(end + 2);
      if (fields['event'] === undefined) continue;
      events.push({ id: Number(fields['id']), type: fields['event'], data: JSON.parse(fields['data']) });
      if (stop(events.at(-1)!)) {
        controller.abort();
        return events;
      }
    }
  }
  return events;
}
