import { type DreamOptions, resolveLayers, resolveOptions } from '../../dream/index.js';
import type { Picture } from '../../image/index.js';
import type { Network } from '../../models/index.js';
import type { Platform } from '../../platform/platform.js';
import { VideoScript } from './video-script.js';
import type { VideoSettings } from './video-settings.js';

/**
 * Settings whose layers name channels by number: how strong they are is asked of one picture, see `resolveLayers`.
 *
 * @param first the first frame of the movie
 * @throws OptionError and PlatformError as `resolveLayers` does
 */
export async function resolveVideo(
  settings: VideoSettings,
  network: Network,
  first: Picture,
  platform: Platform,
): Promise<VideoSettings> {
  const { video, dream } = settings;
  const turns: string[] = [];
  for (const layers of new VideoScript(settings).layers) {
    turns.push(await resolveLayers(layers, network, first, platform));
  }
  return {
    video: video.cycle === 'none' ? video : { ...video, cycle: turns.join('; ') },
    dream: await resolveOptions(dream, network, first, platform),
  };
}

/**
 * The script of a video with tiles of one side, which fits into the memory with every set of layers: where a video goes on
 * later, there may be more memory or less.
 *
 * @param sideOf the side of the tiles, in pixels, that a dream with these options would take
 * @throws OptionError for what is wrong with the dreams
 */
export function evenlyTiled(settings: VideoSettings, sideOf: (options: DreamOptions) => number): VideoScript {
  const sides = new VideoScript(settings).layers.map((layers) => sideOf({ ...settings.dream, layers }));
  return new VideoScript({ ...settings, dream: { ...settings.dream, tile: Math.min(...sides) } });
}
