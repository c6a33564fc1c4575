import { expect, test } from 'vitest';
import { mean, standardDeviation } from '../../test/at-once.js';
import { noise, waves } from '../../test/pictures.js';
import { luma } from '../image/index.js';
import { holdTones } from './drift.js';

const size = { width: 24, height: 16 };
const reference = waves(size).data;
const colours = noise(size).data.map((value) => 0.3 + 0.9 * value);

test.each(['mean-std', 'histogram'] as const)('%s gives every channel the tones of the reference', (drift) => {
  const held = holdTones(colours, reference, drift);
  const area = size.width * size.height;
  for (let channel = 0; channel < 3; channel++) {
    const [one, other] = [held, reference].map((data) => data.slice(channel * area, (channel + 1) * area));
    expect(mean(one!)).toBeCloseTo(mean(other!), 5);
    expect(standardDeviation(one!)).toBeCloseTo(standardDeviation(other!), 5);
  }
});

test('luma gives the light the tones of the reference and keeps the differences of colour', () => {
  const held = holdTones(colours, reference, 'luma');
  const [light, wanted] = [luma(held), luma(reference)];
  expect(mean(light)).toBeCloseTo(mean(wanted), 5);
  expect(standardDeviation(light)).toBeCloseTo(standardDeviation(wanted), 5);
  const area = size.width * size.height;
  for (const i of [0, 17, 383]) expect(held[i]! - held[i + area]!).toBeCloseTo(colours[i]! - colours[i + area]!, 5);
});

test('none changes nothing', () => {
  expect(holdTones(colours, reference, 'none')).toBe(colours);
});
