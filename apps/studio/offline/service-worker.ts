/**
 * Keeps the studio on the visitor's machine: the page's own files when it is installed, the network and the runtime when
 * they are first loaded. Where the host sends no headers that isolate the page, they are added here, so that from the
 * second visit on WebAssembly may use several threads.
 */

/** The parts of a service worker's scope that are used here; the DOM library has another `self`. */
interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as ServiceWorkerScope;

/** Put in by the build: JSON of the paths of the page's own files. */
const files: readonly string[] = JSON.parse('__FILES__');

/** A new build has new names of files, so that its cache is another one. */
const cacheName = `studio ${fingerprint(files.join('\n'))}`;

scope.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => scope.skipWaiting()));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return;
  const url = new URL(request.url);
  // What a server says is never kept.
  if (url.href.startsWith(`${scope.registration.scope}api/`)) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : asset(request, url.href));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(['./', ...files.filter((name) => name !== 'index.html')]);
}

async function dropOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
}

/** The page comes from the network while there is one, so that a new version is seen at once. */
async function page(request: Request): Promise<Response> {
  try {
    return isolated(await fetch(request));
  } catch {
    const kept = await caches.match(scope.registration.scope);
    return kept ? isolated(kept) : Response.error();
  }
}

/** Everything else comes from the cache first; what is not there yet is kept. */
async function asset(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(key);
  if (kept) return isolated(kept);
  const response = await fetch(request);
  if (response.status === 200) await cache.put(key, response.clone()).catch(() => {});
  return isolated(response);
}

function isolated(response: Response): Response {
  if (response.status === 0 || response.headers.has('Cross-Origin-Embedder-Policy')) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** FNV-1a, 32 bits. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
