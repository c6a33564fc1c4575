import { meanMagnitude, standardDeviation } from '../image/index.js';

/** What a gradient is divided by before a step. */
export type Normalizer = 'std' | 'mean-abs';

/** The lowest and highest value of a channel. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** Keeps the division harmless where the gradient vanishes; the value of the TensorFlow tutorial. */
const epsilon = 1e-8;

/**
 * One step of gradient ascent, in place: `picture += step · half range · gradient / (size of the gradient + 1e-8)`,
 * the size being taken over the whole picture. Dividing by the standard deviation is TensorFlow's tutorial (and the
 * founding article), dividing by the mean magnitude is google/deepdream.
 *
 * @param picture `[3, H, W]` in the network's range
 * @param gradient the same shape
 * @param ranges lowest and highest value of each channel
 */
export function climb(
  picture: Float32Array,
  gradient: Float32Array,
  options: { stepSize: number; normalize: Normalizer; clip: boolean },
  ranges: readonly Range[],
): void {
  const size = options.normalize === 'std' ? standardDeviation(gradient) : meanMagnitude(gradient);
  const plane = picture.length / 3;
  ranges.forEach(({ low, high }, channel) => {
    const factor = (options.stepSize * ((high - low) / 2)) / (size + epsilon);
    const end = (channel + 1) * plane;
    for (let i = channel * plane; i < end; i++) picture[i]! += gradient[i]! * factor;
  });
  if (options.clip) hold(picture, ranges);
}

/** Holds every channel of `[3, H, W]` values in its range, in place. */
export function hold(picture: Float32Array, ranges: readonly Range[]): void {
  const plane = picture.length / 3;
  ranges.forEach(({ low, high }, channel) => {
    const end = (channel + 1) * plane;
    for (let i = channel * plane; i < end; i++) picture[i] = Math.min(Math.max(picture[i]!, low), high);
  });
}
