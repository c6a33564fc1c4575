import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { Refusal } from '../refusal.js';
import type { Blob } from '../storage/blobs.js';
import { tooLarge } from '../storage/staging.js';
import type { RouteContext } from './context.js';

/**
 * Takes the body of a request as a file, looks at it, and stores it. Nothing stays of one that is refused.
 *
 * @param noun what it is, as messages say it
 * @param mostBytes what is longer is refused
 * @param look finds out what it is, or throws a Refusal
 */
export async function receiveUpload<Facts extends Pick<Blob, 'mediaType'> & Partial<Pick<Blob, 'width' | 'height'>>>(
  c: Context,
  { service, metrics }: Pick<RouteContext, 'service' | 'metrics'>,
  noun: string,
  mostBytes: number,
  look: (path: string) => Promise<Facts>,
): Promise<Facts & Pick<Blob, 'sha256' | 'sizeBytes'>> {
  const announced = Number(c.req.header('content-length') ?? Number.NaN);
  if (announced > mostBytes) throw tooLarge(mostBytes);
  const body = c.req.raw.body;
  const empty = new Refusal(400, 'body/empty', `Expected the bytes of a ${noun}, got none.`);
  if (!body) throw empty;
  const staged = await service.staging.receive(Readable.fromWeb(body as never), mostBytes);
  try {
    if (staged.sizeBytes === 0) throw empty;
    const seen = await look(staged.path);
    const { sha256, sizeBytes } = await service.blobs.add(staged, seen);
    metrics.uploaded(staged.sizeBytes);
    return { sha256, sizeBytes, ...seen };
  } finally {
    await rm(staged.path, { force: true });
  }
}
