import { encodePicture, readPicture } from '../../../../src/platform/web/index.js';
import type { Photo } from '../../engine/engine.js';
import type { OpenPhoto } from './store.js';

/** The digest that names a file in recipes. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A small copy of a photo, for quick dreams. */
export async function thumbnailOf(photo: Photo, longestSide: number, shortestSide: number): Promise<OpenPhoto> {
  const { width, height } = photo;
  const wanted = Math.max(longestSide / Math.max(width, height), shortestSide / Math.min(width, height));
  const scale = Math.min(1, wanted);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const file = await drawn(photo.file, size, 'image/png');
  return { file, name: photo.name, sha256: await sha256Of(file), url: '', ...size };
}

/** A made picture in another format, with its recipe inside or without. */
export async function exported(file: Blob, format: 'png' | 'jpeg' | 'webp', recipe: string | undefined): Promise<Blob> {
  if (format === 'png' && recipe !== undefined) return file;
  return encodePicture(await readPicture(file, { name: 'dream' }), { format, recipe });
}

async function drawn(file: Blob, { width, height }: { width: number; height: number }, type: string): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type });
}
