import { OptionError } from '../../errors.js';
import { describe, parseOptions } from '../option.js';
import { type DreamOptions, dreamOptions } from '../options.js';
import article from './article.json' with { type: 'json' };
import classic from './classic.json' with { type: 'json' };
import crowsonkb from './crowsonkb.json' with { type: 'json' };
import deepdreamanim from './deepdreamanim.json' with { type: 'json' };
import deepdreamvideo from './deepdreamvideo.json' with { type: 'json' };
import google from './google.json' with { type: 'json' };
import gordic from './gordic.json' with { type: 'json' };
import hvass from './hvass.json' with { type: 'json' };
import keras from './keras.json' with { type: 'json' };
import lapnorm from './lapnorm.json' with { type: 'json' };
import lucid from './lucid.json' with { type: 'json' };
import mlx from './mlx.json' with { type: 'json' };
import neuralDream from './neural-dream.json' with { type: 'json' };
import tensorflow from './tensorflow.json' with { type: 'json' };
import tensorflow2016 from './tensorflow-2016.json' with { type: 'json' };
import tfjs from './tfjs.json' with { type: 'json' };

/** A published look: option values, and where they were published. */
export interface Preset {
  /** One line about the look. */
  readonly title: string;
  /** Where its numbers come from. */
  readonly source: string;
  /** The options that differ from their defaults. */
  readonly options: Readonly<Partial<Record<keyof DreamOptions, string | number | boolean | null>>>;
}

/** All presets by name. */
export const presets = {
  classic,
  article,
  tensorflow,
  keras,
  google,
  'tensorflow-2016': tensorflow2016,
  lapnorm,
  deepdreamvideo,
  deepdreamanim,
  crowsonkb,
  gordic,
  mlx,
  hvass,
  'neural-dream': neuralDream,
  lucid,
  tfjs,
} as const satisfies Readonly<Record<string, Preset>>;

/** The preset that is used when none is named. */
export const defaultPreset = 'classic';

/**
 * The options of a dream: a preset, with single options set over it.
 *
 * @param values options by name, and `preset`; everything left out comes from the preset, then from the table
 * @throws OptionError for an unknown preset or option, or a value out of range
 */
export function dreamOptionsOf(values: Readonly<Record<string, unknown>> = {}): DreamOptions {
  const { preset = defaultPreset, ...rest } = values;
  if (typeof preset !== 'string' || !Object.hasOwn(presets, preset)) {
    const names = Object.keys(presets).join(', ');
    throw new OptionError('option/invalid', `--preset: expected one of ${names}, got ${describe(preset)}.`);
  }
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return parseOptions(dreamOptions, { ...presets[preset as keyof typeof presets].options, ...given });
}
