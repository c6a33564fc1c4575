import type { OpenAPIHono } from '@hono/zod-openapi';
import type { EventHub } from '../events/event-hub.js';
import type { Service } from '../service.js';
import type { Jobs } from '../store/jobs.js';
import type { Metrics } from './metrics.js';

/** What routes know of each request. */
export interface Variables {
  /** Who asks: the address it comes from. */
  client: string;
}

/** The server's routes, as they are put together. */
export type App = OpenAPIHono<{ Variables: Variables }>;

/** What routes work with. */
export interface RouteContext {
  readonly service: Service;
  readonly jobs: Jobs;
  readonly hub: EventHub;
  readonly metrics: Metrics;
  /** Whether the server is about to end. */
  readonly isStopping: () => boolean;
  /** Whether the database answers. */
  readonly isHealthy: () => boolean;
}
