import { BrowserEngine } from '../../engine/browser-engine.js';
import { type Engine, Refusal } from '../../engine/engine.js';
import { get, set } from './store.js';

let engine: Engine | undefined;

/** The engine, once it is ready. */
export function readyEngine(): Engine | undefined {
  return get().engine.status === 'ready' ? engine : undefined;
}

/** Starts the engine of this browser, or starts it again. */
export async function openEngine(): Promise<void> {
  engine?.close();
  set({ engine: { status: 'opening', progress: undefined } });
  await keptOffline();
  const opened = newEngine();
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

function newEngine(): Engine {
  const address = (path: string) => new URL(path, document.baseURI).href;
  const assets = { network: address('model/inception-v3.onnx'), runtime: address('runtime/') };
  return new BrowserEngine({ assets, onCrash: startAgain });
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
export async function takeNetwork(file: File | undefined): Promise<void> {
  const state = get().engine;
  const ready = readyEngine();
  if (!ready || state.status !== 'ready') return;
  try {
    const network = await ready.takeNetwork(file);
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
  // WebAssembly gives no memory back, and is not to be trusted after an error.
  if (refusal.code === 'platform/runtime' || refusal.code === 'memory/too-large') void openEngine();
}
