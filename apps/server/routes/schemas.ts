import { z } from '@hono/zod-openapi';
import { jobKinds, jobStates } from '../store/job.js';

/** A digest, as things are known by. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest, 64 hexadecimal digits');

/** A job's id, which the server makes. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'the id of a job, 32 hexadecimal digits')
  .openapi({ param: { name: 'id', in: 'path' }, example: '9f86d081884c7d659a2feaa0c55ad015' });

/** Why something was refused or failed. */
export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).openapi('Error');

/** A picture that was uploaded. */
export const pictureSchema = z
  .object({
    sha256: sha256Schema,
    sizeBytes: z.number().int(),
    mediaType: z.string(),
    width: z.number().int(),
    height: z.number().int(),
  })
  .openapi('Picture');

/** What a job is asked to do. Its fields depend on the kind; they are checked when it is taken on. */
export const recipeSchema = z.looseObject({ kind: z.enum(jobKinds) }).openapi('Recipe', {
  description:
    'What to make. `dream`: `input`, `options`, `preset`, `output`, `model`, `mask`, `guides`, `matchTo`; the recipe inside a picture that pareidolia wrote can be sent as it is. See docs/server.md for the other kinds.',
  example: { kind: 'dream', input: { sha256: '0'.repeat(64) }, options: { layers: 'mixed4', steps: 20 } },
});

const prioritySchema = z.number().int().min(-10).max(10);

/** A job that is asked for. */
export const newJobSchema = z
  .strictObject({ recipe: recipeSchema, priority: prioritySchema.default(0), paused: z.boolean().default(false) })
  .openapi('NewJob');

/** How a job that waits is moved. */
export const moveSchema = z
  .strictObject({
    priority: prioritySchema.optional(),
    place: z.union([z.enum(['first', 'last']), z.strictObject({ before: idSchema })]).optional(),
  })
  .openapi('Move');

/** A file that a job has made. */
export const fileSchema = z
  .object({
    name: z.string(),
    sha256: sha256Schema,
    sizeBytes: z.number().int(),
    mediaType: z.string(),
    url: z.string(),
  })
  .openapi('File');

/** How far a job is. */
export const progressSchema = z
  .object({
    progress01: z.number().min(0).max(1),
    done: z.number(),
    total: z.number(),
    objective: z.number().optional(),
    remainingMs: z.number().optional(),
  })
  .openapi('Progress');

/** A job. */
export const jobSchema = z
  .object({
    id: z.string(),
    kind: z.enum(jobKinds),
    state: z.enum(jobStates),
    /** What is wanted of it while it runs. */
    wish: z.enum(['cancel', 'pause']).nullable(),
    priority: z.number().int(),
    parent: z.string().nullable(),
    parts: z.number().int().nullable(),
    partsDone: z.number().int(),
    attempt: z.number().int(),
    crashes: z.number().int(),
    progress: progressSchema.nullable(),
    reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    recipe: recipeSchema,
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  })
  .openapi('Job');

/** A job with what it has made. */
export const wholeJobSchema = jobSchema.extend({ results: z.array(fileSchema) }).openapi('WholeJob');

/** A JSON answer, as routes describe it. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** What any route may answer. */
export const refusals = {
  '4XX': json(errorSchema, 'The request is refused; `error.message` says why, in one sentence.'),
} as const;
