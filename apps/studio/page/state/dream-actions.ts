import type { ProgressEvent } from '../../../../src/index.js';
import type { DreamRequest, Made } from '../../engine/engine.js';
import { readyEngine, report } from './engine-actions.js';
import { keepInGallery } from './gallery-actions.js';
import { pauseLooks } from './look-actions.js';
import { optionsOf } from './settings.js';
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
  stopping: false,
};

/** Dreams the photo with the settings as they are. */
export async function startDream(): Promise<void> {
  const { photo, settings, plan } = get();
  const engine = readyEngine();
  if (!engine || !photo || get().running) return;
  const [cancel, stop] = [new AbortController(), new AbortController()];
  controls = { cancel, stop };
  set({ running: begun, notice: undefined });
  pauseLooks();
  try {
    const request: DreamRequest = { photo, options: optionsOf(settings) };
    for await (const event of engine.dream(request, { signal: cancel.signal, stop: stop.signal })) {
      if (event.type === 'made') await keep(event, photo);
      else tell(event);
      if (event.type === 'made' && plan?.facts) learnSpeed(plan.facts.totalFlops * get().running!.part01, event);
    }
  } catch (error) {
    if (!cancel.signal.aborted) report(error);
  } finally {
    set({ running: undefined });
  }
}

/** Gives the dream up. */
export function cancelDream(): void {
  controls?.cancel.abort();
}

/** Ends the dream after the step in progress and keeps it. */
export function stopDream(): void {
  const { running } = get();
  controls?.stop.abort();
  if (running) set({ running: { ...running, stopping: true } });
}

function tell(event: ProgressEvent): void {
  const { running } = get();
  if (running) set({ running: reduce(running, event) });
}

function reduce(running: Running, event: ProgressEvent): Running {
  switch (event.type) {
    case 'started':
      return { ...running, octaves: event.octaves };
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

async function keep(made: Made, { file, name, sha256, width, height }: OpenPhoto): Promise<void> {
  const { type: _, steps: __, ...rest } = made;
  const picture = {
    ...rest,
    id: crypto.randomUUID(),
    madeAt: Date.now(),
    preset: get().settings.preset,
    photo: { file, name, sha256, width, height },
  };
  show(picture);
  await keepInGallery(picture);
}
