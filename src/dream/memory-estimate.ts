import type { Size } from '../image/index.js';
import { memoryRasters } from './optimizer.js';
import type { DreamOptions } from './options.js';
import type { Storage } from './raster-room.js';
import type { StepGraph } from './step-graph.js';

/** What the memory that a dream takes depends on. */
export interface MemoryNeeds {
  /** The picture that is dreamed. */
  readonly picture: Size;
  /** The octaves, in their order. */
  readonly octaves: readonly (Size & { readonly graph: StepGraph; readonly options: DreamOptions })[];
  /** Where the pictures lie. */
  readonly storage: Storage;
  /** Bytes a pixel that writing the result takes: its samples, and the file they become. */
  readonly resultBytesPerPixel: number;
  /** Bytes that are taken besides the dream all the while. */
  readonly besidesBytes: number;
}

/** The step that measures ranges for 8 bits takes its gradient in a plainer form, and so many times the memory. */
const measuring = 2.3;
/** A plane of float32 values for each of three channels. */
const pixelBytes = 12;
/** What the runtime takes for each byte of tensors that are alive at once. */
const perActivation = 1.75;
/** The program, and the network before it is differentiated. */
const programBytes = 228e6;
/** Writing another graph while what the one before took is not all given back. */
const rewritingBytes = 55e6;
/** Bands of pictures on their way, and what has not been collected yet: so much a pixel, and at most. */
const passing = { pixelBytes: 10, mostBytes: 40e6 } as const;

/**
 * The most memory a dream takes: while it climbs, or while its result is written.
 *
 * Climbing takes the program and its runtime, the weights on their way to the runtime and in it, and the runtime's
 * tensors; and from the second graph on, writing that. The factors are fitted to measured peaks of
 * the built-in network, see docs/memory.md.
 */
export function estimatePeakBytes(needs: MemoryNeeds): number {
  const { octaves, picture, resultBytesPerPixel, besidesBytes } = needs;
  const graphs = new Set(octaves.map(({ graph }) => graph));
  const weights = Math.max(...[...graphs].map(({ constantBytes }) => constantBytes));
  const activations = Math.max(
    ...octaves.map(({ graph, options }) => graph.activationBytes * (options.precision === 'int8' ? measuring : 1)),
  );
  const rewriting = graphs.size > 1 ? rewritingBytes : 0;
  const bands = Math.min(passing.mostBytes, passing.pixelBytes * area(octaves.at(-1)!));
  const network = programBytes + 2.6 * weights + rewriting;
  const climbing = network + perActivation * activations + bands;
  const writing = network + resultBytesPerPixel * area(picture);
  const pictures = rasterBytes(needs);
  return besidesBytes + Math.max(climbing + pictures.climbing, writing + pictures.writing);
}

/** Bytes that a compiled graph takes while it is kept for later: its weights, and the tensors of its last run. */
export function keptBytes({
  constantBytes,
  activationBytes,
}: Pick<StepGraph, 'constantBytes' | 'activationBytes'>): number {
  return 1.2 * constantBytes + perActivation * activationBytes;
}

/** Bytes of the rasters of a dream that lie in memory. */
export function rasterBytes({ picture, octaves, storage }: Pick<MemoryNeeds, 'picture' | 'octaves' | 'storage'>): {
  climbing: number;
  writing: number;
} {
  const climbing = octaves.map(
    ({ options, ...size }) =>
      area(size) * (pixelBytes * (storage === 'memory' ? rastersOf(options) : 0) + wholeBytesOf(options)),
  );
  // The original stays as its file has it, a large one in a scratch file of its own.
  const original = 3 * area(picture) <= 2 ** 26 ? 3 * area(picture) : 0;
  const last = octaves.at(-1)!;
  const match = last.options.match === 'histogram' ? 32 * area(picture) : 0;
  const dream = storage === 'memory' ? pixelBytes * area(last) : 0;
  return { climbing: original + Math.max(...climbing), writing: original + dream + match };
}

/** Pictures that an octave keeps: the dream, the gradient, and what its options ask for. */
function rastersOf(options: DreamOptions): number {
  const { optimizer, pull, tv } = options;
  return 2 + memoryRasters[optimizer] + (pull > 0 ? 1 : 0) + (tv > 0 ? 1 : 0) + (isFiltered(options) ? 1 : 0);
}

function isFiltered({ smooth, smoothEnd, bands, space, colour }: DreamOptions): boolean {
  return smooth > 0 || (smoothEnd ?? 0) > 0 || bands > 0 || space !== 'pixels' || colour !== 'rgb';
}

/** Bytes a pixel of filters that look at a picture as a whole. */
function wholeBytesOf({ bands, space, colour }: DreamOptions): number {
  return Math.max(bands > 0 ? 60 : 0, space === 'fourier' ? 90 : 0, colour === 'decorrelated' ? 48 : 0);
}

function area({ width, height }: Size): number {
  return width * height;
}
