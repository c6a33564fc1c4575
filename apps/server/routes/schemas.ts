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
    /** What it is called by. */
    sha256: sha256Schema,
    /** Bytes of the file. */
    sizeBytes: z.number().int(),
    /** Such as `image/png`. */
    mediaType: z.string(),
    /** Pixels a row, turned upright. */
    width: z.number().int(),
    /** Rows, turned upright. */
    height: z.number().int(),
  })
  .openapi('Picture');

/** A movie that was uploaded. */
export const movieSchema = pictureSchema
  .extend({
    /** Frames a second; where they vary, about how many. */
    fps: z.number(),
    /** How long it is; `null` where that is only known at its end. */
    seconds: z.number().nullable(),
    /** Whether it has sound. */
    sound: z.boolean(),
  })
  .openapi('Movie');

/** What a job is asked to do. Its fields depend on the kind; they are checked when it is taken on. */
export const recipeSchema = z
  .looseObject({
    /** What is to be made. */
    kind: z.enum(jobKinds),
  })
  .openapi('Recipe', {
    description:
      'What to make. `dream`: `input`, `options`, `preset`, `output`, `model`, `mask`, `guides`, `matchTo`, `direction`; the recipe inside a picture that pareidolia wrote can be sent as it is. See docs/server.md for the other kinds.',
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
    /** -10 to 10; higher ones go first. */
    priority: prioritySchema.optional(),
    /** Among the jobs of its priority. */
    place: z.union([z.enum(['first', 'last']), z.strictObject({ before: idSchema })]).optional(),
  })
  .openapi('Move');

/** A file that a job has made. */
export const fileSchema = z
  .object({
    /** Such as `dream.png`. */
    name: z.string(),
    /** SHA-256 of the file. */
    sha256: sha256Schema,
    /** Bytes of the file. */
    sizeBytes: z.number().int(),
    /** Such as `image/png`. */
    mediaType: z.string(),
    /** Where it is, on this server. */
    url: z.string(),
  })
  .openapi('File');

/** How far a job is. */
export const progressSchema = z
  .object({
    /** Part of the work that is done, 0 to 1. */
    progress01: z.number().min(0).max(1),
    /** Steps, frames, pictures or parts that are done. */
    done: z.number(),
    /** How many there are in all. */
    total: z.number(),
    /** The objective before the latest step, where there is one. */
    objective: z.number().optional(),
    /** Milliseconds that the rest will take, where that is known. */
    remainingMs: z.number().optional(),
    /** Of dreams: the octave, counted from 1, how many there are, and the step in it, counted from 1. */
    at: z.object({ octave: z.number(), octaves: z.number(), step: z.number() }).optional(),
  })
  .openapi('Progress');

/** A job. */
export const jobSchema = z
  .object({
    /** The server makes it: 32 hexadecimal digits. */
    id: z.string(),
    /** What is made. */
    kind: z.enum(jobKinds),
    /** Where it is; the last four are ends. */
    state: z.enum(jobStates),
    /** What is wanted of it while it runs. */
    wish: z.enum(['cancel', 'pause', 'keep']).nullable(),
    /** -10 to 10; higher ones go first. */
    priority: z.number().int(),
    /** The job that it is a part of. */
    parent: z.string().nullable(),
    /** How many parts it was cut into. */
    parts: z.number().int().nullable(),
    /** How many of them are done. */
    partsDone: z.number().int(),
    /** How often it was begun. */
    attempt: z.number().int(),
    /** How often its process has died. */
    crashes: z.number().int(),
    /** How far it is. */
    progress: z.union([progressSchema, z.null()]),
    /** Why it did not come to its end. */
    reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    /** What it is to do, with every option decided. */
    recipe: recipeSchema,
    /** When it was asked for, as ISO 8601 has it. */
    createdAt: z.string(),
    /** When it was first begun. */
    startedAt: z.string().nullable(),
    /** When it ended. */
    finishedAt: z.string().nullable(),
  })
  .openapi('Job');

/** A job with what it has made. */
export const wholeJobSchema = jobSchema
  .extend({
    /** What it has made, once it is done. */
    results: z.array(fileSchema),
  })
  .openapi('WholeJob');

/** A JSON answer, as routes describe it. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** What any route may answer. */
export const refusals = {
  '4XX': json(errorSchema, 'The request is refused; `error.message` says why, in one sentence.'),
} as const;
