import { type DreamControls, type EngineEvent, left, type Made, type NamedPicture } from '../../engine/engine.js';
import { stopBackground } from './background.js';
import { readyEngine, report } from './engine-actions.js';
import { keepInGallery } from './gallery-actions.js';
import { remember } from './kept.js';
import { pauseLooks } from './look-actions.js';
import { maskFile } from './mask.js';
import { optionsOf, settingsOf } from './settings.js';
import { learnSpeed, show } from './shown.js';
import { get, type OpenPhoto, type Running, set } from './store.js';

let controls: { readonly cancel: AbortController; readonly stop: AbortController } | undefined;

const begun: Running = {
  octave: 1,
  octaves: 1,
  step: 0,
  part01: 0,
  elapsedMs: 0,
  remainingMs: undefined,
  curve: [],
  preview: undefined,
  queued: false,
  stopping: false,
};

/** Dreams the photo with the settings as they are. */
export async function startDream(): Promise<void> {
  const { photo, settings, guides } = get();
  const engine = readyEngine();
  if (!engine || !photo) return;
  const mask = await maskFile();
  await followDream(photo, (ends) => engine.dream({ photo, mask, guides, options: optionsOf(settings) }, ends), {
    mask,
    guides,
  });
}

/** What a dream goes by besides its photo. */
type Materials = { readonly mask?: NamedPicture | undefined; readonly guides?: readonly OpenPhoto[] };

/** Shows how a dream of a photo goes, and keeps it in the end. */
export async function followDream(
  photo: OpenPhoto,
  begin: (ends: DreamControls) => AsyncIterable<EngineEvent>,
  materials: Materials = {},
): Promise<void> {
  const { plan } = get();
  await runAlone(async (ends) => {
    for await (const event of begin(ends)) {
      if (event.type !== 'made') tell(event);
      else {
        await keep(event, photo, materials);
        const { totalFlops } = plan?.facts ?? {};
        if (totalFlops !== undefined) learnSpeed(totalFlops * get().running!.part01, event);
      }
    }
  });
}

/** Does something that can be ended early, while nothing else runs. */
export async function runAlone(work: (ends: DreamControls) => Promise<void>): Promise<void> {
  if (get().running) return;
  const [cancel, stop] = [new AbortController(), new AbortController()];
  controls = { cancel, stop };
  set({ running: begun, notice: undefined });
  pauseLooks();
  stopBackground();
  try {
    await work({ signal: cancel.signal, stop: stop.signal });
  } catch (error) {
    if (!cancel.signal.aborted) report(error);
  } finally {
    if (controls?.cancel === cancel) {
      set({ running: undefined });
      remember('job', undefined);
    }
  }
}

/** Gives the dream up. */
export function cancelDream(): void {
  controls?.cancel.abort();
}

/** Listens to the dream no longer: here that ends it, on a server it goes on. */
export function leaveDream(): void {
  controls?.cancel.abort(left);
  set({ running: undefined });
}

/** Ends the dream after the step in progress and keeps it. */
export function stopDream(): void {
  const { running } = get();
  controls?.stop.abort();
  if (running) set({ running: { ...running, stopping: true } });
}

function tell(event: Exclude<EngineEvent, Made>): void {
  const { running } = get();
  if (running) set({ running: reduce(running, event) });
}

function reduce(running: Running, event: Exclude<EngineEvent, Made>): Running {
  switch (event.type) {
    case 'queued':
      return { ...running, queued: true };
    case 'started':
      return { ...running, queued: false, octaves: event.octaves };
    case 'octave':
      return { ...running, octave: event.octave, step: 0, curve: [] };
    case 'step': {
      const { step, progress01: part01, elapsedMs, remainingMs, objective } = event;
      return { ...running, step, part01, elapsedMs, remainingMs, curve: [...running.curve, objective] };
    }
    case 'preview':
      return { ...running, preview: event };
  }
}

async function keep(
  made: Made,
  { file, name, sha256, width, height }: OpenPhoto,
  { mask, guides = [] }: Materials,
): Promise<void> {
  const { type: _, id = crypto.randomUUID(), ...rest } = made;
  const picture = {
    ...{ ...rest, id },
    madeAt: Date.now(),
    preset: settingsOf(made.recipe.options).preset,
    photo: { file, name, sha256, width, height },
    ...(mask && { mask }),
    ...(guides.length > 0 && { guides: guides.map(({ url: _, ...guide }: OpenPhoto) => guide) }),
  };
  show(picture);
  await keepInGallery(picture);
}
