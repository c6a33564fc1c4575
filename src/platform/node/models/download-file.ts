import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DownloadError, OutputError } from '../../../errors.js';
import { version } from '../../../version.js';
import { holderText, takeLock } from '../files/file-lock.js';
import { syncFolder } from '../files/write-whole.js';

/** A file to fetch, and how it is known to be the right one. */
export interface DownloadRequest {
  /** What messages call it. */
  readonly name: string;
  /** Where it may be, `http:` or `https:`; the next one is tried when one fails. */
  readonly addresses: readonly string[];
  /** Bytes that it has. */
  readonly sizeBytes: number;
  /** What identifies it. */
  readonly digest: FileDigest;
  /** Where it shall appear. Its bytes gather in a file of this name and `.part`. */
  readonly path: string;
}

/** A digest in hexadecimal digits. */
export interface FileDigest {
  /** How it is computed. */
  readonly algorithm: 'sha256' | 'md5';
  /** The digits, in small letters. */
  readonly hex: string;
}

/** How a download goes. */
export type DownloadEvent =
  | {
      /** An address is asked. */
      readonly type: 'asking';
      /** Host of the address. */
      readonly host: string;
      /** Bytes that are here already. */
      readonly bytes: number;
      /** Bytes of the whole file. */
      readonly sizeBytes: number;
    }
  | {
      /** Bytes have come. */
      readonly type: 'progress';
      /** Bytes that are here. */
      readonly bytes: number;
      /** Bytes of the whole file. */
      readonly sizeBytes: number;
    }
  | {
      /** Something failed that may pass. */
      readonly type: 'waiting';
      /** What failed. */
      readonly reason: string;
      /** How long until the next attempt. */
      readonly delayMs: number;
    }
  | {
      /** All bytes are here and their digest is computed. */
      readonly type: 'verifying';
    };

/** How patient a download is. */
export interface DownloadOptions {
  /** Is told how it goes. */
  readonly onEvent?: ((event: DownloadEvent) => void) | undefined;
  /** Ends it; what has come stays in the `.part` file. */
  readonly signal?: AbortSignal | undefined;
  /** How long nothing may come before the connection is given up. Default 30 s. */
  readonly stallTimeoutMs?: number | undefined;
  /** Attempts that bring nothing before an address is given up. Default 5. */
  readonly attempts?: number | undefined;
  /** Wait before the second attempt; it doubles each time. Default 1 s. */
  readonly retryDelayMs?: number | undefined;
}

const maxRedirects = 5;
const longestWaitMs = 60_000;

/**
 * Fetches a file that appears under its name only when its length and digest are right.
 *
 * Its bytes gather in `PATH.part`, which stays when the connection is cut and is gone on with next time. Attempts that
 * fail for reasons that may pass are repeated.
 *
 * @throws DownloadError `download/failed` when no address gives it, `download/digest` when what came is another file
 * @throws OutputError when the disk is full or the folder cannot be written to
 * @throws the signal's reason when it is aborted
 */
export async function downloadFile(request: DownloadRequest, options: DownloadOptions = {}): Promise<void> {
  const { path, name } = request;
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
    throw writeError(dirname(path), cause);
  });
  const unlock = await lock(`${part}.lock`, name);
  try {
    const failures: Failure[] = [];
    for (const address of request.addresses) {
      try {
        await fetchWhole(address, part, request, options);
        options.onEvent?.({ type: 'verifying' });
        await verify(part, hostOf(address), request.digest);
        await rename(part, path).catch((cause: unknown) => {
          throw writeError(path, cause);
        });
        await syncFolder(dirname(path));
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failures.push(error);
      }
    }
    throw downloadError(name, failures);
  } finally {
    unlock();
  }
}

/** Why an address did not give the file. */
class Failure extends Error {
  readonly host: string;
  /** Whether another attempt may succeed. */
  readonly passes: boolean;
  readonly wrongBytes: boolean;
  /** How long the server asks to wait. */
  readonly waitMs: number;

  constructor(
    host: string,
    reason: string,
    more: { passes?: boolean; wrongBytes?: boolean; waitMs?: number; cause?: unknown } = {},
  ) {
    super(reason, { cause: more.cause });
    this.host = host;
    this.passes = more.passes ?? false;
    this.wrongBytes = more.wrongBytes ?? false;
    this.waitMs = more.waitMs ?? 0;
  }
}

function downloadError(name: string, failures: readonly Failure[]): DownloadError {
  const wrong = failures.find(({ wrongBytes }) => wrongBytes);
  const what = failures.map(({ host, message }) => `${host} ${message}`).join('; ');
  const remedy = wrong
    ? 'Nothing of it was kept. Try again later, or name another place with --mirror.'
    : 'Try again: what has come is kept. Another place can be named with --mirror.';
  return new DownloadError(
    wrong ? 'download/digest' : 'download/failed',
    `${name} could not be downloaded: ${what || 'it has no address'}. ${remedy}`,
    { cause: wrong ?? failures.at(-1) },
  );
}

/** Attempts until the `.part` file has all its bytes. */
async function fetchWhole(address: string, part: string, request: DownloadRequest, options: DownloadOptions) {
  const { sizeBytes } = request;
  const { onEvent, signal, attempts = 5, retryDelayMs = 1000 } = options;
  const host = hostOf(address);
  const file = await openPart(part, sizeBytes);
  try {
    let bytes = (await file.stat()).size;
    await checkRoom(part, sizeBytes - bytes);
    for (let failed = 0; bytes < sizeBytes; ) {
      onEvent?.({ type: 'asking', host, bytes, sizeBytes });
      const before = bytes;
      try {
        await fetchRest(address, bytes, sizeBytes, options, async (chunk) => {
          bytes += await write(file, part, chunk, bytes);
          onEvent?.({ type: 'progress', bytes, sizeBytes });
        });
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Failure) || !error.passes) throw error;
        // Whoever brings a good part of the file may be cut as often as that takes.
        failed = bytes - before >= sizeBytes / 100 ? 1 : failed + 1;
        if (failed >= attempts) throw error;
        const delayMs = Math.min(longestWaitMs, Math.max(error.waitMs, retryDelayMs * 2 ** (failed - 1)));
        onEvent?.({ type: 'waiting', reason: `${error.host} ${error.message}`, delayMs });
        await sleep(delayMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
      }
    }
    await file.sync().catch((cause: unknown) => {
      throw writeError(part, cause);
    });
  } finally {
    await file.close();
  }
}

/** The bytes that came before, open for the rest. A link in its place is not followed. */
async function openPart(part: string, sizeBytes: number): Promise<FileHandle> {
  try {
    const file = await open(part, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0));
    // More than all of it cannot be the beginning of it.
    if ((await file.stat()).size > sizeBytes) await file.truncate(0);
    return file;
  } catch (cause) {
    throw writeError(part, cause);
  }
}

/** One request for the bytes from `start` on. */
async function fetchRest(
  address: string,
  start: number,
  sizeBytes: number,
  { signal, stallTimeoutMs = 30_000 }: DownloadOptions,
  accept: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const stalled = new AbortController();
  const host = hostOf(address);
  const fail = (reason: string, more: ConstructorParameters<typeof Failure>[2] = {}): never => {
    throw new Failure(host, reason, more);
  };
  let timer: NodeJS.Timeout | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), stallTimeoutMs);
  };
  alive();
  const ended = signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal;
  try {
    const response = await get(address, start, ended);
    const { status, headers, body } = response;
    if (status !== 200 && status !== 206) {
      await body?.cancel();
      const passes = status >= 500 || [408, 425, 429].includes(status);
      return fail(`answered ${status}${response.statusText ? ` (${response.statusText.slice(0, 60)})` : ''}`, {
        passes,
        waitMs: waitOf(headers.get('retry-after')),
      });
    }
    const first = status === 206 ? firstByteOf(headers.get('content-range'), sizeBytes) : 0;
    const length = headers.get('content-encoding') ? null : headers.get('content-length');
    if (first === undefined || first > start || (length !== null && Number(length) !== sizeBytes - first)) {
      await body?.cancel();
      const got = headers.get('content-range')?.slice(0, 80) ?? `${length} bytes`;
      return fail(`offers another file: expected ${sizeBytes} bytes, got ${got}`, { wrongBytes: false });
    }
    let position = first;
    // A server may answer with bytes that are here already, such as all of them.
    for await (const chunk of body ?? []) {
      alive();
      const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, start - position)));
      position += chunk.length;
      if (position > sizeBytes) fail(`sent more than the ${sizeBytes} bytes expected`);
      if (fresh.length > 0) await accept(fresh);
    }
    if (position < sizeBytes) fail(`ended after ${position} of ${sizeBytes} bytes`, { passes: true });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Failure || error instanceof OutputError) throw error;
    if (stalled.signal.aborted) fail(`sent nothing for ${stallTimeoutMs / 1000} s`, { passes: true, cause: error });
    fail(reasonOf(error), { passes: true, cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Asks for a file from a byte on, and goes where the server sends it, within limits. */
async function get(address: string, start: number, signal: AbortSignal): Promise<Response> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new Failure(hostOf(address), 'is no web address: expected one of http or https');
  }
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': `pareidolia/${version}`,
        ...(start > 0 && { range: `bytes=${start}-` }),
      },
    });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    if (redirects === maxRedirects) throw new Failure(url.host, `sends on more than ${maxRedirects} times`);
    const location = response.headers.get('location') ?? '';
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    const good = next?.protocol === 'https:' || (next?.protocol === 'http:' && url.protocol === 'http:');
    if (!next || !good) {
      throw new Failure(url.host, `sends on to a place that is not ${url.protocol}//: expected a web address`);
    }
    url = next;
  }
}

/** The first byte of a `Content-Range` for a file of this size, or undefined when it speaks of something else. */
function firstByteOf(range: string | null, sizeBytes: number): number | undefined {
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(range ?? '') ?? [];
  if (first === undefined || Number(last) !== sizeBytes - 1) return undefined;
  return total === '*' || Number(total) === sizeBytes ? Number(first) : undefined;
}

/** `Retry-After`: seconds or a date. */
function waitOf(header: string | null): number {
  if (header === null) return 0;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known = reasons.get(code);
  if (known) return known;
  const message = cause instanceof Error ? cause.message : String(cause);
  return `failed (${code || message.split('\n')[0]!.slice(0, 100)})`;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refuses connections'],
  ['ECONNRESET', 'cut the connection'],
  ['EPIPE', 'cut the connection'],
  ['UND_ERR_SOCKET', 'cut the connection'],
  ['ENOTFOUND', 'was not found (is there an internet connection?)'],
  ['EAI_AGAIN', 'was not found (is there an internet connection?)'],
  ['ETIMEDOUT', 'did not answer in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'did not answer in time'],
  ['CERT_HAS_EXPIRED', 'has a certificate that has expired'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'has a certificate that is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'has a certificate that is not trusted'],
]);

async function write(file: FileHandle, part: string, chunk: Uint8Array, position: number): Promise<number> {
  for (let written = 0; written < chunk.length; ) {
    const result = await file
      .write(chunk, written, chunk.length - written, position + written)
      .catch((cause: unknown) => {
        throw writeError(part, cause);
      });
    written += result.bytesWritten;
  }
  return chunk.length;
}

/** Refuses a download that the disk has no room for, where that can be known. */
async function checkRoom(part: string, neededBytes: number): Promise<void> {
  const disk = await statfs(dirname(part)).catch(() => undefined);
  if (!disk || disk.bavail * disk.bsize >= neededBytes) return;
  const free = disk.bavail * disk.bsize;
  throw new OutputError(
    'output/write',
    `${dirname(part)}: expected room for ${neededBytes} bytes, got ${free}. Free some, or choose another folder with PAREIDOLIA_CACHE.`,
  );
}

/** Compares a file with a digest; one that is different goes. */
async function verify(part: string, host: string, { algorithm, hex }: FileDigest): Promise<void> {
  const got = await digestOfFile(part, algorithm);
  if (got === hex) return;
  await rm(part, { force: true });
  const label = algorithm === 'md5' ? 'MD5' : 'SHA-256';
  throw new Failure(host, `gave another file: expected ${label} ${hex}, got ${got}`, { wrongBytes: true });
}

/** The digest of a file's bytes, read piece by piece. */
export async function digestOfFile(path: string, algorithm: FileDigest['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Keeps a second process from writing into the same file, until the function that is returned is called. */
async function lock(path: string, name: string): Promise<() => void> {
  const lock = await takeLock(path).catch((error: Error) => {
    throw writeError(path, error.cause);
  });
  if ('release' in lock) return lock.release;
  throw new DownloadError(
    'download/failed',
    `${name} is being downloaded by ${holderText(lock.heldBy)}. Wait until it is done; if it is gone, delete ${path}.`,
  );
}

function writeError(path: string, cause: unknown): OutputError {
  const code = codeOf(cause);
  const reason =
    code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : `it cannot be written to (${code.slice(0, 100)})`;
  return new OutputError('output/write', `${path}: ${reason}. Choose another folder with PAREIDOLIA_CACHE.`, { cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}

/** The part of an address that may be shown: what follows it may hold a key. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'an address that is none';
}
