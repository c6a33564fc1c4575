import { directionOfChannel, noisePicture, OptionError, rasterPictureOf } from '../../../src/platform/node/index.js';
import { type Input, sha256Of } from './input-file.js';

/** What a start picture is called: its size and seed. */
const noiseName = /^noise:(\d{1,5})x(\d{1,5}):(\d{1,10})$/;
/** More than a picture of this many pixels would not fit anywhere. */
const mostPixels = 2 ** 28;
/** What the vector of a single channel is called: its number, and how many there are. */
const channelName = /^channel:(\d{1,6})\/(\d{1,6})$/;

/** Whether a name stands for something that is made instead of read, such as `noise:224x224:7` or `channel:12/768`. */
export function isMade(name: string): boolean {
  return noiseName.test(name) || channelName.test(name);
}

/** Faint noise around grey, as recipes name it. */
export function noiseInput(width: number, height: number, seed: number): Input {
  const picture = noisePicture({ width, height }, seed);
  return {
    picture: rasterPictureOf(picture),
    name: `noise:${width}x${height}:${seed}`,
    sha256: digestOf(picture.data),
  };
}

/** The noise that a name from a recipe stands for; undefined for other names. */
export function readNoise(name: string): Input | undefined {
  const [, width, height, seed] = (noiseName.exec(name) ?? []).map(Number);
  if (!width || !height || seed === undefined) return undefined;
  if (width * height > mostPixels)
    throw new OptionError('option/invalid', `${name}: expected at most ${mostPixels} pixels.`);
  return noiseInput(width, height, seed);
}

/** A vector over channels, as recipes name it. */
interface MadeVector {
  readonly values: Float32Array;
  readonly name: string;
  readonly sha256: string;
}

/** The direction of a single channel, as recipes name it. */
export function channelVector(channel: number, count: number): MadeVector {
  const values = directionOfChannel(channel, count);
  return { values, name: `channel:${channel}/${count}`, sha256: digestOf(values) };
}

/** The vector that a name from a recipe stands for; undefined for other names. */
export function readChannelVector(name: string): MadeVector | undefined {
  const [, channel, count] = (channelName.exec(name) ?? []).map(Number);
  return channel === undefined || count === undefined || channel >= count ? undefined : channelVector(channel, count);
}

/** SHA-256 of the values in little-endian float32, which is what they are in on every machine that runs Node. */
function digestOf(values: Float32Array): string {
  return sha256Of(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
