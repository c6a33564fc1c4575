import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { Refusal } from '../refusal.js';
import type { Blob, Blobs } from '../storage/blobs.js';

/** Sends a stored file. What it is called by never changes, so that it need not be sent twice. */
export async function sendBlob(
  c: Context,
  blobs: Blobs,
  { sha256, sizeBytes, mediaType }: Pick<Blob, 'sha256' | 'sizeBytes' | 'mediaType'>,
  name: string,
): Promise<Response> {
  const tag = `"${sha256}"`;
  const headers = {
    ETag: tag,
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Content-Disposition': `inline; filename="${name.replace(/[^A-Za-z0-9._-]/g, '_')}"`,
  };
  if (c.req.header('if-none-match') === tag) return c.body(null, 304, headers);
  const stream = await blobs.storage.read(sha256);
  if (!stream) throw new Refusal(404, 'file/missing', `The file ${sha256} is not there any more.`);
  return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
    ...headers,
    'Content-Type': mediaType,
    'Content-Length': String(sizeBytes),
  });
}
