/** Objectives that compare a layer with something else: values and gradients against plain numbers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noise } from '../../../test/run-model.js';
import { differentiate } from '../../gradient/index.js';
import { GraphBuilder } from '../../graph/index.js';
import { writeModel } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import type { Companions, ObjectiveKind } from './activity.js';
import { layerObjective } from './layer-objective.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const [count, height, width] = [3, 4, 5];
const places = height * width;
const a = noise([1, count, height, width], 1).data;
const [first, second] = [noise([1, count, height, width], 2).data, noise([1, count, height, width], 3).data];
const guide = noise([count, 6], 4).data;
const perChannel = noise([1, count, 1, 1], 5).data;

/** The sum over what is chosen of what counts of each element, in plain numbers. */
type Plain = (values: ArrayLike<number>, channels: readonly number[]) => number;

const sumOver = (channels: readonly number[], each: (i: number, channel: number) => number): number =>
  channels.reduce(
    (sum, channel) =>
      sum + Array.from({ length: places }, (_, n) => each(channel * places + n, channel)).reduce((x, y) => x + y),
    0,
  ) /
  (channels.length * places);

const plain: Readonly<Partial<Record<ObjectiveKind, Plain>>> = {
  'best-match': (x, channels) => {
    let sum = 0;
    for (let n = 0; n < places; n++) {
      const matches = Array.from({ length: 6 }, (_, m) =>
        channels.reduce((dot, channel) => dot + x[channel * places + n]! * guide[channel * 6 + m]!, 0),
      );
      sum += 0.5 * Math.max(...matches);
    }
    return sum / places;
  },
  'channel-match': (x, channels) => sumOver(channels, (i, channel) => perChannel[channel]! * x[i]! ** 2),
  direction: (x, channels) => sumOver(channels, (i, channel) => perChannel[channel]! * x[i]!),
  product: (x, channels) => sumOver(channels, (i) => x[i]! * (0.25 * first[i]! + 2 * second[i]!)),
  caricature: (x, channels) => sumOver(channels, (i) => x[i]! * (0.25 * first[i]! + 2 * second[i]!)),
  inversion: (x, channels) => sumOver(channels, (i) => -((x[i]! - 0.25 * first[i]! - 2 * second[i]!) ** 2)),
};

test.each(Object.entries(plain))('%s is what its formula says, value and gradient', async (kind, formula) => {
  for (const channels of [undefined, [0, 2]]) {
    const g = new GraphBuilder();
    const x = g.input('x', [1, count, height, width]);
    const companions: Companions = {
      features: [{ value: g.input('guide', [count, 6]), weight: 0.5 }],
      channels: g.input('channels', [1, count, 1, 1]),
      others: [
        { value: g.input('first', [1, count, height, width]), weight: 0.25 },
        { value: g.input('second', [1, count, height, width]), weight: 2 },
      ],
    };
    const target = { name: 'x', weight: 1, ...(channels && { channels }) };
    const objective = layerObjective(g, x, target, { kind: kind as ObjectiveKind, border: 0, companions });
    const gradient = differentiate(g, { of: objective, to: x });
    const session = await platform.createSession(writeModel(g.toModel({ objective, gradient })));
    const dims = [1, count, height, width];
    const results = await session.run({
      x: { dims, data: a.slice() },
      guide: { dims: [count, 6], data: guide.slice() },
      channels: { dims: [1, count, 1, 1], data: perChannel.slice() },
      first: { dims, data: first.slice() },
      second: { dims, data: second.slice() },
    });
    await session.close();
    const chosen = channels ?? [0, 1, 2];
    expect(results['objective']!.data[0]).toBeCloseTo(formula(a, chosen), 4);
    a.forEach((value, i) => {
      const at = (offset: number) => {
        const moved = Float64Array.from(a);
        moved[i] = value + offset;
        return formula(moved, chosen);
      };
      expect(results['gradient']!.data[i]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 4);
    });
  }
});
