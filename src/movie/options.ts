import type { OptionTable, OptionValues } from '../dream/index.js';

/** Every option of a zoom movie besides those of its dreams, written once; see `dreamOptions`. */
export const zoomOptions = {
  /** Frames that are dreamed. */
  frames: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 99_999,
    group: 'the movie',
    help: 'frames to dream',
  },
  /** Frames that are shown a second. */
  fps: {
    kind: 'number',
    default: 25,
    min: 1,
    max: 240,
    group: 'the movie',
    help: 'frames a second',
  },
  /** Whether the movie is shown from its last frame to its first. */
  reverse: {
    kind: 'flag',
    default: false,
    group: 'the movie',
    help: 'show the last frame first: the camera flies out of the dream',
  },
  /** What comes after the last frame: nothing, the way back, or the first photo, into which the movie flies at its end. */
  loop: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'ping-pong', 'seamless'],
    group: 'the movie',
    help: 'for playing again and again: show all of it backwards too, or fly back into the first photo',
  },
  /** Quality of the movie file, 1 (smallest) to 100 (best); `null` for a good one. */
  quality: {
    kind: 'optional',
    default: null,
    min: 1,
    max: 100,
    whole: true,
    group: 'the movie',
    help: 'quality of the movie file, 1 to 100 (a good one when left out)',
  },
  /** How the pictures of MP4, MKV and WebM files are encoded; `auto` is what most players show. */
  codec: {
    kind: 'choice',
    default: 'auto',
    choices: ['auto', 'h264', 'vp9', 'av1'],
    group: 'the movie',
    help: 'how MP4, MKV and WebM files are encoded',
  },
  /**
   * What holds the tones of every frame, so that the movie becomes neither black nor white nor garish: mean and
   * deviation of each channel, its histogram, or mean and deviation of the light alone, where colours are free.
   */
  drift: {
    kind: 'choice',
    default: 'mean-std',
    choices: ['none', 'mean-std', 'histogram', 'luma'],
    group: 'the movie',
    help: 'what holds the tones of every frame: mean and deviation of each channel, its histogram, or of the light alone',
  },
  /** Whose tones the frames take: the first photo's, or those that each frame has before it is dreamed. */
  driftTo: {
    kind: 'choice',
    default: 'first',
    choices: ['first', 'moving'],
    group: 'the movie',
    help: "whose tones the frames keep: the photo's, or what the camera sees before each dream",
  },
  /** How much larger each frame shows what the frame before showed; below 1 the camera goes back. */
  zoom: {
    kind: 'number',
    default: 1.02,
    min: 0.5,
    max: 2,
    group: 'the camera',
    help: 'how much closer each frame is than the one before; below 1 the camera goes back',
  },
  /** Degrees that the picture turns clockwise from frame to frame. */
  rotate: {
    kind: 'number',
    default: 0,
    min: -180,
    max: 180,
    unit: '°',
    group: 'the camera',
    help: 'how far the picture turns clockwise in each frame',
  },
  /** Pixels that the camera goes to the right from frame to frame. */
  panX: {
    kind: 'number',
    default: 0,
    min: -10_000,
    max: 10_000,
    unit: 'px',
    group: 'the camera',
    help: 'how far the camera goes to the right in each frame',
  },
  /** Pixels that the camera goes down from frame to frame. */
  panY: {
    kind: 'number',
    default: 0,
    min: -10_000,
    max: 10_000,
    unit: 'px',
    group: 'the camera',
    help: 'how far the camera goes down in each frame',
  },
  /**
   * Keyframes: `60 zoom=1.05 rotate=1 ease=in-out; 120 zoom=1`, or the same as a JSON list. Each sets properties of the
   * camera and options of the dream at a frame; see `parseKeyframes`.
   */
  camera: {
    kind: 'text',
    default: 'none',
    group: 'the camera',
    help: 'keyframes, here or in a .json file: "60 zoom=1.05 rotate=1 ease=in-out; 120 zoom=1 layers=mixed4 steps=8"',
  },
} as const satisfies OptionTable;

/** All options of a zoom movie, each with a value. */
export type ZoomOptions = OptionValues<typeof zoomOptions>;
