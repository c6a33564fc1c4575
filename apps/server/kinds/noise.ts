import { createHash } from 'node:crypto';
import { type NamedFile, noisePicture, type Picture } from '../../../src/index.js';

/** Faint noise around grey, and how recipes name it. */
export function noiseInput(side: number, seed: number): { readonly picture: Picture; readonly input: NamedFile } {
  const picture = noisePicture({ width: side, height: side }, seed);
  const sha256 = createHash('sha256').update(bytesOf(picture.data)).digest('hex');
  return { picture, input: { name: `noise:${side}x${side}:${seed}`, sha256 } };
}

/** The vector of a single channel, as recipes name it. */
export function channelInput(channel: number, count: number, values: Float32Array): NamedFile {
  return { ...vectorInput(values), name: `channel:${channel}/${count}` };
}

/** A vector that a recipe holds number by number, as the recipe of its picture names it: by its 32-bit numbers. */
export function vectorInput(values: Float32Array): NamedFile {
  return { name: 'direction', sha256: createHash('sha256').update(bytesOf(values)).digest('hex') };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
