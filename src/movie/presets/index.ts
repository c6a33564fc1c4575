import { type DreamOptions, dreamOptionsOf, type OptionTable, parseOptions } from '../../dream/index.js';
import { type ZoomOptions, zoomOptions } from '../options.js';
import article from './article.json' with { type: 'json' };
import classic from './classic.json' with { type: 'json' };
import google from './google.json' with { type: 'json' };
import { type MoviePreset, presetNamed, splitOptions } from './movie-preset.js';
import ouroboros from './ouroboros.json' with { type: 'json' };

export type { MoviePreset } from './movie-preset.js';

/** All presets of zoom movies by name. */
export const moviePresets = {
  classic,
  article,
  google,
  ouroboros,
} as Readonly<Record<'classic' | 'article' | 'google' | 'ouroboros', MoviePreset>>;

/** The options of a movie and of the dreams in it. */
export interface ZoomSettings {
  /** The movie's, each with a value. */
  readonly movie: ZoomOptions;
  /** Those of its dreams, each with a value. */
  readonly dream: DreamOptions;
}

/**
 * The options of a zoom movie: a preset, with single options set over it.
 *
 * @param values options of movies and dreams by name, and `preset`: a movie's, or that of a dream for its look alone
 * @throws OptionError for an unknown preset or option, or a value out of range
 */
export function zoomSettingsOf(values: Readonly<Record<string, unknown>> = {}): ZoomSettings {
  const { preset = 'classic', ...rest } = values;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { dream: look, options } = presetNamed(preset, moviePresets);
  const [movie, dream] = splitOptions({ ...options, ...given }, zoomOptions);
  return {
    movie: parseOptions<typeof zoomOptions & OptionTable>(zoomOptions, movie),
    dream: dreamOptionsOf({ ...dream, preset: look }),
  };
}
