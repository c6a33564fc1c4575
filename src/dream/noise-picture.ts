import { atOnce, type Picture, type Size } from '../image/index.js';
import { drawInteger } from './random.js';
import { alongSigmoid } from './sigmoid.js';
import { createSpace } from './space.js';

/** Deviation of the parameters that the noise starts from (Lucid, `optvis/param/spatial.py`, `sd`). */
const deviation = 0.01;

/** Levels of a 16-bit picture: rounded to them, the noise is the same whatever the last digits of a sine are. */
const levels = 65_535;

/**
 * Faint noise around middle grey, in which coarse and fine structure are alike strong and colours vary as in photos: what
 * Lucid starts from (`optvis/param/images.py`).
 *
 * @param seed what all of it follows from; a whole number
 */
export function noisePicture(size: Size, seed: number): Picture {
  const space = createSpace({ space: 'fourier', colour: 'decorrelated', optimizer: 'adam' }, size, 'RGB')!;
  const parameters = new Float32Array(3 * space.size.width * space.size.height);
  for (let i = 0; i < parameters.length; i++) parameters[i] = deviation * normal(seed, i);
  const change = atOnce(space.decode(parameters));
  const data = change.map((value) => {
    const colour = alongSigmoid(0.5, value / 2, { low: 0, high: 1 });
    return Math.round(colour * levels) / levels;
  });
  return { width: size.width, height: size.height, data };
}

/** A number from the normal distribution (Box and Muller 1958). */
function normal(seed: number, index: number): number {
  const [first, second] = [0, 1].map((draw) => drawInteger(1, 2 ** 31, seed, index, draw) / 2 ** 31);
  return Math.sqrt(-2 * Math.log(first!)) * Math.cos(2 * Math.PI * second!);
}
