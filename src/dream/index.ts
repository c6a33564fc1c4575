/** Dreaming: options, plan, run, and the recipe that makes it again. */
export type { DreamEvent, Finished, Preview, Progress, ProgressEvent, RasterDreamEvent } from './events.js';
export { computeOnce } from './forward.js';
export { type GradientOptions, type ImageGradient, imageGradient } from './gradient.js';
export { parseLayers, type WeightedLayer } from './layers.js';
export { nearestNames } from './nearest-names.js';
export { noisePicture } from './noise-picture.js';
export type { OptimizerState } from './optimizer.js';
export {
  describe,
  flagOf,
  type Option,
  type OptionGroup,
  type OptionTable,
  type OptionValues,
  parseOption,
  parseOptions,
} from './option.js';
export { type DreamOptions, dreamOptions, type OutputOptions, outputOptions } from './options.js';
export { mapLayersOfOctaves } from './per-octave.js';
export { type OctavePlan, type Plan, type PlanLimits, planDream } from './plan.js';
export { defaultPreset, dreamOptionsOf, type Preset, presets } from './presets/index.js';
export { drawInteger, freshSeed } from './random.js';
export type { Storage } from './raster-room.js';
export { canonicalJson, createRecipe, type NamedFile, parseRecipe, type Recipe, recipeModel } from './recipe.js';
export {
  type CommonFacts,
  commonFacts,
  digest,
  kindOfRecipe,
  namedFiles,
  readRecipeText,
  record,
  whole,
} from './recipe-fields.js';
export { resolveLayers, resolveOptions } from './resolve-layers.js';
export { type PrecisionNeeds, resolvePrecision } from './resolve-precision.js';
export { dream, dreamRaster, type RunOptions } from './run.js';
export { SessionCache } from './session-cache.js';
export { fieldOf, parseSetting, splitOutsideBrackets } from './settings.js';
export { parseSheetRecipe, type SheetPicture, sheetRecipe } from './sheet-recipe.js';
export type { DreamState } from './state.js';
export { buildStepGraph, type Objective, type StepGraph } from './step-graph.js';
