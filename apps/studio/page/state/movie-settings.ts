import { type Keyframe, parseKeyframes, type ZoomSettings, zoomSettingsOf } from '../../../../src/index.js';
import type { Settings } from './settings.js';
import type { MovieState } from './store.js';

/** Frames of a movie that is only tried. */
export const trialFrames = 3;

/** Every option of a movie and of its dreams. */
export function movieSettingsOf({ preset, changed }: Settings, movie: MovieState['changed']): ZoomSettings {
  return zoomSettingsOf({ preset, ...changed, ...movie });
}

/** The same movie, but its first frames only. */
export function trialOf(settings: ZoomSettings): ZoomSettings {
  // Flying back into the photo within three frames would show another movie.
  return { ...settings, movie: { ...settings.movie, frames: trialFrames, loop: 'none' } };
}

/** What the camera does from a keyframe on; what is not set goes on as it was. */
export interface CameraKey {
  readonly frame: number;
  readonly ease: Keyframe['ease'];
  readonly zoom?: number;
  readonly rotate?: number;
  readonly panX?: number;
  readonly panY?: number;
}

/** The keyframes in the option `camera`. */
export function cameraKeysOf(camera: string): CameraKey[] {
  return parseKeyframes(camera).map(({ frame, ease, values }) => ({ frame, ease, ...values }));
}

/** The option `camera` of some keyframes. */
export function cameraOf(keys: readonly CameraKey[]): string {
  return keys.length === 0 ? 'none' : JSON.stringify(keys.toSorted((a, b) => a.frame - b.frame));
}
