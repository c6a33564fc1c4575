import { type DreamOptions, dreamOptionsOf } from '../dream/index.js';

/**
 * What differs from the preset `lucid`. Steps of the same length in all, and a little pull towards smooth ground, leave
 * less grit between what is drawn, and excite it more. After 128 steps little changes.
 */
const calmer = { normalize: 'std', tv: 0.03, steps: 128 } as const;

/**
 * The options of a visualization: those of the preset `lucid`, a little calmer, with single options set over them.
 *
 * @param values options by name; what is left out or undefined comes from there
 * @throws OptionError for an unknown option, or a value out of range
 */
export function visualizationOptionsOf(values: Readonly<Record<string, unknown>> = {}): DreamOptions {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return dreamOptionsOf({ preset: 'lucid', ...calmer, ...given });
}
