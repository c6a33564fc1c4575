import { isKnown, readyEngine, refusalOf } from './engine-actions.js';
import { optionsOf, type Settings } from './settings.js';
import { get, set, useStudio } from './store.js';

/** Steps that can be undone. */
const mostPast = 100;

/** Takes new settings; the ones before can be had back. */
export function changeSettings(settings: Settings): void {
  const { settings: before, past } = get();
  if (JSON.stringify(before) === JSON.stringify(settings)) return;
  set({ settings, past: [...past, before].slice(-mostPast), future: [] });
}

/** Goes back to the settings before. */
export function undo(): void {
  const { settings, past, future } = get();
  const before = past.at(-1);
  if (before) set({ settings: before, past: past.slice(0, -1), future: [settings, ...future] });
}

/** Takes back what was undone. */
export function redo(): void {
  const { settings, past, future } = get();
  const [after, ...rest] = future;
  if (after) set({ settings: after, past: [...past, settings], future: rest });
}

/** Keeps the plan up with photo, settings and network. */
export function keepPlanning(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let planned: unknown[] = [];
  const follow = (): void => {
    const { photo, guides, settings, engine } = get();
    const network = engine.status === 'ready' ? engine.network : undefined;
    const now = [photo, guides, settings, network];
    if (now.every((value, i) => value === planned[i])) return;
    planned = now;
    clearTimeout(timer);
    timer = setTimeout(() => void plan(), 150);
  };
  useStudio.subscribe(follow);
  follow();
}

async function plan(): Promise<void> {
  const { photo, guides, settings } = get();
  const engine = readyEngine();
  if (!photo || !engine) return;
  try {
    const facts = await engine.plan({ photo, guides, options: optionsOf(settings) });
    if (get().settings === settings) set({ plan: { facts } });
  } catch (error) {
    const refusal = refusalOf(error);
    if (get().settings === settings && !isKnown(refusal)) set({ plan: { refusal } });
  }
}
