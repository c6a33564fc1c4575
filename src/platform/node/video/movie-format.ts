import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { OptionError } from '../../../errors.js';

/** The codecs that pictures are written with in MP4, MOV, MKV and WebM. */
export type MovieCodec = 'h264' | 'vp9' | 'av1';

/** What one format can do. */
export interface MovieTraits {
  /** What people call it. */
  readonly title: string;
  /** Its extension, without the dot; absent where it has none. */
  readonly extension?: string;
  /** The codecs that can be chosen, the first by default; empty where there is nothing to choose. */
  readonly codecs: readonly MovieCodec[];
  /** 1 to 100 when nothing is asked for; absent where the format takes none. */
  readonly quality?: number;
  /** The longest side in pixels. */
  readonly longestSide: number;
  /** The most frames a second it can show; absent where there is no limit. */
  readonly fastest?: number;
  /** Whether frames may have durations of their own. */
  readonly variable: boolean;
  /** Whether it says how often to play. */
  readonly loops: boolean;
  /** Whether it can carry sound. */
  readonly sound: boolean;
  /** Whether a recipe fits into it. */
  readonly recipe: boolean;
}

const muxed = { longestSide: 16_384, variable: true, loops: false, sound: true, recipe: true, quality: 80 } as const;
const animated = { codecs: [], variable: true, loops: true, sound: false, recipe: true } as const;

/** Every format that movies are written in. */
export const movieFormats = {
  mp4: { ...muxed, title: 'MP4', extension: 'mp4', codecs: ['h264', 'av1', 'vp9'] },
  mov: { ...muxed, title: 'MOV', extension: 'mov', codecs: ['h264'] },
  mkv: { ...muxed, title: 'MKV', extension: 'mkv', codecs: ['h264', 'vp9', 'av1'] },
  webm: { ...muxed, title: 'WebM', extension: 'webm', codecs: ['vp9', 'av1'] },
  avi: { ...muxed, title: 'AVI', extension: 'avi', codecs: [], quality: 92, longestSide: 65_535, variable: false },
  gif: { ...animated, title: 'GIF', extension: 'gif', longestSide: 65_535, fastest: 50 },
  webp: { ...animated, title: 'WebP', extension: 'webp', quality: 80, longestSide: 16_383, fastest: 1000 },
  frames: {
    title: 'folder of frames',
    codecs: [],
    longestSide: 2 ** 31 - 1,
    variable: true,
    loops: false,
    sound: false,
    recipe: true,
  },
  raw: {
    title: 'raw stream',
    codecs: [],
    longestSide: 2 ** 31 - 1,
    variable: true,
    loops: false,
    sound: false,
    recipe: false,
  },
} as const satisfies Readonly<Record<string, MovieTraits>>;

/** A format that movies are written in; `frames` is a folder of numbered PNGs, `raw` bare RGB samples. */
export type MovieFormat = keyof typeof movieFormats;

/** A format's traits. */
export function movieTraits(format: MovieFormat): MovieTraits {
  return movieFormats[format];
}

/**
 * The format that a path asks for: by its extension in any case; a folder of frames for a path that ends in `/` or a
 * folder that exists; raw samples for `-`, standard output.
 *
 * @throws OptionError `option/invalid` naming the extensions, when it has another or none
 */
export function movieFormatOf(path: string): MovieFormat {
  if (path === '-') return 'raw';
  if (/[/\\]$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'frames';
  const extension = extname(path).slice(1).toLowerCase();
  const names = Object.keys(movieFormats) as MovieFormat[];
  const found = names.find((name) => movieTraits(name).extension === extension && extension !== '');
  if (found !== undefined) return found;
  const known = names.flatMap((name) => movieTraits(name).extension ?? []).map((name) => `.${name}`);
  const got = extension === '' ? 'no extension' : `.${extension}`;
  throw new OptionError(
    'option/invalid',
    `${path}: expected a name ending in ${known.slice(0, -1).join(', ')} or ${known.at(-1)}, or in / for a folder of frames, got ${got}.`,
  );
}
