import { getConnInfo } from '@hono/node-server/conninfo';
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { version } from '../../src/index.js';
import type { Site } from '../studio/site.js';
import { Refusal } from './refusal.js';
import type { App, RouteContext, Variables } from './routes/context.js';
import { docsRoutes } from './routes/docs.js';
import { eventRoutes } from './routes/events.js';
import { healthRoutes } from './routes/health.js';
import { jobRoutes } from './routes/jobs.js';
import { modelRoutes } from './routes/model.js';
import { movieRoutes } from './routes/movies.js';
import { optionRoutes } from './routes/options.js';
import { pictureRoutes } from './routes/pictures.js';
import { studioRoutes } from './routes/studio.js';
import { safeHeaders } from './security/headers.js';
import { type HostRules, suspect } from './security/hosts.js';
import { holdsToken } from './security/token.js';

/** Who may use the server. */
export interface Access {
  readonly rules: HostRules;
  /** What clients must show; undefined where all of this machine may. */
  readonly token: string | undefined;
  /** The studio that is served beside the API; its files are no secret. */
  readonly site: Site;
}

/** The most bytes of a JSON body. */
const mostJsonBytes = 256 * 1024;

/** What may be asked for without a token, besides the studio: whether it runs, and the page that asks for the token. */
const open = new Set(['/', '/health', '/api/docs', '/api/docs.js', '/api/openapi.json']);

/** Puts the server together: who may ask is decided before what is asked for, and both before a body is read. */
export function createApp(context: RouteContext, { rules, token, site }: Access, log: (text: string) => void): App {
  const app: App = new OpenAPIHono<{ Variables: Variables }>({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      const where = issue!.path.length > 0 ? `${issue!.path.join('.')}: ` : '';
      throw new Refusal(400, 'request/invalid', `${where}${issue!.message}`.slice(0, 500));
    },
  });
  app.use(async (c, next) => {
    const startedAt = performance.now();
    for (const [name, value] of Object.entries(safeHeaders)) c.header(name, value);
    const { method, path } = c.req;
    const suspicion = suspect(
      {
        ...{ method, path, host: c.req.header('host'), origin: c.req.header('origin') },
        fetchSite: c.req.header('sec-fetch-site'),
        fetchMode: c.req.header('sec-fetch-mode'),
        contentType: c.req.header('content-type'),
      },
      rules,
    );
    if (suspicion) throw new Refusal(suspicion.status, suspicion.code, suspicion.message);
    if (
      token !== undefined &&
      !open.has(path) &&
      !site.has(path) &&
      !holdsToken(c.req.header('authorization'), token)
    ) {
      c.header('WWW-Authenticate', 'Bearer');
      throw new Refusal(
        401,
        'token/missing',
        'Expected the header Authorization: Bearer TOKEN, got none that is right.',
      );
    }
    c.set('client', getConnInfo(c).remote.address ?? 'unknown');
    await next();
    context.metrics.answered(method, c.res.status, (performance.now() - startedAt) / 1000);
  });
  const jsonLimit = bodyLimit({
    maxSize: mostJsonBytes,
    onError: () => {
      throw new Refusal(413, 'body/too-large', `Expected at most ${mostJsonBytes} bytes of JSON, got more.`);
    },
  });
  app.use('/api/jobs/*', jsonLimit);
  healthRoutes(app, context);
  pictureRoutes(app, context);
  movieRoutes(app, context);
  jobRoutes(app, context);
  eventRoutes(app, context);
  modelRoutes(app);
  optionRoutes(app);
  docsRoutes(app);
  studioRoutes(app, site);
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'pareidolia', version, description: 'DeepDream as a service. Start with docs/server.md.' },
    ...(token !== undefined && { security: [{ token: [] }] }),
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.notFound((c) =>
    c.json({ error: { code: 'route/missing', message: 'There is no such address. See /api/docs.' } }, 404),
  );
  app.onError((error, c) => {
    const refusal = refusalOf(error);
    if (!refusal) log(`${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    const { status, code, message, retryAfterSeconds } = refusal ?? internal;
    if (retryAfterSeconds !== undefined) c.header('Retry-After', String(retryAfterSeconds));
    for (const [name, value] of Object.entries(safeHeaders)) c.header(name, value);
    // The rest of a body that is too large is not waited for, so nothing else can come on this connection.
    if (status === 413) c.header('Connection', 'close');
    context.metrics.answered(c.req.method, status, 0);
    return c.json({ error: { code, message } }, status as ContentfulStatusCode);
  });
  return app;
}

const internal = {
  ...{ status: 500, code: 'server/bug', retryAfterSeconds: undefined },
  message: 'The server could not do this; its log says why.',
};

/** A refusal, also where hono itself refuses: a body that is no JSON, a path that cannot be read. */
function refusalOf(error: Error): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const { status } = error as Error & { readonly status?: unknown };
  if (status === 400) return new Refusal(400, 'request/invalid', 'Expected a body of JSON, got something else.');
  if (status === 413) return new Refusal(413, 'body/too-large', 'The body is too large.');
  return undefined;
}
