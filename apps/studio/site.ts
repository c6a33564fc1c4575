import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { siteFiles } from './files.js';
import { studioHeaders } from './headers.js';

/** A file of the studio, and how it is answered with. */
export interface SiteFile {
  /** Where the file lies. */
  readonly path: string;
  /** Every header of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** What its `ETag` says; a client that has this has the file. */
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.onnx': 'application/octet-stream',
};

/** The studio as a site: the page, the network and the runtime, each from where it lies. */
export class Site {
  readonly #files: ReadonlyMap<string, string>;

  private constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** Looks where the files are. */
  static async open(): Promise<Site> {
    return new Site(await siteFiles());
  }

  /** Whether there is a file under a path of an address, such as `/assets/page.js`. */
  has(pathname: string): boolean {
    return this.#files.has(nameOf(pathname));
  }

  /** The file under a path of an address; undefined where there is none. */
  async find(pathname: string): Promise<SiteFile | undefined> {
    const name = nameOf(pathname);
    const path = this.#files.get(name);
    if (path === undefined) return undefined;
    const { size, mtimeMs } = await stat(path);
    const tag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
    const headers = {
      ...studioHeaders,
      ETag: tag,
      // Names under assets/ change with their content; everything else is asked for again.
      'Cache-Control': name.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Content-Length': String(size),
    };
    return { path, headers, tag };
  }
}

function nameOf(pathname: string): string {
  return pathname.slice(1) || 'index.html';
}
