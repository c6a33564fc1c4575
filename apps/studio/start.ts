import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { siteFiles } from './files.js';
import { studioHeaders } from './headers.js';

/** Where the studio is served. */
export interface StudioOptions {
  /** Port; 0 for any that is free. */
  readonly port: number;
  /** Name or address of the interface. Default 127.0.0.1: this machine only. */
  readonly host?: string | undefined;
}

/** A studio that is being served. */
export interface Studio {
  /** Its address, to be opened in a browser. */
  readonly url: string;
  /** Ends it, with what it was sending. */
  close(): Promise<void>;
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
  '.webmanifest': 'application/manifest+json',
  '.onnx': 'application/octet-stream',
};

/**
 * Serves the page of the studio, the network and the runtime, each from where it lies, with the headers that let the
 * page compute with several threads and load nothing from elsewhere.
 *
 * @throws what the system says when the port cannot be had, such as `EADDRINUSE`
 */
export async function startStudio({ port, host = '127.0.0.1' }: StudioOptions): Promise<Studio> {
  const files = await siteFiles();
  const server = createServer((request, response) => {
    answer(files, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${taken}/`, close: () => closed(server) };
}

async function answer(
  files: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(studioHeaders)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD.');
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const path = pathname.slice(1) || 'index.html';
  const file = files.get(path);
  if (file === undefined) return refuse(response, 404, 'There is no such file.');
  const { size, mtimeMs } = await stat(file);
  const tag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  response.setHeader('ETag', tag);
  // Names under assets/ change with their content; everything else is asked for again.
  response.setHeader('Cache-Control', path.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end();
  response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
  response.setHeader('Content-Length', size);
  response.writeHead(200);
  if (request.method === 'HEAD') return void response.end();
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
