import { createRoute, z } from '@hono/zod-openapi';
import { PareidoliaError } from '../../../src/index.js';
import { checkRecipe } from '../kinds/check-recipe.js';
import type { Fields } from '../kinds/read-recipe.js';
import { Refusal } from '../refusal.js';
import { type JobFile, type JobKind, type JobRow, jobKinds, jobStates } from '../store/job.js';
import { noJob } from '../store/jobs.js';
import type { App, RouteContext } from './context.js';
import {
  fileSchema,
  idSchema,
  jobSchema,
  json,
  moveSchema,
  newJobSchema,
  refusals,
  wholeJobSchema,
} from './schemas.js';
import { sendBlob } from './send-blob.js';

const params = z.object({ id: idSchema });
const body = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
});

const create = createRoute({
  method: 'post',
  path: '/api/jobs',
  summary: 'Ask for something to be made',
  description:
    'Answers 202 once the job is durable: whatever happens to the server then, the job is not lost. With an `Idempotency-Key` the same request can be sent again without making a second job.',
  request: {
    ...body(newJobSchema),
    headers: z.object({
      'idempotency-key': z
        .string()
        .regex(/^[\x21-\x7e]{1,200}$/)
        .optional(),
    }),
  },
  responses: {
    202: json(wholeJobSchema, 'The job is taken on.'),
    200: json(wholeJobSchema, 'The job of an earlier request with this key.'),
    ...refusals,
  },
});

const list = createRoute({
  method: 'get',
  path: '/api/jobs',
  summary: 'Jobs, the newest first',
  request: {
    query: z.object({
      state: z.enum(jobStates).optional(),
      kind: z.enum(jobKinds).optional(),
      before: idSchema.openapi({ param: { name: 'before', in: 'query' } }).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(z.object({ jobs: z.array(jobSchema) }), 'A page; `before` asks for the next.'), ...refusals },
});

const find = createRoute({
  method: 'get',
  path: '/api/jobs/{id}',
  summary: 'A job',
  request: { params },
  responses: { 200: json(wholeJobSchema, 'The job.'), ...refusals },
});

const move = createRoute({
  method: 'patch',
  path: '/api/jobs/{id}',
  summary: 'Give a job that waits another priority or place',
  request: { params, ...body(moveSchema) },
  responses: { 200: json(wholeJobSchema, 'The job.'), ...refusals },
});

const cancel = createRoute({
  method: 'delete',
  path: '/api/jobs/{id}',
  summary: 'Cancel a job',
  description: 'One that runs is ended within half a second; until then its `wish` is `cancel`.',
  request: { params },
  responses: { 200: json(wholeJobSchema, 'The job.'), ...refusals },
});

const results = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/results',
  summary: 'What a job has made',
  request: { params },
  responses: { 200: json(z.object({ results: z.array(fileSchema) }), 'Its files.'), ...refusals },
});

const result = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/results/{name}',
  summary: 'A file that a job has made',
  request: { params: params.extend({ name: z.string().max(200) }) },
  responses: { 200: { description: 'The file.' }, ...refusals },
});

const preview = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/preview',
  summary: 'How a job looks so far',
  request: { params },
  responses: { 200: { description: 'A small JPEG.' }, ...refusals },
});

const parts = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/parts',
  summary: 'The parts that a job was cut into',
  request: { params },
  responses: { 200: json(z.object({ jobs: z.array(jobSchema) }), 'The parts, in their order.'), ...refusals },
});

/** What can be done to a job besides: the path's last word, and what it means. */
const actions = {
  pause: 'Take a job out of the queue',
  resume: 'Put it back',
  retry: 'Begin a job that ended again',
  keep: 'End a dream or a movie after the step in progress; what there is becomes its result',
};

/** Jobs: asked for, looked at, moved and ended. */
export function jobRoutes(app: App, { service, jobs, isStopping }: RouteContext): void {
  const whole = async (job: JobRow) => ({ ...viewOf(job), results: filesOf(job, await jobs.files(job.id, 'result')) });
  const found = async (id: string): Promise<JobRow> => {
    const job = await jobs.find(id);
    if (!job) throw noJob(id);
    return job;
  };

  app.openapi(create, async (c) => {
    if (isStopping()) throw new Refusal(503, 'server/stopping', 'The server is about to end. Try again later.', 10);
    const { recipe: fields, priority, paused } = c.req.valid('json');
    const checked = await checked422(fields as Fields & { kind: JobKind });
    const requestKey = c.req.valid('header')['idempotency-key'];
    const { job, fresh } = await jobs.create({ ...checked, client: c.get('client'), priority, paused, requestKey });
    const view = fresh ? { ...viewOf(job), results: [] } : await whole(job);
    return c.json(view, fresh ? 202 : 200, { Location: `/api/jobs/${job.id}` });
  });
  app.openapi(list, async (c) => c.json({ jobs: (await jobs.list(c.req.valid('query'))).map(viewOf) }, 200));
  app.openapi(find, async (c) => c.json(await whole(await found(c.req.valid('param').id)), 200));
  app.openapi(move, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await whole(await jobs.move(id, c.req.valid('json'))), 200);
  });
  app.openapi(cancel, async (c) => c.json(await whole(await jobs.cancel(c.req.valid('param').id)), 200));
  for (const [action, summary] of Object.entries(actions) as [keyof typeof actions, string][]) {
    const route = createRoute({
      method: 'post',
      path: `/api/jobs/{id}/${action}`,
      summary,
      request: { params },
      responses: { 200: json(wholeJobSchema, 'The job.'), ...refusals },
    });
    app.openapi(route, async (c) => c.json(await whole(await jobs[action](c.req.valid('param').id)), 200));
  }
  app.openapi(parts, async (c) => {
    const { id } = await found(c.req.valid('param').id);
    return c.json({ jobs: (await jobs.parts(id)).map(viewOf) }, 200);
  });
  app.openapi(results, async (c) => {
    const job = await found(c.req.valid('param').id);
    return c.json({ results: filesOf(job, await jobs.files(job.id, 'result')) }, 200);
  });
  app.openapi(result, async (c) => {
    const { id, name } = c.req.valid('param');
    const file = (await jobs.files((await found(id)).id, 'result')).find((each) => each.name === name);
    if (!file) throw new Refusal(404, 'file/missing', 'The job has made no file of that name.');
    return sendBlob(c, service.blobs, file, file.name) as never;
  });
  app.openapi(preview, async (c) => {
    const { id } = await found(c.req.valid('param').id);
    const latest = await jobs.preview(id);
    if (!latest) throw new Refusal(404, 'preview/missing', 'There is no preview of this job yet.');
    return c.body(latest.bytes as Uint8Array<ArrayBuffer>, 200, { 'Content-Type': latest.mediaType }) as never;
  });
}

/** A job as clients see it. */
export function viewOf(job: JobRow) {
  const { id, kind, state, wish, priority, parent, parts, partsDone, attempt, crashes, progress, reason, recipe } = job;
  return {
    ...{ id, kind, state, wish, priority, parent, parts, partsDone, attempt, crashes, progress, reason, recipe },
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

function filesOf({ id }: JobRow, files: readonly JobFile[]) {
  return files.map((file) => ({ ...file, url: `/api/jobs/${id}/results/${encodeURIComponent(file.name)}` }));
}

/** A recipe that makes no sense is the client's to put right. */
async function checked422(fields: Fields & { kind: JobKind }) {
  try {
    return await checkRecipe(fields);
  } catch (error) {
    throw error instanceof PareidoliaError ? new Refusal(422, error.code, error.message) : error;
  }
}
