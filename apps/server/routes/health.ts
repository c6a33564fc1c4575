import { createRoute, z } from '@hono/zod-openapi';
import { version } from '../../../src/index.js';
import type { App, RouteContext } from './context.js';
import { json } from './schemas.js';

const healthSchema = z
  .object({ status: z.enum(['ok', 'stopping', 'no database']), version: z.string() })
  .openapi('Health');

const health = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the server can take jobs',
  responses: { 200: json(healthSchema, 'It can.'), 503: json(healthSchema, 'It cannot.') },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Counters for Prometheus',
  responses: { 200: { description: 'Text.', content: { 'text/plain': { schema: z.string() } } } },
});

/** How the server is. */
export function healthRoutes(app: App, { jobs, hub, metrics, isStopping, isHealthy }: RouteContext): void {
  app.openapi(health, (c) => {
    if (isStopping()) return c.json({ status: 'stopping' as const, version }, 503);
    if (!isHealthy()) return c.json({ status: 'no database' as const, version }, 503);
    return c.json({ status: 'ok' as const, version }, 200);
  });
  app.openapi(metricsRoute, async (c) => {
    const text = metrics.text(await jobs.counts(), hub.size);
    return c.body(text, 200, { 'Content-Type': 'text/plain; version=0.0.4' }) as never;
  });
}
