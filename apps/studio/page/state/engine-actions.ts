import { BrowserEngine } from '../../engine/browser-engine.js';
import { type Engine, Refusal } from '../../engine/engine.js';
import { ServerEngine } from '../../engine/server-engine.js';
import { recall, remember } from './kept.js';
import { get, type Place, set } from './store.js';

let engine: BrowserEngine | ServerEngine | undefined;

/** The engine, once it is ready. */
export function readyEngine(): Engine | undefined {
  return get().engine.status === 'ready' ? engine : undefined;
}

/** The server as an engine, once it is ready; undefined while dreams are made in this browser. */
export function readyServer(): ServerEngine | undefined {
  const ready = readyEngine();
  return ready instanceof ServerEngine ? ready : undefined;
}

/** Has dreams made in this browser, or on the server, from now on. */
export async function choosePlace(place: Place): Promise<void> {
  if (get().place === place || get().running) return;
  remember('place', place);
  set({ place, plan: undefined, speed: undefined });
  await openEngine();
}

/** Takes the token that the server asks for. */
export async function giveToken(token: string): Promise<void> {
  remember('token', token);
  await openEngine();
}

/** Finds out whether the page comes from a server that takes jobs, and where dreams were made the last time. */
export function findServer(): void {
  if (!document.querySelector('meta[name=pareidolia-server]')) return;
  const place = recall('place') === 'server' ? 'server' : 'browser';
  set({ place, server: { answers: true, jobs: [] } });
}

/** Starts the engine of the place that was chosen, or starts it again. */
export async function openEngine(): Promise<void> {
  engine?.close();
  engine = undefined;
  const { place } = get();
  set({ engine: { status: 'opening', progress: undefined } });
  if (place === 'browser') await keptOffline();
  if (get().place !== place) return;
  const opened = place === 'server' ? newServerEngine() : newEngine();
  engine = opened;
  try {
    if (!window.isSecureContext) throw new Refusal('insecure', 'The page needs https, or localhost.');
    const { network, ...facts } = await opened.open((progress) => {
      if (engine === opened) set({ engine: { status: 'opening', progress } });
    });
    if (engine === opened) set({ engine: { status: 'ready', facts, network } });
  } catch (error) {
    if (engine === opened) set({ engine: { status: 'failed', refusal: refusalOf(error) } });
  }
}

function newEngine(): BrowserEngine {
  const address = (path: string) => new URL(path, document.baseURI).href;
  const assets = { network: address('model/inception-v3.onnx'), runtime: address('runtime/') };
  return new BrowserEngine({ assets, onCrash: startAgain });
}

function newServerEngine(): ServerEngine {
  return new ServerEngine({
    address: new URL('.', document.baseURI).href,
    token: recall('token'),
    openLocal: async () => {
      const local = newEngine();
      await local.open(() => {});
      return local;
    },
    onReach: (answers) => {
      const { server } = get();
      if (server && server.answers !== answers) set({ server: { ...server, answers } });
    },
    onJob: (id) => remember('job', id),
  });
}

/** One that ends before it was ready would only end again. */
function startAgain(): void {
  if (get().engine.status !== 'ready') return;
  set({ notice: { kind: 'crashed' } });
  void openEngine();
}

/** The service worker keeps what it sees, so the network and the runtime wait for it, but not for long. */
async function keptOffline(): Promise<void> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container || container.controller) return;
  const controlled = new Promise<void>((resolve) => {
    container.addEventListener('controllerchange', () => resolve(), { once: true });
  });
  await Promise.race([controlled, new Promise((resolve) => setTimeout(resolve, 2000))]);
}

/** Dreams with another network from now on. */
export async function takeNetwork(wanted: File | string | undefined): Promise<void> {
  const state = get().engine;
  const ready = readyEngine();
  if (!ready || state.status !== 'ready') return;
  try {
    const network = await ready.takeNetwork(wanted);
    set({ engine: { ...state, network }, looks: {} });
  } catch (error) {
    report(error);
  }
}

/** Any error as one that can be shown. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'bug';
  return new Refusal(code, error instanceof Error ? error.message : String(error));
}

/** Whether an error is no news: somebody asked for it, or a notice about the engine says it all. */
export function isKnown({ code }: Refusal): boolean {
  return code === 'cancelled' || code === 'crashed';
}

/** Shows an error; one after which the engine is not to be trusted starts it again. */
export function report(error: unknown): void {
  const refusal = refusalOf(error);
  if (isKnown(refusal)) return;
  set({ notice: { kind: 'refusal', refusal } });
  if (get().place === 'server') return;
  // WebAssembly gives no memory back, and is not to be trusted after an error.
  if (refusal.code === 'platform/runtime' || refusal.code === 'memory/too-large') void openEngine();
}
