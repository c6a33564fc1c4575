import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noise } from '../../../test/run-model.js';
import { OptionError } from '../../errors.js';
import { differentiate } from '../../gradient/index.js';
import { GraphBuilder, type Value } from '../../graph/index.js';
import { writeModel } from '../../onnx/index.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import type { WeightedLayer } from '../layers.js';
import type { ObjectiveKind } from './activity.js';
import { layerObjective } from './layer-objective.js';

let platform: NodePlatform;
beforeAll(async () => {
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(() => platform.close());

const [count, height, width] = [4, 5, 6];
const shape = [1, count, height, width];
const activations = noise(shape).data;

/** One way to ask for an objective. */
interface Case {
  readonly kind: ObjectiveKind;
  readonly border: number;
  readonly channels?: readonly number[];
  readonly place?: { x: number; y: number };
}

const selections: Omit<Case, 'kind'>[] = [0, 1, 2, 9].flatMap((border) =>
  [undefined, [2], [0, 3]].flatMap((channels) =>
    [undefined, { x: 5, y: 1 }].map((place) => ({ border, ...(channels && { channels }), ...(place && { place }) })),
  ),
);
const cases: Case[] = (['mean', 'mean-square', 'sum', 'l1', 'l2'] as const).flatMap((kind) =>
  selections.map((selection) => ({ kind, ...selection })),
);

/** Whether an element counts, by the words of the documentation. */
function counts(i: number, { channels, place, border }: Case): boolean {
  const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
  if (channels && !channels.includes(channel)) return false;
  if (place) return place.x === x && place.y === y;
  const inside = (at: number, size: number) => size <= 2 * border || (at >= border && at < size - border);
  return inside(x, width) && inside(y, height);
}

/** The objective summed in plain numbers. */
function expected(values: ArrayLike<number>, wanted: Case): number {
  let [sum, squares, magnitudes] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!counts(i, wanted)) continue;
    sum += values[i]!;
    squares += values[i]! ** 2;
    magnitudes += Math.abs(values[i]!);
  }
  // What a border leaves out still counts in the size that a mean is divided by.
  const size = (wanted.channels?.length ?? count) * (wanted.place ? 1 : height * width);
  if (wanted.kind === 'mean') return sum / size;
  if (wanted.kind === 'mean-square') return squares / size;
  if (wanted.kind === 'sum') return sum;
  return wanted.kind === 'l1' ? magnitudes : Math.sqrt(squares);
}

/** Objectives and their gradients, as one graph computes them. */
async function computed(wanted: readonly Case[], values: Float32Array) {
  const g = new GraphBuilder();
  const x = g.input('x', shape);
  const outputs: Record<string, Value> = {};
  wanted.forEach(({ kind, border, ...selection }, i) => {
    const of = layerObjective(g, x, { name: 'x', weight: 1, ...selection }, { kind, border });
    outputs[`objective${i}`] = of;
    outputs[`gradient${i}`] = differentiate(g, { of, to: x });
  });
  const session = await platform.createSession(writeModel(g.toModel(outputs)));
  const results = await session.run({ x: { dims: shape, data: values.slice() } });
  await session.close();
  return wanted.map((_, i) => ({
    objective: results[`objective${i}`]!.data[0]!,
    gradient: results[`gradient${i}`]!.data,
  }));
}

describe('the objective of a layer', () => {
  test('and its gradient are what plain sums and finite differences say, however elements are chosen', async () => {
    const results = await computed(cases, activations);
    cases.forEach((wanted, n) => {
      const { objective, gradient } = results[n]!;
      const told = JSON.stringify(wanted);
      expect(objective, told).toBeCloseTo(expected(activations, wanted), 4);
      activations.forEach((value, i) => {
        const at = (offset: number) => {
          const moved = Float64Array.from(activations);
          moved[i] = value + offset;
          return expected(moved, wanted);
        };
        expect(gradient[i], `${told} at ${i}`).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
      });
    });
  });

  test('by the norm has no gradient where nothing is active, instead of one that is not a number', async () => {
    const [result] = await computed([{ kind: 'l2', border: 0 }], new Float32Array(activations.length));
    expect(result!.objective).toBeLessThan(1e-5);
    expect(Math.max(...result!.gradient.map(Math.abs))).toBe(0);
  });

  test('by the norm has a gradient of length 1', async () => {
    const [result] = await computed([{ kind: 'l2', border: 0 }], activations);
    expect(Math.hypot(...result!.gradient)).toBeCloseTo(1, 5);
  });
});

describe('is refused', () => {
  const refusal = (target: Partial<WeightedLayer>, dims: readonly number[] = shape) => {
    const g = new GraphBuilder();
    const layer = { name: 'mixed4', weight: 1, ...target };
    return () => layerObjective(g, g.input('x', dims), layer, { kind: 'mean', border: 0 });
  };

  test('a channel that the layer does not have', () => {
    expect(refusal({ channels: [1, 4] })).toThrow(
      new OptionError('option/layer', '--layers: mixed4 has channels 0 to 3, got 4.'),
    );
  });

  test('a place outside the layer', () => {
    const message = '--layers: mixed4 has places up to @5,4 at this size, got';
    expect(refusal({ place: { x: 6, y: 0 } })).toThrow(new OptionError('option/layer', `${message} @6,0.`));
    expect(refusal({ place: { x: 0, y: 5 } })).toThrow(new OptionError('option/layer', `${message} @0,5.`));
    expect(refusal({ place: { x: 5, y: 4 } })).not.toThrow();
  });

  test('a part of a layer that has no height and width', () => {
    expect(refusal({ place: { x: 0, y: 0 } }, [1, 10])).toThrow('mixed4 has no places');
    expect(refusal({ channels: [1] }, [1, 7, 10])).toThrow('mixed4 has no channels');
    // A class of a classifier is a channel.
    expect(refusal({ channels: [9] }, [1, 10])).not.toThrow();
    expect(refusal({}, [1, 10])).not.toThrow();
  });
});
