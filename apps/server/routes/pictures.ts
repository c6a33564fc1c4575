import { createRoute, z } from '@hono/zod-openapi';
import { lookAtPicture } from '../decoder/look-at-picture.js';
import { mostPixels } from '../kinds/materials.js';
import { Refusal } from '../refusal.js';
import type { App, RouteContext } from './context.js';
import { receiveUpload } from './receive-upload.js';
import { json, pictureSchema, refusals, sha256Schema } from './schemas.js';
import { sendBlob } from './send-blob.js';

/** The most bytes of an uploaded picture. */
export const mostUploadBytes = 64 * 2 ** 20;

const upload = createRoute({
  method: 'put',
  path: '/api/pictures',
  summary: 'Upload a picture',
  description: `The body is the file itself: JPEG, PNG, WebP or AVIF, at most ${mostUploadBytes / 2 ** 20} MiB and ${mostPixels / 1e6} megapixels. The same file again is the same picture.`,
  request: { body: { content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } } } },
  responses: { 201: json(pictureSchema, 'The picture is stored.'), ...refusals },
});

const download = createRoute({
  method: 'get',
  path: '/api/pictures/{sha256}',
  summary: 'The file of a picture',
  request: { params: z.object({ sha256: sha256Schema }) },
  responses: { 200: { description: 'The file.' }, ...refusals },
});

/** Pictures: uploaded, and as they were uploaded. */
export function pictureRoutes(app: App, context: RouteContext): void {
  const { blobs } = context.service;
  // The body is streamed to the disk, so it is not described to the validator.
  app.openAPIRegistry.registerPath(upload);
  app.put('/api/pictures', async (c) => {
    const look = (path: string) => lookAtPicture(path, mostPixels);
    return c.json(await receiveUpload(c, context, 'picture', mostUploadBytes, look), 201);
  });
  app.openapi(download, async (c) => {
    const { sha256 } = c.req.valid('param');
    const blob = await blobs.find(sha256);
    if (!blob || blob.width === null) throw new Refusal(404, 'picture/missing', `There is no picture ${sha256}.`);
    return sendBlob(c, blobs, blob, sha256.slice(0, 12)) as never;
  });
}
