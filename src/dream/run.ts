import type { Picture, Size } from '../image/index.js';
import { fromNetwork, toNetwork, valueRange } from '../models/index.js';
import type { Platform } from '../platform/platform.js';
import { Climb } from './climb.js';
import type { DreamEvent, Progress } from './events.js';
import { finish } from './finish.js';
import { companyFeeds } from './guides.js';
import { maskAt, maskPlane } from './mask.js';
import { dreamAtSize, originalAtSize, scaled } from './octaves.js';
import type { Plan } from './plan.js';
import { previewOf } from './preview.js';
import { freshSeed } from './random.js';
import { SessionCache } from './session-cache.js';
import type { StepGraph } from './step-graph.js';
import { tiledGradient } from './tiled-gradient.js';
import { drawView } from './view.js';

/** What a dream runs on, and how it can be ended. */
export interface RunOptions {
  /** The machine, such as `createNodePlatform()` gives it. */
  readonly platform: Platform;
  /** Gives the dream up: the iterator throws the signal's reason at the next step. */
  readonly signal?: AbortSignal;
  /** Ends the dream after the step in progress and keeps it: `finished` comes early, with `stopped`. */
  readonly stop?: AbortSignal;
  /** Milliseconds between previews; default: none. */
  readonly previewEveryMs?: number;
  /** Where the picture dreams: white does, black stays as it is. Of any size. Default: everywhere. */
  readonly mask?: Picture;
  /** Pictures to go by, for the guided objectives; as many as were planned for. Default: none. */
  readonly guides?: readonly Picture[];
  /** One number for every channel of a layer, for the objective `direction`. Default: none. */
  readonly direction?: Float32Array;
  /** The picture whose tones the result takes, where the option `match` asks for it. Of any size. Default: the original. */
  readonly reference?: Picture;
}

/**
 * Dreams: runs a plan on a picture and tells how it goes. The last event is `finished` and holds the result.
 *
 * Octaves go from small to large. With detail on, each octave starts from the picture itself at that size plus the
 * change that the octave before made, scaled up: nothing that small octaves blur is lost, and a step size of 0 gives
 * the picture back exactly.
 *
 * @param given the picture that was planned for; it is shrunk here when the plan says so
 * @throws PlatformError when the runtime fails; the reason of `signal` when that is aborted
 */
export async function* dream(plan: Plan, given: Picture, options: RunOptions): AsyncGenerator<DreamEvent, void> {
  const { network, octaves } = plan;
  const { platform, signal, stop, previewEveryMs = Number.POSITIVE_INFINITY } = options;
  const seed = plan.options.seed ?? freshSeed();
  const ranges = valueRange(network.preprocessing);
  const middles = ranges.map(({ low, high }) => (low + high) / 2);
  const picture = scaled(given, plan.picture);
  const reference = options.reference ? options.reference.data : picture.data;
  const original = toNetwork(picture.data, network.preprocessing);
  const mask = options.mask && maskPlane(options.mask, plan.picture, plan.options.maskFeather);
  const startedAt = performance.now();
  const sessions = new SessionCache(platform);
  const feedsOf = new Map<StepGraph, Awaited<ReturnType<typeof companyFeeds>>>();
  yield { type: 'started', octaves: octaves.length, totalSteps: plan.totalSteps, seed };

  let dreamed = original;
  let at: Size = plan.picture;
  let objectiveFirst = Number.NaN;
  let objectiveLast = Number.NaN;
  let stepsDone = 0;
  let flopsDone = 0;
  let previewAt = startedAt;
  let stopped: Progress | undefined;
  try {
    for (const [index, octave] of octaves.entries()) {
      const size: Size = { width: octave.width, height: octave.height };
      dreamed = dreamAtSize(plan, original, dreamed, at, size);
      at = size;
      yield { type: 'octave', octave: index + 1, ...size };
      signal?.throwIfAborted();
      const climb = new Climb({
        options: octave.options,
        size,
        order: network.preprocessing.order,
        original: octave.options.pull > 0 ? originalAtSize(plan, original, size) : undefined,
        ranges,
        mask: mask && maskAt(mask, plan.picture, size),
      });
      const known = feedsOf.get(octave.graph);
      const feeds = known ?? (await companyFeeds(network, octave, options, platform));
      feedsOf.set(octave.graph, feeds);
      const session = await sessions.get(octave.graph);
      const others = Object.fromEntries(
        octave.graph.company.others.map(({ inputName, picture: which }) => [
          inputName,
          which === 'original'
            ? originalAtSize(plan, original, size)
            : toNetwork(scaled(options.guides![which]!, size).data, network.preprocessing),
        ]),
      );
      const gradientAt = (step: number) =>
        tiledGradient(session, network.inputName, dreamed, {
          size: octave.view,
          tiling: octave.tiling,
          view: drawView(size, octave.options, middles, seed, index, step),
          shared: octave.shared,
          feeds,
          others,
          place: { seed, octave: index, step },
        });
      const { steps, maxObjective } = octave.options;
      for (let step = 0; step < steps; step++) {
        const { objective, gradient } = await gradientAt(step);
        signal?.throwIfAborted();
        if (step === 0) objectiveFirst = objective;
        objectiveLast = objective;
        const reached = maxObjective !== null && objective > maxObjective;
        // An octave that ends early leaves nothing to do of its other steps.
        flopsDone += octave.flopsPerStep * (reached ? steps - step : 1);
        if (!reached) climb.move(dreamed, gradient, step);
        stepsDone++;

        const elapsedMs = performance.now() - startedAt;
        const progress01 = flopsDone / plan.totalFlops;
        const remainingMs = (elapsedMs / progress01) * (1 - progress01);
        yield {
          type: 'step',
          octave: index + 1,
          step: step + 1,
          stepsDone,
          objective,
          progress01,
          elapsedMs,
          remainingMs,
        };
        if (performance.now() - previewAt >= previewEveryMs) {
          previewAt = performance.now();
          yield { type: 'preview', ...previewOf(fromNetwork(dreamed, network.preprocessing), size) };
        }
        if (stop?.aborted && stepsDone < plan.totalSteps) {
          stopped = { octave: index + 1, step: step + 1 };
          break;
        }
        if (reached) break;
      }
      if (stopped) break;
      if (index === octaves.length - 1) objectiveLast = (await gradientAt(steps)).objective;
    }
  } finally {
    await sessions.close();
  }
  const result = dreamAtSize(plan, original, dreamed, at, plan.picture);
  yield {
    type: 'finished',
    picture: {
      ...plan.picture,
      data: finish(fromNetwork(result, network.preprocessing), picture.data, plan.options, { reference, mask }),
      ...(picture.alpha && { alpha: picture.alpha }),
    },
    objectiveFirst,
    objectiveLast,
    steps: stepsDone,
    elapsedMs: performance.now() - startedAt,
    ...(stopped && { stopped }),
  };
}
