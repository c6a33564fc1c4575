import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { studioHeaders } from './headers.js';
import { Site } from './site.js';

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

/**
 * Serves the page of the studio, the network and the runtime, each from where it lies, with the headers that let the
 * page compute with several threads and load nothing from elsewhere.
 *
 * @throws what the system says when the port cannot be had, such as `EADDRINUSE`
 */
export async function startStudio({ port, host = '127.0.0.1' }: StudioOptions): Promise<Studio> {
  const site = await Site.open();
  const server = createServer((request, response) => {
    answer(site, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${taken}/`, close: () => closed(server) };
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(studioHeaders)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD.');
  const file = await site.find(new URL(request.url ?? '/', 'http://localhost').pathname);
  if (file === undefined) return refuse(response, 404, 'There is no such file.');
  if (request.headers['if-none-match'] === file.tag) return void response.writeHead(304, { ETag: file.tag }).end();
  response.writeHead(200, file.headers);
  if (request.method === 'HEAD') return void response.end();
  createReadStream(file.path)
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
