import type { OptionTable, OptionValues } from './option.js';

/**
 * Every option of a dream, written once: the type {@link DreamOptions}, the command line's flags and help, checks of
 * requests, and the reference page are all made from this table.
 */
export const dreamOptions = {
  /**
   * Layers to excite, with optional weights: `mixed3,mixed5:0.5`. A negative weight suppresses. `mixed*` is all that
   * match, `mixed4[12 40-47]` are channels, `mixed4[strongest 10]` those that the picture excites most (or `weakest`
   * least), `mixed4[12]@8,9` is a neuron, and `logits[tabby]` a class of a classifier with labels.
   */
  layers: {
    kind: 'text',
    default: 'mixed3,mixed5',
    group: 'what to excite',
    help: 'layers with weights: mixed3,mixed5:0.5; channels: mixed4[12] or mixed4[strongest 5]; neurons: mixed4[12]@8,9',
  },
  /**
   * What is climbed for each layer: mean, mean of the squares, sum, sum of the magnitudes, or Euclidean norm. Guides say
   * what to look for: at each place what matches best anywhere in them, their strongest channels, or what they have at
   * the same place; `inversion` comes to look like them. A caricature exaggerates what the picture has already.
   */
  objective: {
    kind: 'choice',
    default: 'mean',
    choices: [
      ...(['mean', 'mean-square', 'sum', 'l1', 'l2'] as const),
      ...(['best-match', 'channel-match', 'product', 'inversion', 'caricature', 'direction'] as const),
    ],
    group: 'what to excite',
    help: 'what is climbed for each layer: the mean of its activations, of their squares, …; best-match, channel-match, product and inversion go by --guide',
  },
  /** How much each guide counts: `equal`, or a number for each, such as `1,0.5`; negative ones are fled. */
  guideWeights: {
    kind: 'text',
    default: 'equal',
    group: 'what to excite',
    help: 'how much each --guide counts, such as 1,0.5',
  },
  /**
   * How much of the likeness to the textures of the guides, a number up to 1, is taken off what is climbed; 0 for nothing.
   * It is what tells the pictures of one target apart (Lucid's `diversity`).
   */
  unlike: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1e9,
    group: 'what to excite',
    help: 'take this much of the likeness to the textures of each --guide off what is climbed',
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
  /** How gradients pass ReLUs: as they are, Lucid's redirection where all is blocked, or guided backpropagation. */
  relu: {
    kind: 'choice',
    default: 'plain',
    choices: ['plain', 'redirected', 'guided'],
    group: 'what to excite',
    help: 'how gradients pass ReLUs: as they are, redirected where all is blocked, or guided',
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
  /** The step size of an octave's last step; `null` for the same all along. */
  stepSizeEnd: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 10,
    whole: false,
    group: 'how to climb',
    help: 'length of the last step of each octave, when it is to change',
  },
  /** How the step size and the smoothing go from their first to their last value. */
  schedule: {
    kind: 'choice',
    default: 'linear',
    choices: ['linear', 'cosine'],
    group: 'how to climb',
    help: 'how step size and smoothing change from first to last step',
  },
  /** What the gradient is divided by, over the whole picture. */
  normalize: {
    kind: 'choice',
    default: 'std',
    choices: ['std', 'standardize', 'mean-abs', 'rms', 'l2', 'max', 'clip-norm', 'none'],
    group: 'how to climb',
    help: 'what the gradient is divided by: its standard deviation, mean magnitude, …',
  },
  /** Frequency bands of the gradient that are normalised each by itself (Laplacian pyramid); 0 for none. */
  bands: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 8,
    group: 'how to climb',
    help: 'bring this many frequency bands of the gradient to the same strength (Laplacian)',
  },
  /** Sigma of the Gaussians that smooth the gradient, half, once and twice of it averaged, in pixels; 0 for none. */
  smooth: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 32,
    unit: 'px',
    group: 'how to climb',
    help: 'smooth the gradient with three Gaussians around this sigma',
  },
  /** The sigma of an octave's last step; `null` for the same all along. */
  smoothEnd: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 32,
    whole: false,
    unit: 'px',
    group: 'how to climb',
    help: 'sigma at the last step of each octave, when it is to change',
  },
  /** How a gradient becomes a step: as it is, with momentum, or by Adam. */
  optimizer: {
    kind: 'choice',
    default: 'ascent',
    choices: ['ascent', 'momentum', 'adam'],
    group: 'how to climb',
    help: 'how a gradient becomes a step',
  },
  /** What part of the last step goes on in the next; for the optimizer `momentum`. */
  momentum: {
    kind: 'number',
    default: 0.9,
    min: 0,
    max: 0.999,
    group: 'how to climb',
    help: 'what part of a step goes on in the next, with --optimizer momentum',
  },
  /** Strength of the pull towards smooth ground (total variation), in steps; 0 for none. */
  tv: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 100,
    group: 'how to climb',
    help: 'pull towards smooth ground (total variation)',
  },
  /** Strength of the pull back to the original picture, in steps for a change of half the colour range. */
  pull: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1000,
    group: 'how to climb',
    help: 'pull back towards the original picture (L2)',
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
  /** Pixels that the network is shown around the picture, so that its edges dream like the rest. */
  pad: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 512,
    unit: 'px',
    group: 'how to climb',
    help: 'show the network this much around the picture',
  },
  /** What lies around the picture where it is padded, scaled or turned: the picture mirrored, or middle grey. */
  padWith: {
    kind: 'choice',
    default: 'mirror',
    choices: ['mirror', 'grey'],
    group: 'how to climb',
    help: 'what lies around the picture',
  },
  /** Largest random change of the scale at which each step sees the picture: 0.1 is from 0.9 to 1.1 times. */
  randomScale: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.9,
    group: 'how to climb',
    help: 'largest random change of scale in each step: 0.1 is 0.9 to 1.1 times',
  },
  /** Largest random turn of the picture under the network in each step, in degrees to either side. */
  randomRotate: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 180,
    unit: '°',
    group: 'how to climb',
    help: 'largest random turn of the picture in each step, in degrees',
  },
  /** Where the picture is moved: in its pixels, or in its frequencies, where coarse and fine structure grow alike. */
  space: {
    kind: 'choice',
    default: 'pixels',
    choices: ['pixels', 'fourier'],
    group: 'how to climb',
    help: 'climb in pixels, or in frequencies, where coarse and fine structure grow alike',
  },
  /** Whether colours move each channel by itself, or along the directions in which they vary in photos. */
  colour: {
    kind: 'choice',
    default: 'rgb',
    choices: ['rgb', 'decorrelated'],
    group: 'how to climb',
    help: 'move red, green and blue by themselves, or as they vary together in photos',
  },
  /** Whether colours are held between black and white after every step. */
  clip: {
    kind: 'flag',
    default: true,
    group: 'how to climb',
    help: 'hold colours between black and white after every step',
  },
  /**
   * Whether steps move the logits of colours instead of colours themselves: the nearer black or white, the less they move,
   * and no detail is lost there.
   */
  sigmoid: {
    kind: 'flag',
    default: false,
    group: 'how to climb',
    help: 'shorten steps towards black and white, as along a sigmoid, instead of cutting colours there',
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
  /** Longest sides of the octaves in pixels, such as `300,600,1200`; `auto` follows from number and ratio. */
  octaveSizes: {
    kind: 'text',
    default: 'auto',
    group: 'scales and tiles',
    help: 'longest sides of the octaves, such as 300,600,1200, instead of number and ratio',
  },
  /**
   * Other values for single octaves: `1 steps=40; 3-4 layers=mixed4,mixed5 step-size=0.005`. Octaves are counted from 1,
   * the smallest; `last` is the largest.
   */
  perOctave: {
    kind: 'text',
    default: 'none',
    group: 'scales and tiles',
    help: 'other values for single octaves: "1 steps=40; 3-last layers=mixed4 step-size=0.005"',
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
  /**
   * Side of the tiles that a larger picture is cut into, in pixels; 0 never tiles; `null` for 512, or less where the
   * memory is short.
   */
  tile: {
    kind: 'optional',
    default: null,
    min: 0,
    max: 4096,
    whole: true,
    unit: 'px',
    group: 'scales and tiles',
    help: 'side of the overlapping tiles that larger pictures run in, 0 for never (512, or less when memory is short)',
  },
  /**
   * How steps compute: in float32, or with 8-bit convolutions, whose gradients differ in detail and climb as well. `auto`
   * measures both on this machine; the recipe says what was taken.
   */
  precision: {
    kind: 'choice',
    default: 'float32',
    choices: ['float32', 'int8', 'auto'],
    group: 'scales and tiles',
    help: 'compute in float32, in 8 bits, or in whichever is faster on this machine',
  },
  /** Sigma of the Gaussian that softens a mask's edges, in pixels; 0 takes the mask as it is. */
  maskFeather: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1000,
    unit: 'px',
    group: 'the result',
    help: 'soften the edges of --mask',
  },
  /** How much of the dream is seen in the result, the rest being the original: 0 to 1. */
  strength: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    group: 'the result',
    help: 'mix with the original: 1 is all dream, 0 none',
  },
  /** Whether the result keeps the original's colours and only its light dreams. */
  keepColour: {
    kind: 'flag',
    default: false,
    group: 'the result',
    help: "keep the original's colours; only light and dark dream",
  },
  /** Whether the result's tones are brought back to the original's, or to those of another picture. */
  match: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'mean-std', 'histogram'],
    group: 'the result',
    help: "bring the result's tones back to the original's, or to those of --match-to, each channel by itself",
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
