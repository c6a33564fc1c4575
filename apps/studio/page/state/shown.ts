import type { Made } from '../../engine/engine.js';
import { get, type MadePicture, set } from './store.js';

/** Puts a made picture beside the photo, or takes it away. */
export function show(picture: MadePicture | undefined): void {
  const before = get().shown;
  if (before) URL.revokeObjectURL(before.url);
  set({ shown: picture && { ...picture, url: URL.createObjectURL(picture.file) } });
}

/** Remembers how fast this machine is, to say how long the next dream takes. */
export function learnSpeed(flops: number, { elapsedMs }: Made): void {
  if (elapsedMs > 0 && flops > 0) set({ speed: (flops / elapsedMs) * 1000 });
}
