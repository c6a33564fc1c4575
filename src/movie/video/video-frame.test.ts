import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootMeanSquare } from '../../../test/at-once.js';
import { noise, waves } from '../../../test/pictures.js';
import { planDream } from '../../dream/index.js';
import type { Picture } from '../../image/index.js';
import type { Network } from '../../models/index.js';
import { loadNetwork } from '../../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../../platform/node/platform.js';
import { warped } from './flow.js';
import type { Motion } from './motion.js';
import { dreamVideoFrame, type VideoFrameSource } from './video-frame.js';
import { VideoScript } from './video-script.js';
import { videoSettingsOf } from './video-settings.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
});
afterAll(() => platform.close());

const quick = { seed: 1, layers: 'mixed0', octaves: 1, steps: 2, stepSize: 0.03, jitter: 4 };
const size = { width: 48, height: 40 };
const area = size.width * size.height;

/** All goes two pixels to the left; the left third was hidden. */
const motion: Motion = {
  flow: { ...size, x: new Float32Array(area).fill(2), y: new Float32Array(area) },
  visible: Float32Array.from({ length: area }, (_, i) => (i % size.width < 16 ? 0 : 1)),
};

const frame = waves(size);
const before: VideoFrameSource['before'] = {
  frame: { ...size, data: frame.data.map((value) => 0.9 * value) },
  dream: { ...size, data: noise(size).data.map((value, i) => 0.8 * frame.data[i]! + 0.1 * value) },
  motion,
};

async function dreamed(values: Record<string, unknown>, source: VideoFrameSource): Promise<Picture> {
  const settings = videoSettingsOf({ ...quick, ...values });
  const script = new VideoScript(settings).frame(1);
  const plan = planDream(network, size, settings.dream);
  for await (const event of dreamVideoFrame(script, source, plan, { platform })) {
    if (event.type === 'finished') return event.picture;
  }
  throw new Error('the dream did not end');
}

function expectClose(one: Float32Array, other: ArrayLike<number>): void {
  one.forEach((value, i) => {
    expect(value).toBeCloseTo(other[i]!, 5);
  });
}

const isVisible = (i: number): boolean => motion.visible[i % area] === 1;

describe('a frame', () => {
  test('without one before, or with nothing of it, is the dream of its picture', async () => {
    const alone = await dreamed({ blending: 'none' }, { frame, before });
    expect(await dreamed({}, { frame })).toEqual(alone);
    expect(await dreamed({ blend: 0 }, { frame, before })).toEqual(alone);
    expect(await dreamed({}, { frame, before })).not.toEqual(alone);
  });

  test('starts with a part of the dreamed frame before, when it is blended', async () => {
    const { data } = await dreamed({ blending: 'const', blend: 0.3, stepSize: 0 }, { frame, before });
    expectClose(
      data,
      frame.data.map((value, i) => 0.7 * value + 0.3 * before!.dream.data[i]!),
    );
  });

  test('takes what was changed along with the motion, and nothing from where it was hidden', async () => {
    const { data } = await dreamed({ stepSize: 0 }, { frame, before });
    const changed = before!.dream.data.map((value, i) => value - before!.frame.data[i]!);
    const moved = warped(changed, motion.flow);
    expectClose(
      data,
      frame.data.map((value, i) => Math.min(Math.max(value + (isVisible(i) ? 0.8 * moved[i]! : 0), 0), 1)),
    );
  });

  test('dreams at once where it was hidden, and is as strong where it was not, however often', async () => {
    const grey: Picture = { ...size, data: frame.data.map((value) => 0.3 + 0.4 * value) };
    const strengthOf = ({ data }: Picture, where: (i: number) => boolean): number =>
      rootMeanSquare(data.map((value, i) => value - grey.data[i]!).filter((_, i) => where(i)));
    const alone = await dreamed({ blending: 'none' }, { frame: grey });
    const still: Motion = { ...motion, flow: { ...motion.flow, x: new Float32Array(area) } };
    let held = alone;
    for (let i = 0; i < 12; i++) {
      held = await dreamed({ seed: i }, { frame: grey, before: { frame: grey, dream: held, motion: still } });
    }
    for (const where of [isVisible, (i: number) => !isVisible(i)]) {
      const ratio = strengthOf(held, where) / strengthOf(alone, where);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
  });
});
