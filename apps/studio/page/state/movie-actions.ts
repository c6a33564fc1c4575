import type { ZoomOptions } from '../../../../src/index.js';
import type { DreamControls, MadeMovie, MovieEvent } from '../../engine/engine.js';
import { runAlone } from './dream-actions.js';
import { readyEngine } from './engine-actions.js';
import { maskFile } from './mask.js';
import { movieSettingsOf, trialOf } from './movie-settings.js';
import { get, type Running, set } from './store.js';

/** Makes movies from now on, or pictures. */
export function chooseMovie(on: boolean): void {
  set({ movie: { ...get().movie, on } });
}

/** Takes other options of the movie. */
export function changeMovie(changed: Partial<ZoomOptions>): void {
  const { movie } = get();
  set({ movie: { ...movie, changed: { ...movie.changed, ...changed } } });
}

/** Makes the movie, or its first frames only. */
export async function startMovie(trial: boolean): Promise<void> {
  const { photo, settings, movie, guides } = get();
  const engine = readyEngine();
  if (!engine || !photo) return;
  const whole = movieSettingsOf(settings, movie.changed);
  const request = { photo, guides, mask: await maskFile(), settings: trial ? trialOf(whole) : whole };
  await followMovie(photo.name, (ends) => engine.movie(request, ends));
}

/** Shows how a movie goes, and shows it in the end. */
export async function followMovie(
  photo: string,
  begin: (ends: DreamControls) => AsyncIterable<MovieEvent>,
): Promise<void> {
  closeMovie();
  await runAlone(async (ends) => {
    for await (const event of begin(ends)) {
      const { running, movie } = get();
      if (event.type === 'movie') set({ movie: { ...movie, made: shown(event, photo) } });
      else if (running) set({ running: reduce(running, event) });
    }
  });
}

/** Takes the movie that was made from view. */
export function closeMovie(): void {
  const { movie } = get();
  if (movie.made) URL.revokeObjectURL(movie.made.url);
  set({ movie: { ...movie, made: undefined } });
}

function shown(made: MadeMovie, photo: string) {
  return { ...made, photo, url: URL.createObjectURL(made.file) };
}

function reduce(running: Running, event: Exclude<MovieEvent, MadeMovie>): Running {
  if (event.type === 'queued') return { ...running, queued: true };
  if (event.type === 'preview') return { ...running, queued: false, preview: event };
  const { done, total, remainingMs } = event;
  return { ...running, queued: false, frames: { done, total }, part01: done / total, remainingMs };
}
