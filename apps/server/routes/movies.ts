import { createRoute, z } from '@hono/zod-openapi';
import { lookAtMovie } from '../decoder/look-at-movie.js';
import { Refusal } from '../refusal.js';
import type { App, RouteContext } from './context.js';
import { receiveUpload } from './receive-upload.js';
import { json, movieSchema, refusals, sha256Schema } from './schemas.js';
import { sendBlob } from './send-blob.js';

/** The most bytes of an uploaded movie. */
const mostMovieBytes = 512 * 2 ** 20;
/** The most pixels of its frames: 4096×4096. */
const mostFramePixels = 2 ** 24;
/** The most frames: ten minutes at 30 a second. */
const mostFrames = 18_000;

const upload = createRoute({
  method: 'put',
  path: '/api/movies',
  summary: 'Upload a movie',
  description: `The body is the file itself: MP4, MOV, MKV, WebM, AVI, GIF or animated WebP, at most ${mostMovieBytes / 2 ** 20} MiB, ${mostFrames} frames and 4096×4096 pixels. The same file again is the same movie.`,
  request: { body: { content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } } } },
  responses: { 201: json(movieSchema, 'The movie is stored.'), ...refusals },
});

const download = createRoute({
  method: 'get',
  path: '/api/movies/{sha256}',
  summary: 'The file of a movie',
  request: { params: z.object({ sha256: sha256Schema }) },
  responses: { 200: { description: 'The file.' }, ...refusals },
});

/** Movies: uploaded, and as they were uploaded. */
export function movieRoutes(app: App, context: RouteContext): void {
  const { blobs } = context.service;
  // The body is streamed to the disk, so it is not described to the validator.
  app.openAPIRegistry.registerPath(upload);
  app.put('/api/movies', async (c) => {
    const look = (path: string) => lookAtMovie(path, { maxPixels: mostFramePixels, maxFrames: mostFrames });
    return c.json(await receiveUpload(c, context, 'movie', mostMovieBytes, look), 201);
  });
  app.openapi(download, async (c) => {
    const { sha256 } = c.req.valid('param');
    const blob = await blobs.find(sha256);
    if (!blob || !isMovie(blob.mediaType)) throw new Refusal(404, 'movie/missing', `There is no movie ${sha256}.`);
    return sendBlob(c, blobs, blob, sha256.slice(0, 12)) as never;
  });
}

function isMovie(mediaType: string): boolean {
  return mediaType.startsWith('video/') || mediaType === 'image/gif' || mediaType === 'image/webp';
}
