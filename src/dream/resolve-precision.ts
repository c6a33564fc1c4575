import { type Picture, type RasterPicture, rasterPictureOf, type Size, wholeOf } from '../image/index.js';
import { type Network, networkRaster } from '../models/index.js';
import type { FloatTensor, Platform, Session } from '../platform/platform.js';
import { scaled } from './octaves.js';
import type { DreamOptions } from './options.js';
import { type OctavePlan, type Plan, type PlanLimits, planDream } from './plan.js';
import { SessionCache } from './session-cache.js';
import { buildStepGraph, type StepGraph } from './step-graph.js';

/** Dreams of less than this many operations are over before anything is measured. */
const worthMeasuring = 2e12;

/** In 8 bits a step must raise the objective by this much of what a float32 step does. */
const leastGain = 0.8;

/** The step that is tried, in the network's range and in standard deviations of the gradient, as dreams take it. */
const triedStep = 0.01;

/** What a dream is measured for. */
export interface PrecisionNeeds {
  /** The network that dreams. */
  readonly network: Network;
  /** The picture that it will dream on. */
  readonly picture: Picture | RasterPicture;
  /** The machine that is measured. */
  readonly platform: Platform;
  /** As the plan will have them. */
  readonly limits?: PlanLimits;
}

/**
 * Replaces the precision `auto` by what is faster on this machine: measures one step of the largest octave in float32 and
 * in 8 bits, on the picture itself. In 8 bits it must climb as well. Octaves that are over before 8 bits are ready stay in
 * float32, which `perOctave` then says, so that options and recipe tell all that was chosen.
 *
 * @param options every option with its value, as `dreamOptionsOf` gives them
 * @returns the same options where the precision is no question
 * @throws what `planDream` throws, and PlatformError when the runtime fails
 */
export async function resolvePrecision(options: DreamOptions, needs: PrecisionNeeds): Promise<DreamOptions> {
  if (options.precision !== 'auto') return options;
  const float: DreamOptions = { ...options, precision: 'float32' };
  const { network, picture, platform, limits } = needs;
  const plan = planDream(network, picture, float, limits);
  const largest = plan.octaves.reduce((most, octave) => (octave.graph.flops > most.graph.flops ? octave : most));
  if (plan.totalFlops < worthMeasuring || largest.graph.floatReason !== undefined) return float;
  const measured = await measure(network, picture, largest, platform);
  if (measured.gain < leastGain) return float;
  const quick = plan.octaves.map((octave) => isQuicker(octave, largest.graph, measured));
  if (!quick.includes(true)) return float;
  return { ...options, precision: 'int8', perOctave: withFloatOctaves(plan, quick) };
}

interface Measured {
  readonly floatMs: number;
  readonly bytesMs: number;
  /** To write and compile the step in bytes. */
  readonly compileMs: number;
  /** How much a step in bytes raises the objective, beside one in float32. */
  readonly gain: number;
}

/** The first step of an octave measures ranges in float32; that takes what a float32 step and its graph would. */
function isQuicker({ graph, options, flopsPerStep }: OctavePlan, measured: StepGraph, of: Measured): boolean {
  const [steps, runs] = [options.steps, flopsPerStep / measured.flops];
  return (
    graph.floatReason === undefined && of.compileMs + (steps - 1) * runs * of.bytesMs < (steps - 1) * runs * of.floatMs
  );
}

function withFloatOctaves({ options, octaves, leftOut }: Plan, quick: readonly boolean[]): string {
  // Octaves are counted as they were asked for; those that were left out are the smallest.
  const slow = octaves.flatMap((_, i) => (quick[i] ? [] : [`${i + 1 + leftOut.length} precision=float32`]));
  return [...slow, ...(options.perOctave === 'none' ? [] : [options.perOctave])].join('; ') || 'none';
}

async function measure(
  network: Network,
  picture: Picture | RasterPicture,
  { tiling, layers }: OctavePlan,
  platform: Platform,
): Promise<Measured> {
  const size: Size = { width: tiling.horizontal.length, height: tiling.vertical.length };
  // What becomes of the layers in the end takes little time.
  const graph = buildStepGraph(network, size.width, size.height, { layers, kind: 'mean', border: 0 });
  const { colours } = scaled(rasterPictureOf(picture), size);
  const values = wholeOf(networkRaster(colours, network.preprocessing));
  const at = async (session: Session, data: Float32Array): Promise<Step> => {
    const startedAt = performance.now();
    const feed: FloatTensor = { dims: [1, 3, size.height, size.width], data: data.slice() };
    const outputs = await session.run({ [network.inputName]: feed });
    const [objective, gradient] = [outputs['objective']!.data[0]!, outputs['gradient']!.data];
    return { objective, gradient, ms: performance.now() - startedAt };
  };
  const sessions = new SessionCache(platform);
  try {
    const { calibration, bytes, createRanges } = graph.quantised();
    const ranges = createRanges();
    const exact = await at(ranges.measuring(await sessions.get(calibration)), values);
    const compilingAt = performance.now();
    const session = await sessions.get(bytes);
    const compileMs = performance.now() - compilingAt;
    const rounded = await at(ranges.feeding(session), values);
    const again = [await at(ranges.feeding(session), values), await at(ranges.feeding(session), values)];
    const float = await sessions.get(graph);
    const climbed = await at(float, moved(values, exact.gradient));
    const tried = await at(float, moved(values, rounded.gradient));
    return {
      floatMs: Math.min(climbed.ms, tried.ms),
      bytesMs: Math.min(...again.map(({ ms }) => ms)),
      compileMs,
      gain: (tried.objective - exact.objective) / (climbed.objective - exact.objective),
    };
  } finally {
    await sessions.close();
  }
}

interface Step {
  readonly objective: number;
  readonly gradient: Float32Array;
  readonly ms: number;
}

/** Values a small step along a gradient. */
function moved(values: Float32Array, gradient: Float32Array): Float32Array {
  const squares = gradient.reduce((sum, value) => sum + value * value, 0);
  const length = triedStep / (Math.sqrt(squares / gradient.length) || 1);
  return values.map((value, i) => value + length * gradient[i]!);
}
