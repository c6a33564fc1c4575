import {
  fillRaster,
  type InSlices,
  inSlicesWith,
  type Picture,
  type Raster,
  type RasterPicture,
  rasterPictureOf,
  readPicture,
  type Size,
  type StoredRaster,
} from '../image/index.js';
import { colourRaster, networkRaster, valueRange } from '../models/index.js';
import type { Platform } from '../platform/platform.js';
import { Climb } from './climb.js';
import type { DreamEvent, Progress, ProgressEvent, RasterDreamEvent } from './events.js';
import { finish } from './finish.js';
import { companyFeeds } from './guides.js';
import { maskAt, maskPlane } from './mask.js';
import { createOctaveSession } from './octave-session.js';
import { dreamAtSize, originalAtSize, scaled, startAtSize } from './octaves.js';
import type { OctavePlan, Plan } from './plan.js';
import { previewOf } from './preview.js';
import { freshSeed } from './random.js';
import { RasterRoom } from './raster-room.js';
import { SessionCache } from './session-cache.js';
import type { DreamState } from './state.js';
import type { StepGraph } from './step-graph.js';
import { tiledGradient } from './tiled-gradient.js';
import { drawView } from './view.js';

/** What a dream runs on, and how it can be ended. */
export interface RunOptions {
  /** The machine, such as `createNodePlatform()` gives it. */
  readonly platform: Platform;
  /** Gives the dream up: the iterator throws the signal's reason soon, after the tile in progress at the latest. */
  readonly signal?: AbortSignal;
  /** Ends the dream after the step in progress and keeps it: `finished` comes early, with `stopped`. */
  readonly stop?: AbortSignal;
  /** Milliseconds between previews; default: none. */
  readonly previewEveryMs?: number;
  /** Where the picture dreams: white does, black stays as it is. Of any size. Default: everywhere. */
  readonly mask?: Picture | RasterPicture;
  /** Pictures to go by, for the guided objectives; as many as were planned for. Default: none. */
  readonly guides?: readonly (Picture | RasterPicture)[];
  /** One number for every channel of a layer, for the objective `direction`. Default: none. */
  readonly direction?: Float32Array;
  /** Compiled graphs, to share with other dreams by the same plan; default: its own, which are freed at the end. */
  readonly sessions?: SessionCache;
  /** The picture whose tones the result takes, where the option `match` asks for it. Of any size. Default: the original. */
  readonly reference?: Picture | RasterPicture;
  /**
   * Told of every finished step, and whether the dream stops after it; the dream waits for it. The state's rasters must
   * be read before it is done.
   */
  readonly checkpoint?: (state: DreamState, stops: boolean) => Promise<void>;
  /** Goes on from here instead of beginning. The plan, its seed, the picture and the mask must be the same. */
  readonly resumeFrom?: DreamState;
}

/**
 * Dreams: runs a plan on a picture and tells how it goes. The last event is `finished` and holds the result.
 *
 * Octaves go from small to large. With detail on, each octave starts from the picture itself at that size plus the
 * change that the octave before made, scaled up: nothing that small octaves blur is lost, and a step size of 0 gives
 * the picture back exactly.
 *
 * @param given the picture that was planned for; it is shrunk here when the plan says so
 * @throws PlatformError when the runtime fails, or there is no room for scratch files; the reason of `signal` when that
 *   is aborted
 */
export async function* dream(
  plan: Plan,
  given: Picture | RasterPicture,
  options: RunOptions,
): AsyncGenerator<DreamEvent, void> {
  const inSlices = slicesOf(options);
  for await (const event of dreamRaster(plan, given, options)) {
    yield event.type === 'finished' ? { ...event, picture: await inSlices(readPicture(event.picture)) } : event;
  }
}

/**
 * Dreams as {@link dream} does, but never needs a picture in memory: the result is computed as it is read, which must be
 * done before the iterator is asked for what comes after `finished`.
 */
export async function* dreamRaster(
  plan: Plan,
  given: Picture | RasterPicture,
  options: RunOptions,
): AsyncGenerator<RasterDreamEvent, void> {
  const run = new Run(plan, options);
  try {
    yield* run.events(rasterPictureOf(given));
  } finally {
    await run.close();
  }
}

/** Others have their turn while pictures are computed, and may give the dream up. */
function slicesOf({ platform, signal }: RunOptions): InSlices {
  const { pause } = platform;
  return inSlicesWith(
    pause &&
      (async () => {
        await pause();
        signal?.throwIfAborted();
      }),
  );
}

type Feeds = Awaited<ReturnType<typeof companyFeeds>>;

/** How far a dream has come, without its pictures. */
type Counts = Omit<DreamState, 'dreamed' | 'optimizer' | 'ranges' | 'elapsedMs'>;

class Run {
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #seed: number;
  readonly #room: RasterRoom;
  readonly #sessions: SessionCache;
  readonly #startedAt: number;
  readonly #inSlices: InSlices;
  /** The picture at the size that is planned. */
  #picture!: RasterPicture;
  /** Its colours in the network's range. */
  #original!: Raster;
  #mask: Raster | undefined;
  readonly #feeds = new Map<StepGraph, Feeds>();
  #dreamed: StoredRaster | undefined;
  #counts: Counts;
  #previewAt: number;
  #stopped: Progress | undefined;

  constructor(plan: Plan, options: RunOptions) {
    const { resumeFrom, platform } = options;
    this.#plan = plan;
    this.#options = options;
    this.#seed = plan.options.seed ?? freshSeed();
    this.#room = new RasterRoom(platform, plan.storage);
    this.#sessions = options.sessions ?? new SessionCache(platform);
    this.#previewAt = performance.now();
    this.#startedAt = this.#previewAt - (resumeFrom?.elapsedMs ?? 0);
    this.#inSlices = slicesOf(options);
    this.#counts = resumeFrom ? countsOf(resumeFrom) : nothingYet;
  }

  async *events(given: RasterPicture): AsyncGenerator<RasterDreamEvent, void> {
    await this.#begin(given);
    const { octaves, totalSteps } = this.#plan;
    yield { type: 'started', octaves: octaves.length, totalSteps, seed: this.#seed };
    for (const [index, octave] of octaves.entries()) {
      if (index < this.#counts.octave) continue;
      yield* this.#climb(octave, index);
      if (this.#stopped) break;
    }
    await this.#freeSessions();
    const { objectiveFirst, objectiveLast, stepsDone } = this.#counts;
    yield {
      type: 'finished',
      picture: await this.#result(),
      objectiveFirst,
      objectiveLast,
      steps: stepsDone,
      elapsedMs: this.#elapsedMs,
      ...(this.#stopped && { stopped: this.#stopped }),
    };
  }

  async close(): Promise<void> {
    await this.#freeSessions();
    this.#room.close();
  }

  async #begin(given: RasterPicture): Promise<void> {
    const { network, picture, options } = this.#plan;
    const { mask, resumeFrom } = this.#options;
    this.#picture = await this.#scaled(given);
    this.#original = networkRaster(this.#picture.colours, network.preprocessing);
    this.#mask = mask && (await this.#stored(maskPlane(rasterPictureOf(mask), picture, options.maskFeather)));
    this.#dreamed = resumeFrom && (await this.#stored(resumeFrom.dreamed));
  }

  /** Frees the compiled graphs, unless they are shared. */
  async #freeSessions(): Promise<void> {
    if (!this.#options.sessions) await this.#sessions.close();
  }

  /** Climbs one octave. What it makes room for goes when it ends, but for the dream. */
  async *#climb(octave: OctavePlan, index: number): AsyncGenerator<ProgressEvent, void> {
    const { platform, signal, resumeFrom } = this.#options;
    const { width, height, options } = octave;
    const size: Size = { width, height };
    const resumed = resumeFrom?.octave === index ? resumeFrom : undefined;
    if (!resumed) await this.#enter(size);
    const dreamed = this.#dreamed!;
    yield { type: 'octave', octave: index + 1, ...size };
    signal?.throwIfAborted();
    const room = new RasterRoom(platform, this.#plan.storage);
    try {
      const stored = (raster: Raster): Promise<StoredRaster> =>
        this.#inSlices(fillRaster(room.create(size, raster.planes), raster));
      const climb = new Climb({
        options,
        size,
        order: this.#plan.network.preprocessing.order,
        original: options.pull > 0 ? await stored(originalAtSize(this.#plan, this.#original, size)) : undefined,
        ranges: valueRange(this.#plan.network.preprocessing),
        mask: this.#mask && (await stored(maskAt(this.#mask, size))),
        createRaster: (planeSize) => room.create(planeSize),
      });
      if (resumed) await this.#inSlices(climb.resume(resumed.optimizer));
      const gradient = room.create(size);
      const others = await this.#othersOf(octave, stored);
      const gradients = await this.#gradients(octave, index, { dreamed, gradient, others, ranges: resumed?.ranges });
      const { objectiveAt } = gradients;
      for (let step = resumed?.steps ?? 0; step < options.steps && !this.#stopped; step++) {
        const objective = await objectiveAt(step);
        signal?.throwIfAborted();
        const reached = options.maxObjective !== null && objective > options.maxObjective;
        if (!reached) await this.#inSlices(climb.move(dreamed, gradient, step));
        this.#count(octave, index, step, objective, reached);
        yield* this.#tell(index, step, dreamed);
        await this.#keep(index, step, { dreamed, optimizer: climb.optimizerState, ranges: gradients.ranges() });
        if (reached) break;
      }
      if (!this.#stopped && index === this.#plan.octaves.length - 1) {
        this.#counts = { ...this.#counts, objectiveLast: await objectiveAt(options.steps) };
      }
    } finally {
      room.close();
    }
  }

  /** Brings the dream to the size of the next octave. */
  async #enter(size: Size): Promise<void> {
    const before = this.#dreamed;
    this.#dreamed = await this.#stored(
      before ? dreamAtSize(this.#plan, this.#original, before, size) : startAtSize(this.#plan, this.#original, size),
    );
    before?.close();
  }

  /** What computes the gradient of an octave's step into a raster, and returns the objective. */
  async #gradients(
    plan: OctavePlan,
    octave: number,
    {
      dreamed,
      ranges,
      ...rasters
    }: {
      dreamed: StoredRaster;
      gradient: StoredRaster;
      others: Record<string, StoredRaster>;
      ranges: readonly number[] | undefined;
    },
  ): Promise<{ objectiveAt(step: number): Promise<number>; ranges(): readonly number[] }> {
    const { options, view, tiling, shared } = plan;
    const { inputName, preprocessing } = this.#plan.network;
    const middles = valueRange(preprocessing).map(({ low, high }) => (low + high) / 2);
    const feeds = await this.#feedsFor(plan);
    const session = createOctaveSession(this.#sessions, plan, ranges);
    const seed = this.#seed;
    return {
      ranges: () => session.ranges(),
      objectiveAt: (step) =>
        session.step((compiled) =>
          tiledGradient(compiled, inputName, dreamed, {
            size: view,
            tiling,
            view: drawView(dreamed, options, middles, seed, octave, step),
            shared,
            feeds,
            place: { seed, octave, step },
            inSlices: this.#inSlices,
            ...rasters,
          }),
        ),
    };
  }

  /** What the graph of an octave is fed in every step; computed once for each graph. */
  async #feedsFor(octave: OctavePlan): Promise<Feeds> {
    const known = this.#feeds.get(octave.graph);
    if (known) return known;
    const feeds = await companyFeeds(this.#plan.network, octave, this.#options, this.#options.platform);
    this.#feeds.set(octave.graph, feeds);
    return feeds;
  }

  /** The pictures that the network sees beside the dream, by the inputs of its graph. */
  async #othersOf(
    { graph, width, height }: OctavePlan,
    stored: (raster: Raster) => Promise<StoredRaster>,
  ): Promise<Record<string, StoredRaster>> {
    const { preprocessing } = this.#plan.network;
    const guideAt = (which: number): Raster =>
      networkRaster(scaled(rasterPictureOf(this.#options.guides![which]!), { width, height }).colours, preprocessing);
    const others: Record<string, StoredRaster> = {};
    for (const { inputName, picture } of graph.company.others) {
      const original = picture === 'original';
      others[inputName] = await stored(
        original ? originalAtSize(this.#plan, this.#original, { width, height }) : guideAt(picture),
      );
    }
    return others;
  }

  #count(
    { options, flopsPerStep }: OctavePlan,
    octave: number,
    step: number,
    objective: number,
    reached: boolean,
  ): void {
    const { stepsDone, flopsDone, objectiveFirst } = this.#counts;
    this.#counts = {
      octave,
      steps: reached ? options.steps : step + 1,
      stepsDone: stepsDone + 1,
      // An octave that ends early leaves nothing to do of its other steps.
      flopsDone: flopsDone + flopsPerStep * (reached ? options.steps - step : 1),
      objectiveFirst: step === 0 ? objective : objectiveFirst,
      objectiveLast: objective,
    };
  }

  async *#tell(octave: number, step: number, dreamed: Raster): AsyncGenerator<ProgressEvent, void> {
    const { stepsDone, flopsDone, objectiveLast } = this.#counts;
    const elapsedMs = this.#elapsedMs;
    const progress01 = flopsDone / this.#plan.totalFlops;
    yield {
      type: 'step',
      octave: octave + 1,
      step: step + 1,
      stepsDone,
      objective: objectiveLast,
      progress01,
      elapsedMs,
      remainingMs: (elapsedMs / progress01) * (1 - progress01),
    };
    const { previewEveryMs = Number.POSITIVE_INFINITY } = this.#options;
    if (performance.now() - this.#previewAt < previewEveryMs) return;
    this.#previewAt = performance.now();
    const colours = colourRaster(dreamed, this.#plan.network.preprocessing);
    yield { type: 'preview', ...(await this.#inSlices(previewOf(colours))) };
  }

  async #keep(
    octave: number,
    step: number,
    pictures: Pick<DreamState, 'dreamed' | 'optimizer' | 'ranges'>,
  ): Promise<void> {
    const { stop, checkpoint } = this.#options;
    const stops = stop?.aborted === true && this.#counts.stepsDone < this.#plan.totalSteps;
    await checkpoint?.({ ...this.#counts, ...pictures, elapsedMs: this.#elapsedMs }, stops);
    if (stops) this.#stopped = { octave: octave + 1, step: step + 1 };
  }

  async #result(): Promise<RasterPicture> {
    const { plan, picture, mask } = { plan: this.#plan, picture: this.#picture, mask: this.#mask };
    const { reference } = this.#options;
    const dreamed = dreamAtSize(plan, this.#original, this.#dreamed!, plan.picture);
    const colours = await this.#inSlices(
      finish(colourRaster(dreamed, plan.network.preprocessing), picture.colours, plan.options, {
        ...(reference && { reference: rasterPictureOf(reference).colours }),
        mask,
      }),
    );
    return { ...plan.picture, colours, ...(picture.alpha && { alpha: picture.alpha }) };
  }

  async #scaled(given: RasterPicture): Promise<RasterPicture> {
    const picture = scaled(given, this.#plan.picture);
    if (picture === given) return given;
    const { colours, alpha } = picture;
    return { ...picture, colours: await this.#stored(colours), ...(alpha && { alpha: await this.#stored(alpha) }) };
  }

  #stored(raster: Raster): Promise<StoredRaster> {
    return this.#inSlices(fillRaster(this.#room.create(raster, raster.planes), raster));
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }
}

const nothingYet: Counts = {
  octave: 0,
  steps: 0,
  stepsDone: 0,
  flopsDone: 0,
  objectiveFirst: Number.NaN,
  objectiveLast: Number.NaN,
};

function countsOf({ octave, steps, stepsDone, flopsDone, objectiveFirst, objectiveLast }: DreamState): Counts {
  return { octave, steps, stepsDone, flopsDone, objectiveFirst, objectiveLast };
}
