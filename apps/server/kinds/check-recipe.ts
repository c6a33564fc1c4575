import type { JobKind, JobRecipe } from '../store/job.js';
import type { NamedInput } from '../store/jobs.js';
import { type ActivationsRecipe, activationsInputs, readActivationsRecipe } from './activations/recipe.js';
import { type AtlasRecipe, readAtlasRecipe } from './atlas/recipe.js';
import { type DreamJobRecipe, dreamInputs, readDreamRecipe } from './dream/recipe.js';
import { type GridRecipe, gridInputs, readGridRecipe } from './grid/recipe.js';
import type { Fields } from './read-recipe.js';
import { readVideoRecipe, type VideoJobRecipe, videoInputs } from './video/recipe.js';
import { readVisualizeRecipe, type VisualizeRecipe } from './visualize/recipe.js';
import { readZoomRecipe, type ZoomRecipe, zoomInputs } from './zoom/recipe.js';

/** A recipe that was checked, and the pictures that it needs. */
export interface CheckedRecipe {
  readonly recipe: JobRecipe;
  readonly inputs: readonly NamedInput[];
}

interface Kind<R extends JobRecipe> {
  readonly read: (fields: Fields) => Promise<R>;
  readonly inputs: (recipe: R) => NamedInput[];
}

const kinds: Readonly<Record<JobKind, Kind<never>>> = {
  dream: kind<DreamJobRecipe>(readDreamRecipe, dreamInputs),
  zoom: kind<ZoomRecipe>(readZoomRecipe, zoomInputs),
  video: kind<VideoJobRecipe>(readVideoRecipe, videoInputs),
  visualize: kind<VisualizeRecipe>(readVisualizeRecipe, () => []),
  atlas: kind<AtlasRecipe>(readAtlasRecipe, () => []),
  activations: kind<ActivationsRecipe>(readActivationsRecipe, activationsInputs),
  grid: kind<GridRecipe>(readGridRecipe, gridInputs),
};

function kind<R extends JobRecipe>(read: Kind<R>['read'], inputs: Kind<R>['inputs']): Kind<never> {
  return { read: read as Kind<never>['read'], inputs };
}

/**
 * Checks what came over the network: every field of it, without the network and the pictures.
 *
 * @throws PareidoliaError saying what is wrong with it
 */
export async function checkRecipe(fields: Fields & { readonly kind: JobKind }): Promise<CheckedRecipe> {
  const { read, inputs } = kinds[fields.kind];
  const recipe = await read(fields);
  return { recipe, inputs: inputs(recipe) };
}
