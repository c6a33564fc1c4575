import { createRoute, z } from '@hono/zod-openapi';
import {
  dreamOptions,
  moviePresets,
  outputOptions,
  presets,
  videoOptions,
  videoPresets,
  zoomOptions,
} from '../../../src/index.js';
import type { App } from './context.js';
import { json } from './schemas.js';

const anything = z.record(z.string(), z.unknown());

const options = createRoute({
  method: 'get',
  path: '/api/options',
  summary: 'Every option with its kind, range, default and explanation',
  responses: {
    200: json(
      z.object({ dream: anything, movie: anything, video: anything, output: anything }),
      'The tables of options.',
    ),
  },
});

const looks = createRoute({
  method: 'get',
  path: '/api/presets',
  summary: 'Published looks',
  responses: {
    200: json(
      z.object({ dream: anything, movie: anything, video: anything }),
      'Option values by the name of the look.',
    ),
  },
});

/** What can be asked for, as the library's tables have it. */
export function optionRoutes(app: App): void {
  app.openapi(options, (c) =>
    c.json({ dream: dreamOptions, movie: zoomOptions, video: videoOptions, output: outputOptions }, 200),
  );
  app.openapi(looks, (c) => c.json({ dream: presets, movie: moviePresets, video: videoPresets }, 200));
}
