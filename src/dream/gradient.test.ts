import { afterAll, beforeAll, expect, test } from 'vitest';
import { GradientError, ImageError, MemoryError, OptionError, type PareidoliaError } from '../errors.js';
import type { Network } from '../models/index.js';
import { createNodePlatform, loadNetwork, type NodePlatform } from '../platform/node/index.js';
import { type GradientOptions, imageGradient } from './gradient.js';

let network: Network;
let platform: NodePlatform;
const size = { width: 90, height: 83 };
const picture = Float32Array.from({ length: 3 * size.width * size.height }, (_, i) => Math.sin(i * i * 0.37 + i) * 0.7);

beforeAll(async () => {
  network = await loadNetwork();
  platform = await createNodePlatform({ threads: 1 });
});
afterAll(async () => {
  await platform.close();
});

const gradientOf = (values: Float32Array, options: GradientOptions) =>
  imageGradient(network, values, size, options, platform);

async function refusal(call: Promise<unknown>): Promise<PareidoliaError> {
  return call.then(
    () => expect.unreachable(),
    (error: PareidoliaError) => error,
  );
}

test.each([{ layers: 'mixed0' }, { layers: 'mixed0,mixed2:-0.5', objective: 'mean-square', border: 2 } as const])(
  'a small step along the gradient raises the objective by as much as it says: %o',
  async (options) => {
    const { objective, gradient } = await gradientOf(picture, options);
    expect(gradient).toHaveLength(picture.length);
    const square = gradient.reduce((sum, value) => sum + value * value, 0);
    const length = 0.005 / Math.sqrt(square);
    const moved = (sign: number) => picture.map((value, i) => value + sign * length * gradient[i]!);
    const [after, before] = [await gradientOf(moved(1), options), await gradientOf(moved(-1), options)];
    expect((after.objective - before.objective) / (2 * length * square)).toBeCloseTo(1, 2);
    expect((after.objective + before.objective) / 2).toBeCloseTo(objective, 3);
  },
);

test('weights count, and the picture that was given is left alone', async () => {
  const copy = picture.slice();
  const once = await gradientOf(picture, { layers: 'mixed0' });
  const twice = await gradientOf(picture, { layers: 'mixed0:2' });
  expect(picture).toEqual(copy);
  expect(twice.objective).toBeCloseTo(2 * once.objective, 5);
  expect(twice.gradient[1000]).toBeCloseTo(2 * once.gradient[1000]!, 8);
});

test('values that do not fit the size, or are no numbers, are refused', async () => {
  const short = await refusal(gradientOf(picture.subarray(1), { layers: 'mixed0' }));
  expect(short).toBeInstanceOf(ImageError);
  expect(short.message).toBe('The picture: expected 3 × 83 × 90 values, got 22409. Give its size as it is.');
  const strange = picture.slice();
  strange[5] = Number.NaN;
  const refused = await refusal(gradientOf(strange, { layers: 'mixed0' }));
  expect(refused).toMatchObject({ code: 'image/format', message: expect.stringContaining('finite values, got NaN') });
});

test('a picture that is too small for the layers is refused with the size that is not', async () => {
  const small = { width: 40, height: 40 };
  const refused = await refusal(imageGradient(network, new Float32Array(4800), small, { layers: 'mixed7' }, platform));
  expect(refused).toMatchObject({
    code: 'image/too-small',
    message: expect.stringContaining('expected at least 43×43'),
  });
});

test('what does not fit into the memory is refused before anything runs', async () => {
  const refused = await refusal(gradientOf(picture, { layers: 'mixed7', memoryBytes: 1e6 }));
  expect(refused).toBeInstanceOf(MemoryError);
  expect(refused.message).toMatch(
    /^The gradient of a picture of 90×83, untiled, needs about \d+ MB of memory, 1 MB are free/,
  );
});

test('unknown layers and options out of range are refused', async () => {
  expect(await refusal(gradientOf(picture, { layers: 'mixed99' }))).toBeInstanceOf(OptionError);
  expect(await refusal(gradientOf(picture, { layers: 'mixed0', border: -1 }))).toBeInstanceOf(OptionError);
  expect(await refusal(gradientOf(picture, { layers: 'conv2d_1/weight' }))).toBeInstanceOf(GradientError);
});
