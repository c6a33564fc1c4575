import { type DreamOptions, dream, type Plan, planDream, type RunOptions, SessionCache } from '../dream/index.js';
import { assert, OptionError } from '../errors.js';
import type { Picture } from '../image/index.js';
import type { Network } from '../models/index.js';
import type { Platform } from '../platform/platform.js';

/** How the channels of a layer are visualized. */
export interface ChannelsPlan {
  /** The tensor's name. */
  readonly layer: string;
  /** How many channels it has. */
  readonly count: number;
  /** One plan for all of them: its graph is the same, and takes the channel as a direction. */
  readonly plan: Plan;
}

/** A channel as it was drawn. */
export interface ChannelPicture {
  /** Its number, from 0. */
  readonly channel: number;
  /** Of the size of the start picture. */
  readonly picture: Picture;
  /** The mean of the channel in the first step. */
  readonly objectiveFirst: number;
  /** The mean of the channel at the end. */
  readonly objectiveLast: number;
}

/** What {@link visualizeChannels} runs on and tells. */
export interface VisualizeChannelsOptions {
  /** As many channels as there are platforms are drawn at a time. Several that compute with one thread each are the fastest. */
  readonly platforms: readonly Platform[];
  /** Gives up: the channels in progress are lost. */
  readonly signal?: AbortSignal;
  /** Is given each channel as it is done; the one that drew it waits. */
  readonly drawn: (result: ChannelPicture) => Promise<void>;
}

/**
 * Plans to visualize channels of a layer with one graph for all of them.
 *
 * @param start the picture that all of them start from
 * @param options of the dreams; `layers` is one layer, and `objective` becomes `direction`
 * @param memoryBytes bytes that each of the dreams may take; default: no limit
 * @throws OptionError `option/layer` for anything but one layer with channels
 */
export function planChannels(
  network: Network,
  start: Picture,
  options: DreamOptions,
  memoryBytes = Number.POSITIVE_INFINITY,
): ChannelsPlan {
  const plan = planDream(network, start, { ...options, objective: 'direction' }, { memoryBytes });
  const [target, ...more] = plan.layers;
  const input = plan.octaves[0]!.graph.company.features[0]!;
  if (!target || more.length > 0 || target.channels || target.place) {
    throw new OptionError('option/layer', `--layers: expected the name of one layer, got "${options.layers}".`);
  }
  return { layer: target.name, count: input.shape[1]!, plan };
}

/**
 * The direction of a single channel: as long as the layer has channels, so that the mean of the layer along it is the mean
 * of the channel.
 */
export function directionOfChannel(channel: number, count: number): Float32Array {
  const direction = new Float32Array(count);
  direction[channel] = count;
  return direction;
}

/**
 * Visualizes channels of a layer, several at a time.
 *
 * @param channels their numbers, from 0
 * @param start the picture that was planned for
 * @throws PlatformError when the runtime fails; the reason of `signal` when that is aborted
 */
export async function visualizeChannels(
  { plan, count }: ChannelsPlan,
  channels: readonly number[],
  start: Picture,
  { platforms, signal, drawn }: VisualizeChannelsOptions,
): Promise<void> {
  // Those who draw take the next channel from the same queue.
  const queue = channels.values();
  let failure: { readonly error: unknown } | undefined;
  const work = async (platform: Platform): Promise<void> => {
    const sessions = new SessionCache(platform);
    try {
      for (const channel of queue) {
        if (failure) return;
        signal?.throwIfAborted();
        const running = {
          platform,
          sessions,
          ...(signal && { signal }),
          direction: directionOfChannel(channel, count),
        };
        await drawn({ channel, ...(await drawChannel(plan, start, running)) });
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      await sessions.close();
    }
  };
  await Promise.all(platforms.map(work));
  if (failure) throw (failure as { readonly error: unknown }).error;
}

async function drawChannel(plan: Plan, start: Picture, running: RunOptions): Promise<Omit<ChannelPicture, 'channel'>> {
  let result: Omit<ChannelPicture, 'channel'> | undefined;
  for await (const event of dream(plan, start, running)) {
    if (event.type !== 'finished') continue;
    const { picture, objectiveFirst, objectiveLast } = event;
    result = { picture, objectiveFirst, objectiveLast };
  }
  assert(result, 'a dream ends with its result');
  return result;
}
