import { afterAll, expect, test } from 'vitest';
import { pictureOf } from '../../../../image/index.js';
import { lightOf, motionBetween, seen, viewOf } from '../../../../movie/index.js';
import { readRasterPictureFile } from '../../pictures/read-picture.js';
import { createFlowFinder } from './flow-finder.js';

const finder = createFlowFinder();
afterAll(() => finder.close());

const { picture } = await readRasterPictureFile('examples/castle.jpg', { size: 240 });
const photo = pictureOf(picture);

test.each([
  { zoom: 1, rotate: 0, panX: 3.5, panY: -2 },
  { zoom: 1.03, rotate: 1, panX: 0, panY: 0 },
])('the motion of a camera that moves by %j is found within a fifth of a pixel', async (move) => {
  const { width, height } = photo;
  const view = viewOf(move);
  const flow = await finder.find(lightOf(seen(photo, view)), lightOf(photo));
  let sum = 0;
  let places = 0;
  for (let y = 12; y < height - 12; y++) {
    for (let x = 12; x < width - 12; x++) {
      const [fromX, fromY] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const offX = view.xx * fromX + view.xy * fromY + view.x0 - fromX - flow.x[y * width + x]!;
      const offY = view.yx * fromX + view.yy * fromY + view.y0 - fromY - flow.y[y * width + x]!;
      sum += Math.hypot(offX, offY);
      places++;
    }
  }
  expect(sum / places).toBeLessThan(0.2);
});

test('nearly all of a moved photo is visible before, and nothing of another scene', async () => {
  const moved = seen(photo, viewOf({ zoom: 1, rotate: 0, panX: 4, panY: 1 }));
  const motion = await motionBetween(photo, moved, finder, 0.5);
  const part = motion!.visible.reduce((sum, value) => sum + value) / motion!.visible.length;
  expect(part).toBeGreaterThan(0.9);
  const other = { ...photo, data: photo.data.map((value) => 1 - value) };
  expect(await motionBetween(photo, other, finder, 0.5)).toBeUndefined();
});

test('what OpenCV refuses is an error, and so is a finder that was closed', async () => {
  const light = { width: 4, height: 4, data: new Uint8Array(16) };
  await expect(finder.find(light, { ...light, width: 5, data: new Uint8Array(20) })).rejects.toThrow(
    /^OpenCV could not find the motion of the picture: /,
  );
  const closed = createFlowFinder();
  await closed.close();
  await expect(closed.find(light, light)).rejects.toThrow(/its thread has ended/);
});
