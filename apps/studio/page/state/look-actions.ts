import type { DreamOptions } from '../../../../src/index.js';
import { isKnown, readyEngine, refusalOf } from './engine-actions.js';
import { thumbnailOf } from './picture-files.js';
import { lookOptions, type PresetName, presetNames } from './settings.js';
import { learnSpeed } from './shown.js';
import { get, type OpenPhoto, set, useStudio } from './store.js';

/** How many looks are offered before all are asked for. */
export const firstLooks = 6;

/** Longest side of a look in pixels, and the least its shorter side has: below, the deepest layers see nothing. */
const longestSide = 208;
const shortestSide = 112;

/** Steps of a look on all its octaves together. */
const mostSteps = 14;

let small: { readonly of: string; readonly photo: Promise<OpenPhoto> } | undefined;
let inProgress: AbortController | undefined;
let working = false;

/** The looks that are shown now, in their order. */
export function offeredLooks(all: boolean): readonly PresetName[] {
  return all ? presetNames : presetNames.slice(0, firstLooks);
}

/** Ends the look in progress, so that the engine is free. It is made again later. */
export function pauseLooks(): void {
  inProgress?.abort();
}

/** Makes the looks that are missing, one after another, while nothing else is to be done. */
export function keepMakingLooks(): void {
  useStudio.subscribe(() => void work());
  void work();
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  try {
    for (let next = nextLook(); next; next = nextLook()) await make(next);
  } finally {
    working = false;
  }
}

function nextLook(): PresetName | undefined {
  const { photo, running, looks, allLooks, place } = get();
  // A server's queue is for what was asked for.
  if (!photo || running || place === 'server' || !readyEngine()) return undefined;
  return offeredLooks(allLooks).find((name) => looks[name] === undefined);
}

async function make(preset: PresetName): Promise<void> {
  const { photo } = get();
  const engine = readyEngine();
  if (!photo || !engine) return;
  const abort = new AbortController();
  inProgress = abort;
  put(preset, { status: 'making' });
  try {
    if (small?.of !== photo.sha256) small = { of: photo.sha256, photo: thumbnailOf(photo, longestSide, shortestSide) };
    const request = { photo: await small.photo, options: quick(lookOptions(preset)) };
    const { totalFlops } = await engine.plan(request);
    const never = new AbortController().signal;
    for await (const event of engine.dream(request, { signal: abort.signal, stop: never })) {
      if (event.type !== 'made') continue;
      if (get().photo === photo) put(preset, { status: 'made', url: URL.createObjectURL(event.file) });
      if (get().speed === undefined && totalFlops !== undefined) learnSpeed(totalFlops, event);
    }
  } catch (error) {
    put(preset, abort.signal.aborted || isKnown(refusalOf(error)) ? undefined : { status: 'failed' });
  }
}

function put(preset: PresetName, look: ReturnType<typeof get>['looks'][PresetName]): void {
  const { [preset]: _, ...others } = get().looks;
  set({ looks: look ? { ...others, [preset]: look } : others });
}

/** A look as a small picture shows it: a few long steps instead of many short ones, on at most two octaves. */
function quick(options: DreamOptions): DreamOptions {
  const octaves = Math.min(options.octaves, 2);
  const steps = Math.max(1, Math.min(options.steps, Math.floor(mostSteps / octaves)));
  const longer = Math.min(options.steps / steps, 2);
  return {
    ...options,
    octaves,
    steps,
    stepSize: options.stepSize * longer,
    octavesAbove: 0,
    octaveScale: Math.min(options.octaveScale, 1.5),
    jitter: Math.min(options.jitter, 16),
    size: 0,
    seed: 1,
  };
}
