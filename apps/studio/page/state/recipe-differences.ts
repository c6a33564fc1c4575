import { dreamOptions } from '../../../../src/index.js';
import type { OptionName, OptionValue } from './settings.js';
import type { MadePicture } from './store.js';

/** Something in which two pictures differ: an option, or another fact of their recipes. */
export interface Difference {
  readonly what: OptionName | 'photo' | 'network' | 'mask' | 'guides' | 'stopped';
  readonly first: OptionValue;
  readonly second: OptionValue;
}

/** Where the recipes of two pictures differ, in the order of the options. */
export function differencesOf(first: MadePicture, second: MadePicture): readonly Difference[] {
  const [one, other] = [first.recipe, second.recipe];
  const differing = (
    what: Difference['what'],
    of: (picture: MadePicture) => OptionValue,
    same: boolean,
  ): Difference[] => (same ? [] : [{ what, first: of(first), second: of(second) }]);
  const names = Object.keys(dreamOptions) as OptionName[];
  return [
    ...differing('photo', ({ recipe }) => recipe.input.name, one.input.sha256 === other.input.sha256),
    ...differing('network', ({ recipe }) => recipe.model.name, one.model.sha256 === other.model.sha256),
    ...differing('mask', ({ recipe }) => recipe.mask?.name ?? null, one.mask?.sha256 === other.mask?.sha256),
    ...differing('guides', guidesOf, digestsOf(first) === digestsOf(second)),
    ...differing(
      'stopped',
      ({ recipe }) => recipe.stopped !== undefined,
      (one.stopped === undefined) === (other.stopped === undefined),
    ),
    ...names.flatMap((name) =>
      differing(name, ({ recipe }) => recipe.options[name], one.options[name] === other.options[name]),
    ),
  ];
}

function guidesOf({ recipe }: MadePicture): string | null {
  return recipe.guides?.map(({ name }) => name).join(', ') ?? null;
}

function digestsOf({ recipe }: MadePicture): string {
  return (recipe.guides ?? []).map(({ sha256 }) => sha256).join();
}
