import {
  directionOfChannel,
  dream,
  encodePicture,
  type Network,
  noisePicture,
  type Platform,
  planChannels,
  SessionCache,
  visualizationOptionsOf,
} from '../../../src/platform/web/index.js';
import type { DrawingEvent, DrawingRequest } from './engine.js';

/** All start from the same noise, so that a channel looks the same whenever it is drawn. */
const seed = 0;

/** Draws what channels of a layer look for, one after the other, on one compiled graph. */
export async function* drawChannels(
  network: Network,
  platform: Platform,
  { layer, channels, side, steps }: DrawingRequest,
): AsyncGenerator<DrawingEvent, void> {
  const start = noisePicture(network.fixedSize ?? { width: side, height: side }, seed);
  const { plan, count } = planChannels(
    network,
    start,
    visualizationOptionsOf({ layers: layer, steps, seed }),
    platform.freeMemoryBytes?.(),
  );
  const sessions = new SessionCache(platform);
  try {
    for (const channel of channels) {
      const direction = directionOfChannel(channel, count);
      for await (const event of dream(plan, start, { platform, sessions, direction })) {
        if (event.type === 'step') yield { type: 'drawing', channel, part01: event.progress01 };
        if (event.type !== 'finished') continue;
        yield { type: 'drawn', channel, file: await encodePicture(event.picture, { format: 'png' }) };
      }
    }
  } finally {
    await sessions.close();
  }
}
