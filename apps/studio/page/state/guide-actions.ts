import { readBitmap } from '../../../../src/platform/web/index.js';
import type { Photo } from '../../engine/engine.js';
import { report } from './engine-actions.js';
import { sha256Of } from './picture-files.js';
import { guidedObjectives, optionsOf, withOption, withoutOption } from './settings.js';
import { changeSettings } from './settings-actions.js';
import { get, set } from './store.js';

/** More than anyone gives. */
export const mostGuides = 20;

/** Adds photos to go by; the objective becomes one that does. */
export async function addGuides(files: readonly File[]): Promise<void> {
  try {
    const added: Photo[] = [];
    for (const file of files) added.push(await photoOfFile(file));
    takeGuides([...get().guides, ...added].slice(0, mostGuides));
  } catch (error) {
    report(error);
  }
}

/** Takes a guide away; with the last one goes its objective. */
export function removeGuide(index: number): void {
  takeGuides(get().guides.filter((_, i) => i !== index));
}

/** Goes by these photos from now on, and by no others. */
export function takeGuides(photos: readonly Photo[]): void {
  replaceGuides(photos);
  const { settings } = get();
  const isGuided = guidedObjectives.includes(optionsOf(settings).objective);
  if (photos.length > 0 && !isGuided) changeSettings(withOption(settings, 'objective', 'best-match'));
  if (photos.length > 0 || !isGuided) return;
  changeSettings(withoutOption(withoutOption(settings, 'objective'), 'guideWeights'));
}

/** The same without a word about the objective, which the settings say already. */
export function replaceGuides(photos: readonly Photo[]): void {
  for (const { url } of get().guides) URL.revokeObjectURL(url);
  set({ guides: photos.map((photo) => ({ ...photo, url: URL.createObjectURL(photo.file) })) });
}

async function photoOfFile(file: File): Promise<Photo> {
  const bitmap = await readBitmap(file, { name: file.name });
  const { width, height } = bitmap;
  bitmap.close();
  return { file, name: file.name, sha256: await sha256Of(file), width, height };
}
