import { isIP } from 'node:net';

/** Who may be meant by a request, and whose pages may send one. */
export interface HostRules {
  /** Names that the `Host` header may have, in lower case, without a port. */
  readonly hosts: ReadonlySet<string>;
  /** Whether any IP address may stand there: nobody can make a name of their own out of one. */
  readonly anyAddress: boolean;
  /** Origins besides the server's own, such as `http://localhost:5173`. */
  readonly origins: ReadonlySet<string>;
}

/** What a request says about where it comes from; undefined where it says nothing. */
export interface Whence {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly contentType: string | undefined;
}

/** Why a request is refused before anything else is looked at. */
export interface Suspicion {
  readonly status: 403 | 415 | 421;
  readonly code: string;
  readonly message: string;
}

/** The names that this machine has for itself. */
const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** Pages that a link on another site may lead to. */
const linkable = new Set(['/', '/api/docs']);

const bodyTypes: Readonly<Record<string, RegExp>> = {
  POST: /^application\/json(;\s*charset=utf-8)?$/i,
  PATCH: /^application\/json(;\s*charset=utf-8)?$/i,
  PUT: /^(image\/(jpeg|png|webp|avif|gif)|video\/(mp4|quicktime|x-matroska|webm|x-msvideo)|application\/octet-stream)$/i,
};

/** The rules for a server that listens on an address. */
export function hostRules(address: string, hosts: readonly string[], origins: readonly string[]): HostRules {
  const own = isLoopback(address) ? [] : [isIP(address) === 6 ? `[${address}]` : address];
  return {
    hosts: new Set([...loopback, ...own, ...hosts].map((host) => host.toLowerCase())),
    anyAddress: !isLoopback(address),
    origins: new Set(origins),
  };
}

/** Whether only this machine can reach an address. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/**
 * Looks at where a request comes from, before it is routed and before its body is read.
 *
 * A page on another site can have a browser send requests here, and a name of its own can be made to lead here. So the
 * name that is asked for must be one of ours, a page that asks must be one of ours, and what changes something must
 * have a content type that no page can send to another site without asking first.
 *
 * @returns undefined for a request that may go on
 */
export function suspect(request: Whence, rules: HostRules): Suspicion | undefined {
  const host = parseHost(request.host);
  if (host === undefined || !(rules.hosts.has(host) || (rules.anyAddress && isAddress(host)))) {
    return {
      status: 421,
      code: 'host/unknown',
      message: 'This server does not go by that name. Allow it: --allow-host NAME.',
    };
  }
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (request.origin !== undefined && !isOwn(request.origin, request.host!, rules)) {
    return { status: 403, code: 'origin/foreign', message: 'Pages of other sites may not use this server.' };
  }
  const site = request.fetchSite;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    const link = !changes && request.fetchMode === 'navigate' && linkable.has(request.path);
    const allowed = request.origin !== undefined && rules.origins.has(request.origin);
    if (!link && !allowed) {
      return { status: 403, code: 'origin/foreign', message: 'Pages of other sites may not use this server.' };
    }
  }
  const wanted = bodyTypes[request.method];
  // Of these methods only POST can be sent to another site without asking first, whatever stands here.
  const given = request.contentType ?? (request.method === 'PUT' ? 'application/octet-stream' : '');
  if (wanted && !wanted.test(given)) {
    const type = request.method === 'PUT' ? 'the type of a picture or movie, such as image/png' : 'application/json';
    const got = request.contentType === undefined ? 'none' : 'another one';
    return { status: 415, code: 'body/type', message: `Content-Type: expected ${type}, got ${got}.` };
  }
  return undefined;
}

/** The name in a `Host` header, in lower case; undefined for what is none. */
function parseHost(header: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/.exec(header?.toLowerCase() ?? '')?.[1];
}

function isAddress(host: string): boolean {
  return isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

/** Whether a page of this origin is one of the server's own, or of those that were allowed by name. */
function isOwn(origin: string, host: string, { origins }: HostRules): boolean {
  if (origins.has(origin)) return true;
  const parsed = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!parsed || parsed.origin !== origin) return false;
  return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.host === host.toLowerCase() : false;
}
