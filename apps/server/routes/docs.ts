import type { App } from './context.js';
import { docsPage, docsScript } from './docs-page.js';

/** Nothing but the page's own script, style and requests. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** A page that lists the routes and lets one try them. */
export function docsRoutes(app: App): void {
  app.get('/api/docs', (c) => c.html(docsPage, 200, { 'Content-Security-Policy': policy }));
  app.get('/api/docs.js', (c) => c.body(docsScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
}
