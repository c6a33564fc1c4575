import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import { Refusal } from '../refusal.js';
import { endStates, type JobEvent, type JobState } from '../store/job.js';
import { noJob } from '../store/jobs.js';
import type { App, RouteContext } from './context.js';
import { idSchema, refusals } from './schemas.js';

/** So often something is sent when nothing happens, so that what lies between keeps the connection open. */
const pingMs = 15_000;
const mostStreams = 500;

const route = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/events',
  summary: 'What happens to a job, as it happens',
  description:
    'Server-sent events: `state`, `progress` and `preview`, each with a number. `Last-Event-ID` goes on after that number: no state is missed, and of progress and previews the latest comes. The stream ends with the job; after that the answer is 204, which tells browsers to stop.',
  request: {
    params: z.object({ id: idSchema }),
    headers: z.object({
      'last-event-id': z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
  },
  responses: {
    200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
    204: { description: 'The job has ended, and everything was sent.' },
    ...refusals,
  },
});

/** Events of jobs. */
export function eventRoutes(app: App, { jobs, hub, isStopping }: RouteContext): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const since = Number(c.req.valid('header')['last-event-id'] ?? 0);
    const job = await jobs.find(id);
    if (!job) throw noJob(id);
    if (isStopping() || hub.size >= mostStreams) {
      throw new Refusal(503, 'events/full', 'Too many listen already. Try again later.', 5);
    }
    if (endStates.includes(job.state) && since >= job.seq) return c.body(null, 204);
    c.header('Content-Type', 'text/event-stream');
    c.header('X-Accel-Buffering', 'no');
    return stream(c, async (out) => {
      const feed = hub.listen(id, since);
      out.onAbort(() => feed.close());
      const ping = setInterval(() => void out.write(': ping\n\n'), pingMs);
      try {
        await out.write('retry: 1000\n\n');
        for (let ended = false; !ended && !out.aborted; ) {
          const events = await feed.next();
          if (events.length === 0) break;
          // The connection says when it can take more; meanwhile the feed keeps what is newest.
          for (const event of events) await out.write(textOf(event, id));
          ended = events.some(isEnd);
        }
      } finally {
        clearInterval(ping);
        feed.close();
      }
    }) as never;
  });
}

function textOf({ seq, type, data }: JobEvent, id: string): string {
  const sent = type === 'preview' ? { ...(data as object), url: `/api/jobs/${id}/preview` } : data;
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(sent)}\n\n`;
}

function isEnd({ type, data }: JobEvent): boolean {
  return type === 'state' && endStates.includes((data as { state: JobState }).state);
}
