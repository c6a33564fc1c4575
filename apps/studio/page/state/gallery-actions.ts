import { keep, readAll, remove } from './gallery-store.js';
import { recall, remember } from './kept.js';
import { show } from './shown.js';
import { get, type MadePicture, set } from './store.js';

/** Fills the gallery with what was kept on this machine. */
export async function openGallery(): Promise<void> {
  // Private windows of some browsers keep nothing; the gallery is then that of this visit.
  const gallery = await readAll().catch(() => []);
  set({ gallery });
}

/** Puts a picture first in the gallery, and keeps it on this machine where the browser lets it. */
export async function keepInGallery(picture: MadePicture): Promise<void> {
  const others = get().gallery.filter(({ id }) => id !== picture.id);
  set({ gallery: [picture, ...others].sort((a, b) => b.madeAt - a.madeAt) });
  await keep(picture).catch(() => {});
}

/** Takes a picture out of the gallery; until the next notice it can be put back. */
export async function deletePicture(picture: MadePicture): Promise<void> {
  set({
    gallery: get().gallery.filter(({ id }) => id !== picture.id),
    notice: { kind: 'deleted', picture },
  });
  forget(picture.id);
  if (get().shown?.id === picture.id) show(undefined);
  await remove(picture.id).catch(() => {});
}

/** Whether a picture was taken out of the gallery; a server still has it. */
export function isForgotten(id: string): boolean {
  return forgotten().includes(id);
}

function forget(id: string): void {
  remember('forgotten', [id, ...forgotten()].slice(0, 500).join(' '));
}

function forgotten(): string[] {
  return recall('forgotten')?.split(' ') ?? [];
}
