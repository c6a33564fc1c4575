import { parseRecipe, type Recipe } from '../../../../src/index.js';
import { extractRecipe, readBitmap } from '../../../../src/platform/web/index.js';
import { leaveDream } from './dream-actions.js';
import { report } from './engine-actions.js';
import { replaceGuides } from './guide-actions.js';
import { pauseLooks } from './look-actions.js';
import { changeMask, dropMask, openMask } from './mask.js';
import { sha256Of } from './picture-files.js';
import { settingsOf } from './settings.js';
import { changeSettings } from './settings-actions.js';
import { show } from './shown.js';
import { get, type MadePicture, set } from './store.js';

/** The most pixels of a photo: larger ones would fill the memory of a browser. */
export const maxPhotoPixels = 50_000_000;

/** Opens what was dropped, pasted or picked: a photo, or a made picture, whose settings come back. */
export async function openFile(file: Blob, name: string): Promise<void> {
  set({ opening: true, notice: undefined });
  try {
    const text = await extractRecipe(new Uint8Array(await file.arrayBuffer()), name);
    if (text === undefined) await openPhoto(file, name);
    else await restore(file, name, text);
  } catch (error) {
    report(error);
  } finally {
    set({ opening: false });
  }
}

/** Opens a photo; what was made of another one goes from view. */
export async function openPhoto(file: Blob, name: string): Promise<void> {
  const bitmap = await readBitmap(file, { name, maxPixels: maxPhotoPixels });
  const { width, height } = bitmap;
  bitmap.close();
  const sha256 = await sha256Of(file);
  leaveDream();
  pauseLooks();
  const { photo: before, looks, movie } = get();
  if (before) URL.revokeObjectURL(before.url);
  for (const look of Object.values(looks)) if (look.status === 'made') URL.revokeObjectURL(look.url);
  dropMask();
  show(undefined);
  if (movie.made) URL.revokeObjectURL(movie.made.url);
  set({ photo: { file, name, sha256, width, height, url: URL.createObjectURL(file) }, looks: {}, plan: undefined });
  set({ movie: { ...movie, made: undefined } });
}

/** Takes the settings out of a made picture. It is the photo as well, where its own is not open. */
async function restore(file: Blob, name: string, text: string): Promise<void> {
  const { options, input, mask, guides } = parseRecipe(text, name);
  const known = get().gallery.find(({ photo }) => photo.sha256 === input.sha256)?.photo;
  if (get().photo?.sha256 !== input.sha256) await openPhoto(known?.file ?? file, known?.name ?? name);
  changeSettings(settingsOf(options));
  restoreGuides(guides);
  const photoIsOpen = get().photo?.sha256 === input.sha256;
  const missingMask = (await restoreMask(mask)) ? undefined : mask?.name;
  set({ notice: { kind: 'restored', from: name, photo: input.name, photoIsOpen, missingMask } });
}

/** Takes the guides that a recipe names, as far as pictures of the gallery have them. */
function restoreGuides(named: Recipe['guides'] = []): void {
  const known = get().gallery.flatMap(({ photo, guides = [] }) => [photo, ...guides]);
  const found = named.map(({ sha256 }) => known.find((each) => each.sha256 === sha256));
  replaceGuides(found.filter((each) => each !== undefined));
}

/** Takes the mask that a recipe names, where a picture of the gallery has it. @returns whether it is there */
async function restoreMask(named: Recipe['mask']): Promise<boolean> {
  const known = named && get().gallery.find(({ mask }) => mask?.sha256 === named.sha256)?.mask;
  if (known) await openMask(known.file, known.name);
  else changeMask(undefined);
  return known !== undefined;
}

/** Opens the photo that comes with the page. */
export async function openSample(): Promise<void> {
  set({ opening: true, notice: undefined });
  try {
    const response = await fetch(new URL('sample.jpg', document.baseURI));
    await openPhoto(await response.blob(), 'castle.jpg');
  } catch (error) {
    report(error);
  } finally {
    set({ opening: false });
  }
}

/** Opens a picture of the gallery: its photo, its settings, and itself beside them. */
export async function reopen(picture: MadePicture): Promise<void> {
  const { file, name } = picture.photo;
  if (get().photo?.sha256 !== picture.photo.sha256) await openPhoto(file, name);
  changeSettings(settingsOf(picture.recipe.options));
  replaceGuides(picture.guides ?? []);
  if (picture.mask) await openMask(picture.mask.file, picture.mask.name);
  else changeMask(undefined);
  show(picture);
}
