import { expect, test } from 'vitest';
import { waves } from '../../test/pictures.js';
import { covering } from './crop.js';

test('a picture of that size stays as it is', () => {
  const picture = waves({ width: 12, height: 7 });
  expect(covering(picture, { width: 12, height: 7 })).toEqual(picture);
});

test('of a wide picture the middle columns are taken, of a tall one the middle rows', () => {
  const wide = waves({ width: 21, height: 9 });
  const { width, height, data } = covering(wide, { width: 9, height: 9 });
  expect([width, height]).toEqual([9, 9]);
  const columns = wide.data.filter((_, i) => i % 21 >= 6 && i % 21 < 15);
  expect(data).toEqual(columns);
  const tall = waves({ width: 8, height: 14 });
  const rows = tall.data.filter((_, i) => Math.floor(i / 8) % 14 >= 4 && Math.floor(i / 8) % 14 < 10);
  expect(covering(tall, { width: 8, height: 6 }).data).toEqual(rows);
});

test('nothing is distorted: a disc stays one, in the middle', () => {
  const size = { width: 60, height: 40 };
  const data = Float32Array.from({ length: 7200 }, (_, i) => {
    const [x, y] = [(i % 60) + 0.5 - 30, (Math.floor(i / 60) % 40) + 0.5 - 20];
    return Math.exp(-(x * x + y * y) / 50);
  });
  const { data: cut } = covering({ ...size, data }, { width: 20, height: 20 });
  const moment = (of: (x: number, y: number) => number): number =>
    cut
      .slice(0, 400)
      .reduce((sum, value, i) => sum + value * of((i % 20) + 0.5 - 10, Math.floor(i / 20) + 0.5 - 10), 0);
  expect(moment((x) => x)).toBeCloseTo(0, 3);
  expect(moment((_, y) => y)).toBeCloseTo(0, 3);
  expect(moment((x) => x * x) / moment((_, y) => y * y)).toBeCloseTo(1, 2);
});
