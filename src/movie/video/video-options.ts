import type { OptionTable, OptionValues } from '../../dream/index.js';
import { zoomOptions } from '../options.js';

/** Every option of a dreamed video besides those of its dreams, written once; see `dreamOptions`. */
export const videoOptions = {
  /** Second of the movie at which its part to dream begins; `null` for its start. */
  start: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 1_000_000,
    whole: false,
    unit: 's',
    group: 'the movie',
    help: 'the second where the part to dream begins',
  },
  /** Second of the movie at which its part to dream ends; `null` for its end. */
  end: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 1_000_000,
    whole: false,
    unit: 's',
    group: 'the movie',
    help: 'the second where the part to dream ends',
  },
  /** Frames a second of a folder of pictures, which does not say; `null` for 25. Movies keep theirs. */
  fps: {
    kind: 'optional',
    default: null,
    min: 1,
    max: 240,
    whole: false,
    group: 'the movie',
    help: 'frames a second of a folder of pictures, which does not say (25 when left out)',
  },
  /** Whether the sound is left out. */
  mute: {
    kind: 'flag',
    default: false,
    group: 'the movie',
    help: 'leave the sound out',
  },
  /** Quality of the movie file, as that of zoom movies. */
  quality: zoomOptions.quality,
  /** How the pictures of MP4, MKV and WebM files are encoded, as those of zoom movies. */
  codec: zoomOptions.codec,
  /**
   * What a frame takes from the dream of the frame before: what the dream changed, brought along with the motion
   * (`flow`); or that frame as it is, as much each time (`const`), more and less in turn (`loop`), or by chance
   * (`random`); or nothing (`none`).
   */
  blending: {
    kind: 'choice',
    default: 'flow',
    choices: ['flow', 'const', 'loop', 'random', 'none'],
    group: 'from frame to frame',
    help: 'what a frame takes from the one before: its dream moved along (flow), the frame itself, or nothing',
  },
  /** How much of it, 0 to 1; `null` for 0.8 with `flow` and 0.5 otherwise. */
  blend: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 1,
    whole: false,
    group: 'from frame to frame',
    help: 'how much of it, 0 to 1 (0.8 with flow, 0.5 otherwise, when left out)',
  },
  /** The part of a frame's pixels with new colours from which on it begins another scene, which takes nothing over. */
  cut: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    group: 'from frame to frame',
    help: 'the part of the pixels with new colours that makes a frame another scene, which takes nothing over',
  },
  /** Sets of layers that take turns, with semicolons between them: `mixed3; mixed4,mixed5:0.5`; `none` for one set. */
  cycle: {
    kind: 'text',
    default: 'none',
    group: 'from frame to frame',
    help: 'sets of layers that take turns: "mixed3; mixed4,mixed5:0.5; mixed6"',
  },
  /** For how many frames each of those sets holds. */
  cycleEvery: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 100_000,
    group: 'from frame to frame',
    help: 'for how many frames each of them holds',
  },
} as const satisfies OptionTable;

/** All options of a dreamed video, each with a value. */
export type VideoOptions = OptionValues<typeof videoOptions>;
