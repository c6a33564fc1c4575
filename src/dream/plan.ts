import { ImageError, MemoryError, ModelError, OptionError } from '../errors.js';
import { fitted, type Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import type { GuideFacts } from './company.js';
import { type SharedLayer, shareLayers } from './element-weights.js';
import { guideFacts } from './guides.js';
import { parseLayers, type WeightedLayer } from './layers.js';
import { estimatePeakBytes, rasterBytes } from './memory-estimate.js';
import type { DreamOptions } from './options.js';
import { optionsOfOctaves } from './per-octave.js';
import type { Storage } from './raster-room.js';
import { areSpatial, buildStepGraph, type Objective, type StepGraph, strideOf } from './step-graph.js';
import { isCut, planTiles, type Stride, type Tiling, tilesOfOneSize } from './tiles.js';
import { viewSize } from './view.js';

/** One scale of a dream. */
export interface OctavePlan extends Size {
  /** Every option with its value, those of this octave by itself among them. */
  readonly options: DreamOptions;
  /** The layers to excite, by the names of their tensors. */
  readonly layers: readonly WeightedLayer[];
  /** The guides, as the graph knows them. */
  readonly guides: readonly GuideFacts[];
  /** What the network is shown: the picture at this scale, and what is around it. */
  readonly view: Size;
  /** How the view is cut. */
  readonly tiling: Tiling;
  /** The one size that the network takes, where it takes no other; absent where the tiles may have any size. */
  readonly ownSize?: Size;
  /** How the tiles share the layers' elements; absent in one piece, and where layers have no places. */
  readonly shared?: readonly SharedLayer[];
  /** What its steps compute with. */
  readonly precision: 'float32' | 'int8';
  /** Floating-point operations of one step, over all tiles. */
  readonly flopsPerStep: number;
  /** The graph that each tile runs through. */
  readonly graph: StepGraph;
  /** All that decides the graph, besides the network and the size of the picture. */
  readonly graphKey: string;
}

/** What a dream will do, worked out before its first step. */
export interface Plan {
  /** The network that dreams. */
  readonly network: Network;
  /** Every option, with its value; the side of the tiles is decided. */
  readonly options: DreamOptions & { readonly tile: number };
  /** The size that is dreamed and that the result has: the picture's, or smaller where `size` says so. */
  readonly picture: Size;
  /** The layers to excite, by the names of their tensors. */
  readonly layers: readonly WeightedLayer[];
  /** The scales, in the order they are dreamed. */
  readonly octaves: readonly OctavePlan[];
  /** Scales that were asked for and are too small for the network. */
  readonly leftOut: readonly Size[];
  /** Gradient steps over all octaves. */
  readonly totalSteps: number;
  /** Floating-point operations over all octaves. */
  readonly totalFlops: number;
  /** Where the dream's pictures lie while it runs. */
  readonly storage: Storage;
  /** An estimate of the most memory the process will take, in bytes. */
  readonly peakBytes: number;
}

/** Options with the side of the tiles decided. */
type TiledOptions = DreamOptions & { readonly tile: number };

/** What the machine allows a plan. */
export interface PlanLimits {
  /** Bytes that may be taken; a plan that needs more is refused. Default: no limit. */
  readonly memoryBytes?: number;
  /** Sizes of the guide pictures, in pixels. Default: none. */
  readonly guides?: readonly Size[];
  /** Whether the machine has scratch storage, so that pictures need not lie in memory. Default: false. */
  readonly scratch?: boolean;
  /** Bytes a pixel that writing the result will take: its samples, and the file they become. Default: 5, an 8-bit PNG. */
  readonly resultBytesPerPixel?: number;
  /** Bytes that are taken besides the dream, from its first step to its last. Default: 0. */
  readonly besidesBytes?: number;
  /** A plan of the same network for a picture of the same size, whose graphs are used again where they fit. Default: none. */
  readonly like?: Plan | undefined;
}

/** Sides of tiles to choose from, the best first: larger ones gain nothing, smaller ones see less at a time. */
const automaticTiles = [512, 384, 256, 192, 128] as const;

/** Pictures that take more than this lie in scratch storage, where there is some. */
const mostInMemoryBytes = 2 ** 28;

/**
 * Works out what a dream will do, and refuses everything that can be refused before it starts.
 *
 * Where the options leave the side of the tiles open, it is the largest one that fits into the memory; the plan's own
 * options name it.
 *
 * @param given size of the picture in pixels
 * @param options every option with its value, as `dreamOptionsOf` gives them
 * @throws OptionError for layers the network does not have, and for tiles smaller than the network takes
 * @throws ImageError `image/too-small` when no octave is large enough for the network
 * @throws GradientError when an operator before the layers has no known gradient
 * @throws MemoryError `memory/too-large` when it would take more memory than allowed
 */
export function planDream(network: Network, given: Size, options: DreamOptions, limits: PlanLimits = {}): Plan {
  const { memoryBytes = Number.POSITIVE_INFINITY } = limits;
  let least: Plan | undefined;
  for (const tile of options.tile === null ? automaticTiles : [options.tile]) {
    const plan = planWithTiles(network, given, { ...options, tile }, limits, least);
    if (!plan) break;
    if (plan.peakBytes <= memoryBytes) return plan;
    least = plan;
  }
  throw tooLarge(least!, options, memoryBytes);
}

/** Plans with tiles of one size; nothing where they are too small for the network and there is a plan already. */
function planWithTiles(
  network: Network,
  given: Size,
  options: TiledOptions,
  limits: PlanLimits,
  before: Plan | undefined,
): Plan | undefined {
  try {
    return planTiled(network, given, options, limits);
  } catch (error) {
    if (before && error instanceof OptionError) return undefined;
    throw error;
  }
}

function planTiled(network: Network, given: Size, options: TiledOptions, limits: PlanLimits): Plan {
  const shrinks = options.size > 0 && Math.max(given.width, given.height) > options.size;
  const picture: Size = shrinks ? fitted(given, options.size) : { width: given.width, height: given.height };
  const layers = parseLayers(options.layers, network);
  const { guides = [], like } = limits;
  const objective = objectiveOf(network, picture, options, guides);
  const octaves: OctavePlan[] = [];
  const leftOut: Size[] = [];
  const graphs = new Map<string, StepGraph>(like?.octaves.map(({ graphKey, graph }) => [graphKey, graph]));
  const sizes = octaveSizes(picture, options);
  const optionsOf = optionsOfOctaves(options, sizes.length);
  for (const [i, size] of sizes.entries()) {
    const ofOctave: TiledOptions = { ...optionsOf[i]!, tile: options.tile };
    const octave = planOctave(network, size, objectiveOf(network, picture, ofOctave, guides), ofOctave, graphs);
    if (octave) octaves.push(octave);
    else leftOut.push(size);
  }
  if (octaves.length === 0) throw tooSmall(network, picture, objective);
  return {
    network,
    options,
    picture,
    layers,
    octaves,
    leftOut,
    totalSteps: octaves.reduce((sum, octave) => sum + octave.options.steps, 0),
    totalFlops: octaves.reduce((sum, octave) => sum + octave.flopsPerStep * octave.options.steps, 0),
    ...storageFor(picture, octaves, limits),
  };
}

/** In memory where that is little and fits, else in scratch storage where there is some. */
function storageFor(picture: Size, octaves: readonly OctavePlan[], limits: PlanLimits) {
  const { memoryBytes = Number.POSITIVE_INFINITY, scratch = false, resultBytesPerPixel = 5, besidesBytes = 0 } = limits;
  const needs = { picture, octaves, resultBytesPerPixel, besidesBytes };
  const inMemory = estimatePeakBytes({ ...needs, storage: 'memory' });
  const fits = inMemory <= memoryBytes && rasterBytes({ ...needs, storage: 'memory' }).climbing <= mostInMemoryBytes;
  if (!scratch || fits) return { storage: 'memory', peakBytes: inMemory } as const;
  return { storage: 'scratch', peakBytes: estimatePeakBytes({ ...needs, storage: 'scratch' }) } as const;
}

function tooLarge({ picture, peakBytes }: Plan, { tile }: DreamOptions, memoryBytes: number): MemoryError {
  const { width, height } = picture;
  const remedy = tile === 0 || (tile ?? 0) > 256 ? 'Use a smaller --tile or --size.' : 'Use a smaller --size.';
  const needed = `${tile === null ? 'at least ' : ''}about ${megabytes(peakBytes)} MB of memory`;
  return new MemoryError(
    'memory/too-large',
    `A dream of ${width}×${height} needs ${needed}, ${megabytes(memoryBytes)} MB may be taken. ${remedy}`,
  );
}

function objectiveOf(
  network: Network,
  picture: Size,
  options: DreamOptions,
  guides: readonly Size[],
): Objective & { readonly guides: readonly GuideFacts[] } {
  const { objective: kind, border, relu, guideWeights, unlike } = options;
  const layers = parseLayers(options.layers, network);
  const open = layers.find(({ ranked }) => ranked);
  if (open) {
    throw new OptionError(
      'option/layer',
      `--layers: which channels of ${open.name} are ${open.ranked!.which} has to be found out first. Use resolveOptions.`,
    );
  }
  if (unlike > 0 && guides.length === 0) {
    throw new OptionError(
      'option/invalid',
      '--unlike: expected pictures to be unlike, got none. Name them with --guide.',
    );
  }
  return { layers, kind, border, relu, picture, guides: guideFacts(guides, guideWeights, kind), unlike };
}

/**
 * Plans one octave, or nothing where it is too small for the network.
 *
 * @param graphs that octaves share, by what they depend on; a new one is put there
 */
function planOctave(
  network: Network,
  size: Size,
  objective: Objective & { readonly guides: readonly GuideFacts[] },
  options: TiledOptions,
  graphs: Map<string, StepGraph>,
): OctavePlan | undefined {
  if (options.precision === 'auto') {
    throw new OptionError(
      'option/invalid',
      '--precision: auto has to be measured first, which is done for single dreams (resolvePrecision). Choose float32 or int8.',
    );
  }
  const view = viewSize(size, options);
  const names = objective.layers.map(({ name }) => name);
  const own = ownSizeOf(network, view, names);
  if (own && (view.width < own.width || view.height < own.height)) return undefined;
  const stride = own ? { horizontal: 1, vertical: 1 } : coarsestStride(network, view, options.tile, objective);
  const tiling = own ? tilesOfOneSize(view, own) : planTiles(view, options.tile, stride);
  const { horizontal, vertical } = tiling;
  const pieces = horizontal.count * vertical.count;
  const tile = { width: horizontal.length, height: vertical.length };
  const shared = pieces > 1 && whereLargeEnough(() => areSpatial(network, tile, names)) === true;
  const graphKey = JSON.stringify([horizontal.length, vertical.length, shared, { ...objective, picture: undefined }]);
  const graph =
    graphs.get(graphKey) ??
    stepGraphIfLargeEnough(network, horizontal.length, vertical.length, { ...objective, shared });
  if (!graph) {
    const least = smallestSide(network, objective);
    if (Math.min(view.width, view.height) >= least) throw tilesTooSmall(options.tile, least, stride, objective);
    return undefined;
  }
  if (pieces > 1 && !shared) refusePlaces(objective.layers, size);
  graphs.set(graphKey, graph);
  return {
    ...size,
    options,
    layers: objective.layers,
    guides: objective.guides,
    view,
    tiling,
    ...(own && { ownSize: own }),
    graph,
    graphKey,
    precision: options.precision === 'int8' && graph.floatReason === undefined ? 'int8' : 'float32',
    flopsPerStep: graph.flops * pieces,
    ...(shared && { shared: shareLayers(network, graph.grids, view, objective) }),
  };
}

/** A single place lies in one tile of many, so it asks for a picture in one piece. */
function refusePlaces(layers: readonly WeightedLayer[], { width, height }: Size): void {
  const target = layers.find(({ place }) => place);
  if (!target) return;
  throw new OptionError(
    'option/layer',
    `--layers: ${target.name}@${target.place!.x},${target.place!.y} is one place, but ${width}×${height} runs in tiles. Use --tile 0, or a smaller --size.`,
  );
}

/** The sizes that were asked for, in the order they are dreamed. */
function octaveSizes(picture: Size, options: DreamOptions): Size[] {
  const { octaves, octaveScale, octavesAbove } = options;
  if (options.octaveSizes !== 'auto') return explicitSizes(picture, options.octaveSizes);
  return Array.from({ length: octaves }, (_, i) => {
    const factor = octaveScale ** (i - (octaves - 1) + octavesAbove);
    return {
      width: Math.max(1, Math.round(picture.width * factor)),
      height: Math.max(1, Math.round(picture.height * factor)),
    };
  });
}

function explicitSizes(picture: Size, text: string): Size[] {
  const sides = text.split(',').map((side) => Number(side.trim()));
  const bad = sides.find((side) => !Number.isInteger(side) || side < 1 || side > 32_768);
  if (bad !== undefined || sides.length > 32) {
    throw new OptionError(
      'option/invalid',
      `--octave-sizes: expected up to 32 whole numbers from 1 to 32768, such as 300,600,1200, got "${text}".`,
    );
  }
  return sides.map((side) => fitted(picture, side));
}

function stepGraphIfLargeEnough(
  network: Network,
  width: number,
  height: number,
  objective: Objective,
): StepGraph | undefined {
  return whereLargeEnough(() => buildStepGraph(network, width, height, objective));
}

function whereLargeEnough<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof ModelError && error.code === 'model/input-too-small') return undefined;
    throw error;
  }
}

/**
 * The one size that a network takes, where it cannot take this one: a layer that is connected to all of the picture has
 * as many weights as one size needs.
 */
function ownSizeOf(network: Network, { width, height }: Size, layers: readonly string[]): Size | undefined {
  const own = network.fixedSize;
  if (!own) return undefined;
  try {
    network.at(width, height, layers);
    return undefined;
  } catch (error) {
    if (error instanceof ModelError) return own;
    throw error;
  }
}

/** Picture pixels between the elements of the coarsest layer; of no interest, and 1, where nothing is tiled. */
function coarsestStride(network: Network, largest: Size, tile: number, { layers }: Objective): Stride {
  const names = layers.map(({ name }) => name);
  if (!isCut(Math.max(largest.width, largest.height), tile)) return { horizontal: 1, vertical: 1 };
  return whereLargeEnough(() => strideOf(network, largest, names)) ?? { horizontal: 1, vertical: 1 };
}

/** Side of the smallest square that the network takes. */
function smallestSide(network: Network, objective: Objective): number {
  let [fails, fits] = [0, 4096];
  while (fits - fails > 1) {
    const middle = (fails + fits) >> 1;
    if (stepGraphIfLargeEnough(network, middle, middle, objective)) fits = middle;
    else fails = middle;
  }
  return fits;
}

function tooSmall(network: Network, picture: Size, objective: Objective): ImageError {
  const names = objective.layers.map(({ name }) => name);
  const own = ownSizeOf(network, picture, names);
  if (own) {
    return new ImageError(
      'image/too-small',
      `The picture is ${picture.width}×${picture.height} pixels, expected at least ${own.width}×${own.height}, the one size that ${network.name} takes for ${namesOf(objective)}. Use a larger picture or an earlier layer.`,
    );
  }
  const least = smallestSide(network, objective);
  return new ImageError(
    'image/too-small',
    `The picture is ${picture.width}×${picture.height} pixels, expected at least ${least}×${least} for ${namesOf(objective)}. Use a larger picture or an earlier layer.`,
  );
}

function tilesTooSmall(
  tile: number,
  least: number,
  { horizontal, vertical }: Stride,
  objective: Objective,
): OptionError {
  // A tile may be up to a stride shorter than asked for.
  const enough = least + Math.max(horizontal, vertical) - 1;
  return new OptionError(
    'option/invalid',
    `--tile: expected at least ${enough} for ${namesOf(objective)}, got ${tile}. Use larger tiles, or an earlier layer.`,
  );
}

function namesOf({ layers }: Objective): string {
  return layers.map(({ name }) => name).join(', ');
}

function megabytes(bytes: number): string {
  return String(Math.round(bytes / 1e6));
}
