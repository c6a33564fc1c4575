import type { DreamOptions, ZoomSettings } from '../../../../src/index.js';
import type { ListedJob } from '../../../server/client/client.js';
import { guidesOf, madeBy, photoOf } from '../../engine/server-results.js';
import { followDream, leaveDream } from './dream-actions.js';
import { readyServer, report } from './engine-actions.js';
import { isForgotten, keepInGallery } from './gallery-actions.js';
import { replaceGuides } from './guide-actions.js';
import { recall, remember } from './kept.js';
import { followMovie } from './movie-actions.js';
import { openPhoto } from './photo-actions.js';
import { settingsOf } from './settings.js';
import { changeSettings } from './settings-actions.js';
import { get, set, useStudio } from './store.js';

/** How often the page asks what the server does. */
const askEveryMs = 3_000;

/** How many dreams of a server come into the gallery of a machine that has not seen them. */
const mostFetched = 24;

/** What can be had of a job by its id: a dream that is not at its end is followed. */
export const isUnfinished = ({ state }: ListedJob): boolean => state !== 'done';

/** Keeps the list of the server's jobs up while the page is seen, and takes up what this machine had begun. */
export function keepUpWithServer(): void {
  let asked: unknown;
  useStudio.subscribe(({ engine }) => {
    const server = readyServer();
    if (server === asked) return;
    asked = server;
    if (server && engine.status === 'ready') void askServer().then(goOn);
  });
  setInterval(() => {
    if (document.visibilityState === 'visible') void askServer();
  }, askEveryMs);
}

/** Asks the server what it does; what it has made comes into the gallery. */
async function askServer(): Promise<void> {
  const engine = readyServer();
  if (!engine) return;
  try {
    const jobs = await engine.jobs();
    const { server } = get();
    if (engine !== readyServer() || !server) return;
    if (JSON.stringify(server.jobs) !== JSON.stringify(jobs)) set({ server: { ...server, jobs } });
    await fetchMade(jobs);
  } catch {
    // That it does not answer is seen elsewhere.
  }
}

let fetching = false;

/** Brings dreams that the server has made into the gallery. */
async function fetchMade(jobs: readonly ListedJob[]): Promise<void> {
  const engine = readyServer();
  if (fetching || !engine || get().running) return;
  fetching = true;
  try {
    const made = jobs.filter(({ state, kind }) => state === 'done' && kind === 'dream').slice(0, mostFetched);
    for (const job of made) {
      if (isForgotten(job.id) || get().gallery.some(({ id }) => id === job.id)) continue;
      const { type: _, id: __, ...dream } = await madeBy(engine.client, job.id);
      const photo = await photoOf(engine.client, job);
      await keepInGallery({
        ...dream,
        id: job.id,
        madeAt: Date.parse(job.finishedAt!),
        preset: settingsOf(dream.recipe.options).preset,
        photo,
        ...(dream.recipe.guides && { guides: await guidesOf(engine.client, job) }),
      });
    }
  } finally {
    fetching = false;
  }
}

/** Goes on with what this machine was listening to when the page was left. */
function goOn(): void {
  const id = recall('job');
  const job = get().server?.jobs.find((each) => each.id === id);
  if (job && isUnfinished(job) && !get().photo) void attach(job);
}

/** Kinds of jobs that the page can follow. */
export const followed: readonly ListedJob['kind'][] = ['dream', 'zoom'];

/** Opens the photo of a dream or a movie that the server makes, with its settings, and follows it. */
export async function attach(job: ListedJob): Promise<void> {
  const engine = readyServer();
  if (!engine) return;
  try {
    const { file, name } = await photoOf(engine.client, job);
    leaveDream();
    await openPhoto(file, name);
    remember('job', job.id);
    replaceGuides(await guidesOf(engine.client, job));
    if (job.kind === 'dream') {
      const { options } = job.recipe as unknown as { readonly options: DreamOptions };
      changeSettings(settingsOf(options));
      await followDream(get().photo!, (ends) => engine.follow(job.id, ends), { guides: get().guides });
    } else {
      const { settings } = job.recipe as unknown as { readonly settings: ZoomSettings };
      changeSettings(settingsOf(settings.dream));
      set({ movie: { ...get().movie, on: true, changed: settings.movie } });
      await followMovie(name, (ends) => engine.followMovie(job.id, ends));
    }
  } catch (error) {
    report(error);
  }
}

/** Cancels a job of the server. */
export async function cancelJob(job: ListedJob): Promise<void> {
  await readyServer()?.client.cancel(job.id).catch(report);
  await askServer();
}
