import { PareidoliaError, type Preview } from '../../../src/platform/web/index.js';
import { ServerError } from '../../server/client/client.js';
import { Refusal } from './engine.js';

/** A small picture file as the page shows previews. */
export async function previewOf(file: Uint8Array): Promise<Preview> {
  const bitmap = await createImageBitmap(new Blob([file as Uint8Array<ArrayBuffer>]));
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d')!;
  canvas.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = canvas.getImageData(0, 0, width, height);
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return { width, height, rgb };
}

/** What a server did not do, as the page tells it. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ServerError || error instanceof PareidoliaError) return new Refusal(error.code, error.message);
  if (error instanceof Error && error.name === 'AbortError') return new Refusal('cancelled', error.message);
  return new Refusal('bug', error instanceof Error ? error.message : String(error));
}
