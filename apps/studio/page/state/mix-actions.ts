import { formatMix, type MixedLayer, parseMix } from './layer-mix.js';
import { optionsOf, withOption } from './settings.js';
import { changeSettings } from './settings-actions.js';
import { get, useStudio } from './store.js';

/** The layers that are dreamed on, as the settings have them. */
export function useMix(): readonly MixedLayer[] {
  return parseMix(useStudio(({ settings }) => optionsOf(settings).layers));
}

/** Dreams on these layers from now on. */
export function chooseMix(mix: readonly MixedLayer[]): void {
  changeSettings(withOption(get().settings, 'layers', formatMix(mix)));
}
