import { ModelError } from '../errors.js';
import { arrayRaster, mappedRaster, type Raster, wholeOf } from '../image/index.js';

/**
 * How a network wants its pictures: the order of its colour channels, and `value = (colour − mean) / std` for colours
 * from 0 to 1, in that order of channels.
 */
export interface Preprocessing {
  /** Which colour comes first. */
  readonly order: 'RGB' | 'BGR';
  /** Subtracted from each channel, in units of 0 to 1, in the network's order. */
  readonly mean: readonly [number, number, number];
  /** Divides each channel afterwards, in units of 0 to 1, in the network's order. */
  readonly std: readonly [number, number, number];
}

/**
 * Who said how a network wants its pictures: the caller, the recipe that is made again, a card beside the model file,
 * the file's own metadata, the catalogue, or nobody.
 */
export type PreprocessingOrigin = 'given' | 'recipe' | 'card' | 'file' | 'catalogue' | 'assumed';

/**
 * The same as {@link Preprocessing} in the words that model pages use: colours are scaled to a range first, then
 * `value = (colour − mean) / std`.
 */
export interface PreprocessingDescription {
  /** Which colour comes first. Default: RGB. */
  readonly channelOrder?: 'RGB' | 'BGR' | undefined;
  /** What black and white are before the mean is subtracted, such as `[0, 255]`. Default: `[0, 1]`. */
  readonly valueRange?: readonly [number, number] | undefined;
  /** Subtracted from each channel, in units of the range, in the network's order. Default: 0. */
  readonly mean?: readonly [number, number, number] | undefined;
  /** Divides each channel afterwards, in units of the range, in the network's order. Default: 1. */
  readonly std?: readonly [number, number, number] | undefined;
}

/** The metadata key under which a model file carries its {@link Preprocessing} as JSON. */
export const preprocessingKey = 'pareidolia.preprocessing';

/** Colours from −1 to 1 in RGB order, as Keras's Inception networks take them. */
export const inceptionPreprocessing: Preprocessing = { order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/** Colours from 0 to 255 in RGB order. */
export const wholePreprocessing: Preprocessing = {
  order: 'RGB',
  mean: [0, 0, 0],
  std: [1 / 255, 1 / 255, 1 / 255],
};

/** Beyond this, means and deviations are no colours, and float32 would lose the picture in them. */
const largest = 1e4;

/** Reads the preprocessing from a model's metadata, or undefined where the file says nothing. */
export function preprocessingOf(metadata: Readonly<Record<string, string>>, name: string): Preprocessing | undefined {
  const text = metadata[preprocessingKey];
  if (text === undefined) return undefined;
  const preprocessing = checkPreprocessing(parse(text));
  if (preprocessing) return preprocessing;
  const got = text.slice(0, 80).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  throw new ModelError(
    'model/format',
    `${name}: expected ${preprocessingKey} to give order, mean and std, got ${got}. Export it again.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A {@link Preprocessing} from a value that may come from anywhere, or undefined when it is none. */
export function checkPreprocessing(value: unknown): Preprocessing | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { order, mean, std } = value as { [K in keyof Preprocessing]?: unknown };
  if (order !== 'RGB' && order !== 'BGR') return undefined;
  return isTriple(mean, 0) && isTriple(std, 1 / largest) ? { order, mean, std } : undefined;
}

function isTriple(numbers: unknown, least: number): numbers is readonly [number, number, number] {
  return (
    Array.isArray(numbers) &&
    numbers.length === 3 &&
    numbers.every((n) => typeof n === 'number' && Math.abs(n) >= least && Math.abs(n) <= largest)
  );
}

/** What a description says, in colours from 0 to 1; undefined when its numbers are beyond all colours. */
export function preprocessingFrom(description: PreprocessingDescription): Preprocessing | undefined {
  const { channelOrder = 'RGB', valueRange = [0, 1], mean = [0, 0, 0], std = [1, 1, 1] } = description;
  const [black, white] = valueRange;
  const range = white - black;
  return checkPreprocessing({
    order: channelOrder,
    mean: mean.map((value) => (value - black) / range),
    std: std.map((value) => value / range),
  });
}

/**
 * A network's preprocessing with parts of it given anew. Whoever gives a range, a mean or a deviation gives all three:
 * those left out are `[0, 1]`, 0 and 1. An order that is given alone takes each colour's numbers along.
 *
 * @param known what holds for the parts that are not given
 */
export function changedPreprocessing(
  given: PreprocessingDescription,
  known: Preprocessing = inceptionPreprocessing,
): Preprocessing | undefined {
  const { channelOrder = known.order, valueRange, mean, std } = given;
  if (valueRange || mean || std) return preprocessingFrom({ channelOrder, valueRange, mean, std });
  if (channelOrder === known.order) return known;
  const turned = ([a, b, c]: readonly [number, number, number]) => [c, b, a] as const;
  return { order: channelOrder, mean: turned(known.mean), std: turned(known.std) };
}

/** The lowest and highest value that each of the network's channels takes for colours from 0 to 1. */
export function valueRange({ mean, std }: Preprocessing): readonly { low: number; high: number }[] {
  return mean.map((m, channel) => {
    const ends = [-m / std[channel]!, (1 - m) / std[channel]!];
    return { low: Math.min(...ends), high: Math.max(...ends) };
  });
}

/**
 * Colours to network values.
 *
 * @param colours planar RGB `[3, H, W]`, 0 to 1
 * @returns `[3, H, W]` in the network's channel order and range
 */
export function toNetwork(colours: Float32Array, preprocessing: Preprocessing): Float32Array {
  return wholeOf(networkRaster(arrayRaster(colours, { width: colours.length / 3, height: 1 }), preprocessing));
}

/** Network values back to colours; the inverse of {@link toNetwork}. Values outside 0 to 1 are not cut. */
export function fromNetwork(values: Float32Array, preprocessing: Preprocessing): Float32Array {
  return wholeOf(colourRaster(arrayRaster(values, { width: values.length / 3, height: 1 }), preprocessing));
}

/** {@link toNetwork} for a raster of reds, greens and blues, computed as it is read. */
export function networkRaster(colours: Raster, { order, mean, std }: Preprocessing): Raster {
  return mappedRaster(inOrder(colours, order), (rows, { plane }) => {
    const [m, s] = [mean[plane]!, std[plane]!];
    const values = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) values[i] = (rows[i]! - m) / s;
    return values;
  });
}

/** {@link fromNetwork} for a raster, computed as it is read. */
export function colourRaster(values: Raster, { order, mean, std }: Preprocessing): Raster {
  const colours = mappedRaster(values, (rows, { plane }) => {
    const [m, s] = [mean[plane]!, std[plane]!];
    const channel = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) channel[i] = rows[i]! * s + m;
    return channel;
  });
  return inOrder(colours, order);
}

/** Turns the order of three planes around where it is not RGB. */
function inOrder(raster: Raster, order: 'RGB' | 'BGR'): Raster {
  if (order === 'RGB') return raster;
  const { width, height, effort } = raster;
  return { planes: 3, width, height, effort, rows: (plane, top, bottom) => raster.rows(2 - plane, top, bottom) };
}
