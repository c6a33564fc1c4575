import { type Picture, resize, type Size } from '../image/index.js';
import { fromNetwork, toNetwork, valueRange } from '../models/index.js';
import type { Platform, Session } from '../platform/platform.js';
import { climb, hold } from './climb.js';
import type { DreamEvent, Preview, Progress } from './events.js';
import type { Plan } from './plan.js';
import { freshSeed } from './random.js';
import type { StepGraph } from './step-graph.js';
import { tiledGradient } from './tiled-gradient.js';

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
  const picture = scaled(given, plan.picture);
  const original = toNetwork(picture.data, network.preprocessing);
  const startedAt = performance.now();
  const sessions = new SessionCache(platform);
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
      dreamed = atSize(plan, original, dreamed, at, size);
      at = size;
      yield { type: 'octave', octave: index + 1, ...size };
      signal?.throwIfAborted();
      const session = await sessions.get(octave.graph);
      const gradientAt = (step: number) =>
        tiledGradient(session, network.inputName, dreamed, size, {
          tiling: octave.tiling,
          jitter: plan.options.jitter,
          place: { seed, octave: index, step },
        });
      for (let step = 0; step < plan.options.steps; step++) {
        const { objective, gradient } = await gradientAt(step);
        signal?.throwIfAborted();
        if (step === 0) objectiveFirst = objective;
        objectiveLast = objective;
        const reached = plan.options.maxObjective !== null && objective > plan.options.maxObjective;
        // An octave that ends early leaves nothing to do of its other steps.
        flopsDone += octave.flopsPerStep * (reached ? plan.options.steps - step : 1);
        if (!reached) climb(dreamed, gradient, plan.options, ranges);
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
          yield { type: 'preview', ...previewOf(plan, dreamed, size) };
        }
        if (stop?.aborted) {
          stopped = { octave: index + 1, step: step + 1 };
          break;
        }
        if (reached) break;
      }
      if (stopped || index === octaves.length - 1) {
        if (!stopped) objectiveLast = (await gradientAt(plan.options.steps)).objective;
        break;
      }
    }
  } finally {
    await sessions.close();
  }
  const result = atSize(plan, original, dreamed, at, plan.picture);
  yield {
    type: 'finished',
    picture: {
      ...plan.picture,
      data: fromNetwork(result, network.preprocessing),
      ...(picture.alpha && { alpha: picture.alpha }),
    },
    objectiveFirst,
    objectiveLast,
    steps: stepsDone,
    elapsedMs: performance.now() - startedAt,
    ...(stopped && { stopped }),
  };
}

function scaled(picture: Picture, to: Size): Picture {
  if (picture.width === to.width && picture.height === to.height) return picture;
  const data = resize(picture.data, picture, to);
  return { ...to, data, ...(picture.alpha && { alpha: resize(picture.alpha, picture, to) }) };
}

/** The dream so far at another size; see {@link dream} for what detail means. */
function atSize(plan: Plan, original: Float32Array, dreamed: Float32Array, from: Size, to: Size): Float32Array {
  if (!plan.options.detail) return resize(dreamed, from, to);
  const before = originalAt(plan, original, from);
  const change = resize(
    dreamed.map((value, i) => value - before[i]!),
    from,
    to,
  );
  const result = originalAt(plan, original, to);
  for (let i = 0; i < result.length; i++) result[i]! += change[i]!;
  return result;
}

/** Sharp edges overshoot when they are resized. What clipping takes from that is no change that the dream has made. */
function originalAt({ picture, options, network }: Plan, original: Float32Array, to: Size): Float32Array {
  const result = resize(original, picture, to);
  if (options.clip) hold(result, valueRange(network.preprocessing));
  return result;
}

function previewOf({ network }: Plan, dreamed: Float32Array, { width, height }: Size): Preview {
  const colours = fromNetwork(dreamed, network.preprocessing);
  const plane = width * height;
  const rgb = new Uint8Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < plane; i++) {
      rgb[i * 3 + channel] = Math.round(Math.min(Math.max(colours[channel * plane + i]!, 0), 1) * 255);
    }
  }
  return { width, height, rgb };
}

/** Holds one compiled graph: the next octave uses it when its tiles have the same size, else it makes room. */
class SessionCache {
  readonly #platform: Platform;
  #current: { readonly graph: StepGraph; readonly session: Session } | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async get(graph: StepGraph): Promise<Session> {
    if (this.#current?.graph === graph) return this.#current.session;
    await this.close();
    const session = await this.#platform.createSession(graph.toBytes());
    this.#current = { graph, session };
    return session;
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.session.close();
  }
}
