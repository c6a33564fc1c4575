/** The thread that dreams: the library on onnxruntime-web, which blocks the thread it runs on. */
import {
  type Activations,
  activations,
  builtInName,
  canonicalJson,
  createRecipe,
  dream,
  encodePicture,
  type Finished,
  fetchNetwork,
  freshSeed,
  listLayers,
  type NamedFile,
  type Network,
  networkOf,
  PareidoliaError,
  type Picture,
  type Plan,
  type Platform,
  planDream,
  readPicture,
  recipeModel,
} from '../../../src/platform/web/index.js';
import { choosePlatform } from './choose-platform.js';
import {
  type DrawingRequest,
  type DreamRequest,
  type EngineEvent,
  type MovieRequest,
  type NamedPicture,
  type NetworkFacts,
  type Photo,
  type PlanFacts,
  Refusal,
} from './engine.js';
import { drawChannels } from './inspect.js';
import { makeMovie } from './movie.js';
import type { AssetAddresses, FromWorker, Question, Result, ToWorker } from './protocol.js';

/** The size that layers are listed at: every block of the usual networks has room in it. */
const usualSize = { width: 512, height: 384 };

/** More than this is a poster; its planes of floats would fill the memory of a browser. */
const maxPixels = 50_000_000;

let assets: AssetAddresses;
let platform: Platform;
let network: Network;
let builtIn: Network;
let decoded: { readonly sha256: string; readonly picture: Picture } | undefined;
const running = new Map<number, { readonly cancel: AbortController; readonly stop: AbortController }>();

async function answer(id: number, question: Question): Promise<Result> {
  switch (question.kind) {
    case 'open':
      return open(id, question);
    case 'network':
      network = question.file ? await readNetwork(question.file) : builtIn;
      return factsOf(network);
    case 'plan':
      return planFacts(await planOf(question.request));
    case 'dream':
      await run(id, question.request);
      return undefined;
    case 'movie':
      await film(id, question.request);
      return undefined;
    case 'look':
      return look(question.photo, question.layer);
    case 'visualize':
      await draw(id, question.request);
      return undefined;
  }
}

async function open(id: number, question: Extract<Question, { kind: 'open' }>) {
  assets = question.assets;
  const tell = (part01: number | undefined) => post({ id, progress: { what: 'network', part01 } });
  builtIn = await fetchNetwork(assets.network, {
    name: builtInName,
    onProgress: ({ receivedBytes, totalBytes }) => tell(totalBytes && receivedBytes / totalBytes),
  });
  network = builtIn;
  await fetchRuntime(id);
  const chosen = await choosePlatform(builtIn, { wasmPaths: assets.runtime, threads: question.threads });
  platform = chosen.platform;
  return {
    device: chosen.device,
    threads: platform.cores,
    cores: navigator.hardwareConcurrency,
    network: factsOf(network),
  };
}

/** onnxruntime loads itself when the first dream begins; fetched before, it is there then, even without a connection. */
async function fetchRuntime(id: number): Promise<void> {
  for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    const response = await fetch(assets.runtime + name);
    const totalBytes = Number(response.headers.get('content-length'));
    let receivedBytes = 0;
    const reader = response.body!.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      receivedBytes += part.value.length;
      const part01 = totalBytes > 0 ? Math.min(1, receivedBytes / totalBytes) : undefined;
      post({ id, progress: { what: 'runtime', part01 } });
    }
  }
}

async function readNetwork(file: File): Promise<Network> {
  return networkOf(new Uint8Array(await file.arrayBuffer()), { name: file.name });
}

function factsOf(which: Network): NetworkFacts {
  return { name: which.name, sha256: which.sha256, layers: listLayers(which, which.fixedSize ?? usualSize) };
}

async function planOf({ photo, options, guides = [] }: DreamRequest): Promise<Plan> {
  const memoryBytes = platform.freeMemoryBytes?.();
  return planDream(network, photo, options, { guides, ...(memoryBytes !== undefined && { memoryBytes }) });
}

function planFacts({ picture, totalSteps, totalFlops }: Plan): PlanFacts {
  return { picture, totalSteps, totalFlops };
}

async function run(id: number, request: DreamRequest): Promise<void> {
  const { photo, options, mask } = request;
  const [cancel, stop] = [new AbortController(), new AbortController()];
  running.set(id, { cancel, stop });
  try {
    const seeded = { ...options, seed: options.seed ?? freshSeed() };
    const plan = await planOf({ ...request, options: seeded });
    const picture = await pictureOf(photo);
    const masked = mask && { mask: await readPicture(mask.file, { name: mask.name, maxPixels }) };
    const guides = await picturesOf(request.guides);
    const controls = { signal: cancel.signal, stop: stop.signal, previewEveryMs: 500 };
    const machine = listening(platform, cancel.signal);
    for await (const event of dream(plan, picture, { platform: machine, guides, ...controls, ...masked })) {
      if (event.type !== 'finished') post({ id, event });
      else post({ id, event: await fileOf(event, plan, request) });
    }
  } finally {
    running.delete(id);
  }
}

async function film(id: number, request: MovieRequest): Promise<void> {
  const [cancel, stop] = [new AbortController(), new AbortController()];
  running.set(id, { cancel, stop });
  try {
    const picture = await pictureOf(request.photo);
    const guides = await picturesOf(request.guides);
    const [mask] = await picturesOf(request.mask && [request.mask]);
    const ends = { signal: cancel.signal, stop: stop.signal };
    const tools = { network, guides, mask, platform: listening(platform, cancel.signal), ...ends };
    for await (const event of makeMovie(request, picture, tools)) post({ id, event });
  } finally {
    running.delete(id);
  }
}

async function look(photo: Photo, layer: string): Promise<Activations> {
  const memoryBytes = platform.freeMemoryBytes?.();
  return activations(network, await pictureOf(photo), layer, platform, { memoryBytes });
}

async function draw(id: number, request: DrawingRequest): Promise<void> {
  const cancel = new AbortController();
  running.set(id, { cancel, stop: cancel });
  try {
    for await (const event of drawChannels(network, listening(platform, cancel.signal), request)) post({ id, event });
  } finally {
    running.delete(id);
  }
}

async function pictureOf({ file, name, sha256 }: Photo): Promise<Picture> {
  if (decoded?.sha256 !== sha256) decoded = { sha256, picture: await readPicture(file, { name, maxPixels }) };
  return decoded.picture;
}

async function picturesOf(photos: readonly NamedPicture[] = []): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const { file, name } of photos) pictures.push(await readPicture(file, { name, maxPixels }));
  return pictures;
}

async function fileOf(
  { picture, stopped, objectiveLast, elapsedMs }: Finished<Picture>,
  plan: Plan,
  { photo, mask, guides = [] }: DreamRequest,
): Promise<EngineEvent> {
  const recipe = createRecipe({
    options: plan.options,
    output: { quality: null, depth: '8', format: 'png' },
    model: recipeModel(plan.network),
    input: named(photo),
    ...(mask && { mask: named(mask) }),
    ...(guides.length > 0 && { guides: guides.map(named) }),
    runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
    ...(stopped && { stopped }),
  });
  const file = await encodePicture(picture, { format: 'png', recipe: canonicalJson(recipe) });
  const size = { width: picture.width, height: picture.height };
  return { type: 'made', file, size, recipe, objectiveLast, elapsedMs };
}

function named({ name, sha256 }: NamedPicture): NamedFile {
  return { name, sha256 };
}

/** The same machine, letting messages in between two runs: the thread hears nothing while the runtime computes. */
function listening(machine: Platform, signal: AbortSignal): Platform {
  return {
    ...machine,
    async createSession(model, options) {
      const session = await machine.createSession(model, options);
      return {
        async run(feeds) {
          await machine.pause?.();
          signal.throwIfAborted();
          return session.run(feeds);
        },
        close: () => session.close(),
      };
    },
  };
}

function post(message: FromWorker): void {
  globalThis.postMessage(message);
}

function refusalOf(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PareidoliaError || error instanceof Refusal) return { code: error.code, message };
  return { code: error instanceof Error && error.name === 'AbortError' ? 'cancelled' : 'bug', message };
}

// One at a time, in their order; only what ends a dream is heard at once.
let queue = Promise.resolve();
globalThis.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if ('end' in data) {
    const dreaming = running.get(data.id);
    if (data.end === 'stop') dreaming?.stop.abort();
    else dreaming?.cancel.abort();
    return;
  }
  const { id, question } = data;
  queue = queue.then(async () => {
    try {
      post({ id, result: await answer(id, question) });
    } catch (error) {
      post({ id, refusal: refusalOf(error) });
    }
  });
});
