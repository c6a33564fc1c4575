import type { OptionTable, OptionValues } from './option.js';

/**
 * Every option of a dream, written once: the type {@link DreamOptions}, the command line's flags and help, checks of
 * requests, and the reference page are all made from this table.
 */
export const dreamOptions = {
  /** Layers to excite, with optional weights: `mixed3,mixed5:0.5`. A negative weight suppresses. */
  layers: {
    kind: 'text',
    default: 'mixed3,mixed5',
    group: 'what to excite',
    help: 'layers to excite, with weights if you like: mixed3,mixed5:0.5 (`pareidolia layers` lists them)',
  },
  /** What is climbed for each layer: its mean activation, or the mean of the squares. */
  objective: {
    kind: 'choice',
    default: 'mean',
    choices: ['mean', 'mean-square'],
    group: 'what to excite',
    help: 'climb the mean of the activations, or the mean of their squares',
  },
  /** Elements along each border of a layer that do not count, as in the Keras example. */
  border: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 64,
    group: 'what to excite',
    help: 'leave out this many elements along the borders of each layer',
  },
  /** An octave ends early when the objective passes this; `null` for never. */
  maxObjective: {
    kind: 'optional',
    default: null,
    min: -1e9,
    max: 1e9,
    whole: false,
    group: 'what to excite',
    help: 'end an octave when the objective passes this',
  },
  /** Gradient steps on each octave. */
  steps: {
    kind: 'integer',
    default: 20,
    min: 1,
    max: 10_000,
    group: 'how to climb',
    help: 'gradient steps on each octave',
  },
  /** Length of a step, as a part of half the range of colours (so 0.01 is 0.01 for networks that take −1 to 1). */
  stepSize: {
    kind: 'number',
    default: 0.01,
    min: 0,
    max: 10,
    group: 'how to climb',
    help: 'length of a step; 1 is half the range from black to white',
  },
  /** What the gradient is divided by: its standard deviation, or the mean of its magnitudes. */
  normalize: {
    kind: 'choice',
    default: 'std',
    choices: ['std', 'mean-abs'],
    group: 'how to climb',
    help: 'divide the gradient by its standard deviation or by its mean magnitude',
  },
  /** Largest random shift of the picture under the network in each step, in pixels. */
  jitter: {
    kind: 'integer',
    default: 32,
    min: 0,
    max: 4096,
    unit: 'px',
    group: 'how to climb',
    help: 'largest random shift of the picture in each step',
  },
  /** Whether colours are held between black and white after every step. */
  clip: {
    kind: 'flag',
    default: true,
    group: 'how to climb',
    help: 'hold colours between black and white after every step',
  },
  /** Every random draw follows from this; `null` draws one, and the recipe keeps it. */
  seed: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 0xffffffff,
    whole: true,
    group: 'how to climb',
    help: 'makes the dream repeatable; drawn and printed when left out',
  },
  /** Number of scales, from small to large. */
  octaves: {
    kind: 'integer',
    default: 4,
    min: 1,
    max: 32,
    group: 'scales and tiles',
    help: 'number of scales, from small to large',
  },
  /** Ratio of the sizes of one octave and the one before. */
  octaveScale: {
    kind: 'number',
    default: 1.4,
    min: 1.01,
    max: 4,
    group: 'scales and tiles',
    help: 'how much larger each octave is than the one before',
  },
  /** How many of the octaves are larger than the picture itself; the result is scaled back. */
  octavesAbove: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 8,
    group: 'scales and tiles',
    help: 'how many of the octaves are larger than the picture',
  },
  /** Whether each octave starts from the picture's own detail at its size, with only the dream scaled up. */
  detail: {
    kind: 'flag',
    default: true,
    group: 'scales and tiles',
    help: 'put detail back that small octaves lose',
  },
  /** Longest side of the picture that is dreamed, in pixels; 0 keeps the picture's size. Never enlarges. */
  size: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 32_768,
    unit: 'px',
    group: 'scales and tiles',
    help: 'shrink the longest side to this first; 0 keeps the size',
  },
  /** Side of the tiles that a larger picture is cut into, in pixels; 0 never tiles. */
  tile: {
    kind: 'integer',
    default: 512,
    min: 0,
    max: 4096,
    unit: 'px',
    group: 'scales and tiles',
    help: 'side of the overlapping tiles that larger pictures run in; 0 never tiles',
  },
} as const satisfies OptionTable;

/** All options of a dream, each with a value. */
export type DreamOptions = OptionValues<typeof dreamOptions>;

/** How the result is written. */
export const outputOptions = {
  /** Quality of JPEG, WebP and AVIF files, 1 to 100; `null` for a good one. */
  quality: {
    kind: 'optional',
    default: null,
    min: 1,
    max: 100,
    whole: true,
    group: 'output',
    help: 'quality of JPEG, WebP and AVIF files, 1 to 100 (a high one when left out)',
  },
  /** Bits a channel of PNG and TIFF files. */
  depth: {
    kind: 'choice',
    default: '8',
    choices: ['8', '16'],
    group: 'output',
    help: 'bits a channel; 16 for PNG and TIFF',
  },
} as const satisfies OptionTable;

/** How the result is written, each option with a value. */
export type OutputOptions = OptionValues<typeof outputOptions>;
