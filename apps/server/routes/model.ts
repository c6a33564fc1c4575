import { createRoute, z } from '@hono/zod-openapi';
import { builtInName, listModels } from '../../../src/platform/node/index.js';
import { lookAtModel } from '../model/look-at-model.js';
import { Refusal } from '../refusal.js';
import type { App } from './context.js';
import { json, refusals, sha256Schema } from './schemas.js';

const nameSchema = z.string().max(100).default(builtInName).openapi({ description: 'A name of the local catalogue.' });

const layerSchema = z
  .object({
    /** Name of the tensor, which is what `layers` options take. */
    name: z.string(),
    /** The ONNX operator that computes it. */
    op: z.string(),
    /** What it is computed from: names of layers, or of the network's input. */
    inputs: z.array(z.string()).readonly(),
    /** Height and width of the window of a convolution or a pooling; null for everything else. */
    kernel: z.tuple([z.number().int(), z.number().int()]).readonly().nullable(),
    /** `block` where branches meet, the names that dreams are known by. */
    kind: z.enum(['block', 'layer']),
    /** Number of channels. */
    channels: z.number().int(),
    /** Picture pixels between neighbouring elements. */
    stride: z.number(),
    /** Picture pixels along one axis that can change one element; null where all can. */
    receptiveField: z.number().nullable(),
  })
  .openapi('Layer');

/** A network. */
export const modelSchema = z
  .object({
    /** `built-in`, or its name in the catalogue. */
    name: z.string(),
    /** SHA-256 of the file. */
    sha256: sha256Schema,
    /** Its layers, from the input on. */
    layers: z.array(layerSchema),
    /** Names of its classes, where it says them. */
    labels: z.array(z.string()).nullable(),
  })
  .openapi('Model');

const find = createRoute({
  method: 'get',
  path: '/api/model',
  summary: 'The layers and channels of a network',
  request: { query: z.object({ name: nameSchema }) },
  responses: { 200: json(modelSchema, 'The network.'), ...refusals },
});

const list = createRoute({
  method: 'get',
  path: '/api/models',
  summary: 'Networks of the local catalogue',
  responses: {
    200: json(z.object({ models: z.array(z.object({ name: z.string(), state: z.string() })) }), 'The networks.'),
    ...refusals,
  },
});

/** Networks: those of the local catalogue, never a path or an address. */
export function modelRoutes(app: App): void {
  app.openapi(list, async (c) => {
    const models = (await listModels()).map(({ name, state }) => ({ name, state: state as string }));
    return c.json({ models: [{ name: builtInName, state: 'here' }, ...models] }, 200);
  });
  app.openapi(find, async (c) => {
    const { name } = c.req.valid('query');
    const known = name === builtInName || (await listModels()).some((model) => model.name === name);
    if (!known) throw new Refusal(404, 'model/missing', 'The catalogue has no network of that name.');
    const { sha256, layers, labels } = await lookAtModel(name);
    return c.json({ name, sha256, layers: [...layers], labels: labels && [...labels] }, 200);
  });
}
