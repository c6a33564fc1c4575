import { type DreamOptions, dreamOptionsOf, type OptionTable, parseOptions } from '../../dream/index.js';
import { OptionError } from '../../errors.js';
import { type MoviePreset, presetNamed, splitOptions } from '../presets/movie-preset.js';
import classic from './presets/classic.json' with { type: 'json' };
import deepdreamanim from './presets/deepdreamanim.json' with { type: 'json' };
import deepdreamvideo from './presets/deepdreamvideo.json' with { type: 'json' };
import { type VideoOptions, videoOptions } from './video-options.js';

/** All presets of dreamed videos by name. */
export const videoPresets = {
  classic,
  deepdreamvideo,
  deepdreamanim,
} as Readonly<Record<'classic' | 'deepdreamvideo' | 'deepdreamanim', MoviePreset<VideoOptions>>>;

/** The options of a dreamed video and of the dreams in it. */
export interface VideoSettings {
  /** The video's, each with a value. */
  readonly video: VideoOptions;
  /** Those of its dreams, each with a value. */
  readonly dream: DreamOptions;
}

/**
 * The options of a dreamed video: a preset, with single options set over it.
 *
 * @param values options of videos and dreams by name, and `preset`: a video's, or that of a dream for its look alone
 * @throws OptionError for an unknown preset or option, a value out of range, or a part that ends before it begins
 */
export function videoSettingsOf(values: Readonly<Record<string, unknown>> = {}): VideoSettings {
  const { preset = 'classic', ...rest } = values;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { dream: look, options } = presetNamed(preset, videoPresets);
  // Layers that are asked for count for more than those that take turns in a preset.
  const turns = given['layers'] !== undefined && given['cycle'] === undefined ? { cycle: 'none' } : {};
  const [video, dream] = splitOptions({ ...options, ...turns, ...given }, videoOptions);
  const settings = {
    video: parseOptions<typeof videoOptions & OptionTable>(videoOptions, video),
    dream: dreamOptionsOf({ ...dream, preset: look }),
  };
  const { start, end } = settings.video;
  if (end !== null && end <= (start ?? 0)) {
    throw new OptionError('option/invalid', `--end: expected more than --start, ${start ?? 0}, got ${end}.`);
  }
  return settings;
}
