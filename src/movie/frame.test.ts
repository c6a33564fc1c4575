import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mean } from '../../test/at-once.js';
import { flat, waves } from '../../test/pictures.js';
import { planDream, SessionCache } from '../dream/index.js';
import { luma, type Picture } from '../image/index.js';
import type { Network } from '../models/index.js';
import { loadNetwork } from '../platform/node/models/load-network.js';
import { createNodePlatform, type NodePlatform } from '../platform/node/platform.js';
import { dreamFrame } from './frame.js';
import { seen, viewOf } from './move-camera.js';
import { zoomSettingsOf } from './presets/index.js';
import { MovieScript } from './script.js';

let platform: NodePlatform;
let network: Network;
beforeAll(async () => {
  [platform, network] = [await createNodePlatform({ threads: 1 }), await loadNetwork()];
});
afterAll(() => platform.close());

const quick = { seed: 1, layers: 'mixed0', octaves: 1, steps: 1, jitter: 4 };
const size = { width: 48, height: 40 };

/** A picture with 16 bits a channel. */
function asInFile({ data, ...size }: Picture): Picture {
  return { ...size, data: data.map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 65535) / 65535) };
}

/** Makes the frames of a movie and gives the last one. */
async function lastFrame(values: Record<string, unknown>, photos: readonly Picture[]): Promise<Picture> {
  const script = new MovieScript(zoomSettingsOf({ ...quick, ...values }), photos.length);
  const { frames, drift, driftTo } = script.settings.movie;
  const plan = planDream(network, photos[0]!, script.settings.dream);
  const sessions = new SessionCache(platform);
  let before = photos[0]!;
  for (let frame = 1; frame <= frames; frame++) {
    const source = { before, photos, tones: { drift, driftTo } };
    for await (const event of dreamFrame(script.frame(frame), source, plan, { platform, sessions })) {
      if (event.type === 'finished') before = asInFile(event.picture);
    }
  }
  await sessions.close();
  return before;
}

const lightOf = ({ data }: Picture): number => mean(luma(data));

describe('a frame', () => {
  test('200 frames of a camera that stands still, with steps of size 0, change nothing', async () => {
    const photo = asInFile(waves(size));
    expect(await lastFrame({ frames: 200, zoom: 1, stepSize: 0 }, [photo])).toEqual(photo);
  });

  test('is what the camera sees of the one before, when steps have size 0', async () => {
    const photo = waves(size);
    const move = { zoom: 1.1, rotate: 5, panX: 2, panY: 1 };
    const last = await lastFrame({ frames: 2, ...move, stepSize: 0, drift: 'none', clip: false }, [photo]);
    const expected = seen(seen(photo, viewOf(move)), viewOf(move));
    last.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.data[i]!, 4);
    });
  });

  test('dreams with its own seed', async () => {
    const photo = waves(size);
    const still = { zoom: 1, drift: 'none', stepSize: 0.05, frames: 1 };
    const one = await lastFrame(still, [photo]);
    expect(one.data).not.toEqual(photo.data);
    expect(await lastFrame(still, [photo])).toEqual(one);
    expect((await lastFrame({ ...still, seed: 2 }, [photo])).data).not.toEqual(one.data);
  });

  test('keeps the tones of the photo, of what the camera sees, or none', async () => {
    const photo = waves(size);
    // A camera that looks far beside the middle sees another light.
    const aside = { frames: 3, panX: 7, zoom: 1.6, stepSize: 0.1 };
    const [first, moving, none] = [
      await lastFrame({ ...aside, drift: 'luma' }, [photo]),
      await lastFrame({ ...aside, drift: 'luma', driftTo: 'moving' }, [photo]),
      await lastFrame({ ...aside, drift: 'none' }, [photo]),
    ];
    expect(lightOf(first)).toBeCloseTo(lightOf(photo), 2);
    expect(Math.abs(lightOf(moving) - lightOf(photo))).toBeGreaterThan(0.005);
    expect(Math.abs(lightOf(none) - lightOf(moving))).toBeGreaterThan(0.0005);
  });

  test('of a movie that plays without a seam ends in the photo that it began with', async () => {
    const photo = waves(size);
    const last = await lastFrame({ frames: 9, loop: 'seamless', zoom: 1.05, stepSize: 0 }, [photo]);
    last.data.forEach((value, i) => {
      expect(value).toBeCloseTo(photo.data[i]!, 4);
    });
  });

  test('goes over into the next photo, in colours and tones', async () => {
    const photos = [waves(size), flat(size, 0.2), flat(size, 0.9)];
    const through = { stepSize: 0, zoom: 1.05 };
    // Of 12 frames the 6th is the second photo, the 12th the third; in the 11th there is a part of it.
    expect(lightOf(await lastFrame({ ...through, frames: 12 }, photos))).toBeCloseTo(0.9, 4);
    const script = new MovieScript(zoomSettingsOf({ ...quick, ...through, frames: 12 }), 3);
    const before = flat(size, 0.2);
    const plan = planDream(network, before, script.settings.dream);
    for (const [frame, light] of [
      [6, 0.2],
      [10, 0.2],
      [11, 0.2 + 0.7 * script.frame(11).approach!.passed],
    ] as const) {
      const source = { before, photos, tones: { drift: 'mean-std', driftTo: 'first' } } as const;
      for await (const event of dreamFrame(script.frame(frame), source, plan, { platform })) {
        if (event.type === 'finished') expect(lightOf(event.picture)).toBeCloseTo(light, 5);
      }
    }
  });
});
