import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { Site } from '../../studio/site.js';
import type { App } from './context.js';

/** Says to the page that the server which it comes from takes jobs. */
const mark = '<meta name="pareidolia-server" content="here" />';

/** The studio, on the server's own address. */
export function studioRoutes(app: App, site: Site): void {
  app.get('/', async (c) => {
    const page = (await site.find('/'))!;
    const { 'Content-Length': _, ETag: __, ...headers } = page.headers;
    const html = await readFile(page.path, 'utf8');
    return answered(c, html.replace('<head>', `<head>\n    ${mark}`), headers);
  });
  app.get('*', async (c, next) => {
    const file = await site.find(c.req.path);
    if (!file) return next();
    if (c.req.header('if-none-match') === file.tag) return c.body(null, 304, { ETag: file.tag });
    return answered(c, Readable.toWeb(createReadStream(file.path)) as ReadableStream, file.headers);
  });
}

function answered(c: Context, body: string | ReadableStream, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  return typeof body === 'string' ? c.body(body) : c.body(body);
}
