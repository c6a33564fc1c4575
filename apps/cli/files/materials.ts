import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RasterPicture, Recipe, Size } from '../../../src/index.js';
import { ImageError, readNpy } from '../../../src/platform/node/index.js';
import { type Input, readInput, sha256Of } from './input-file.js';
import { readChannelVector } from './made-input.js';

/** The flags of files that a dream goes by besides its picture. */
export interface MaterialFlags {
  readonly mask?: string | undefined;
  readonly guide?: readonly string[] | undefined;
  readonly direction?: string | undefined;
  readonly matchTo?: string | undefined;
}

/** A vector as a recipe names it. */
export interface VectorInput {
  readonly values: Float32Array;
  readonly name: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/** What a dream goes by besides its picture. */
export interface Materials {
  readonly mask?: Input | undefined;
  readonly guides: readonly Input[];
  readonly direction?: VectorInput | undefined;
  readonly matchTo?: Input | undefined;
}

/** Reads the files that the flags name. */
export async function readMaterials({ mask, guide = [], direction, matchTo }: MaterialFlags): Promise<Materials> {
  const guides: Input[] = [];
  for (const path of guide) guides.push(await readInput(path, 0));
  return {
    guides,
    ...(mask !== undefined && { mask: await readInput(mask, 0) }),
    ...(matchTo !== undefined && { matchTo: await readInput(matchTo, 0) }),
    ...(direction !== undefined && { direction: await readVector(direction) }),
  };
}

/**
 * Options that follow from naming a file: a guide is for matching, unless the picture is to be unlike it; a picture to
 * match is for matching tones.
 */
export function impliedOptions(
  { guide, direction, matchTo }: MaterialFlags,
  given: { readonly unlike?: unknown },
): Readonly<Record<string, string>> {
  return {
    ...(guide && !given.unlike && { objective: 'best-match' }),
    ...(direction !== undefined && { objective: 'direction' }),
    ...(matchTo !== undefined && { match: 'mean-std' }),
  };
}

/** What the library is given of them. */
export function runOptionsOf({ mask, guides, direction, matchTo }: Materials) {
  return {
    guides: guides.map(({ picture }): RasterPicture => picture),
    ...(mask && { mask: mask.picture }),
    ...(direction && { direction: direction.values }),
    ...(matchTo && { reference: matchTo.picture }),
  };
}

/** Sizes of the guides, as a plan has to know them. */
export function guideSizes({ guides }: Materials): Size[] {
  return guides.map(({ picture: { width, height } }) => ({ width, height }));
}

/** What a recipe says about them. */
export function recipeMaterials({ mask, guides, direction, matchTo }: Materials) {
  const named = ({ name, sha256 }: Recipe['input']): Recipe['input'] => ({ name, sha256 });
  return {
    ...(mask && { mask: named(mask) }),
    ...(guides.length > 0 && { guides: guides.map(named) }),
    ...(direction && { direction: named(direction) }),
    ...(matchTo && { matchTo: named(matchTo) }),
  };
}

/** Their files by the flags that name them, for advice on a command line. */
export function materialPaths({ mask, guide = [], direction, matchTo }: MaterialFlags): [flag: string, path: string][] {
  const pairs: [string, string | undefined][] = [
    ['--mask', mask],
    ...guide.map((path): [string, string] => ['--guide', path]),
    ['--direction', direction],
    ['--match-to', matchTo],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

/** A vector from a `.npy` file of any shape, or the one that a recipe's name stands for. */
export async function readVector(path: string): Promise<VectorInput> {
  const made = readChannelVector(path);
  if (made) return made;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ImageError('image/missing', `${path}: expected a .npy file, got none that can be read.`, { cause });
  });
  const { data } = readNpy(bytes, path);
  const strange = data.find((value) => !Number.isFinite(value));
  if (strange !== undefined) {
    throw new ImageError('image/format', `${path}: expected finite numbers, got ${strange}. Write it again.`);
  }
  return { values: data, name: basename(path), sha256: sha256Of(bytes) };
}
