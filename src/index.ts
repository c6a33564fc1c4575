/**
 * pareidolia: DeepDream on any ONNX network. This door is portable; `pareidolia/node` and `pareidolia/web` add what
 * their machines have.
 */
export {
  canonicalJson,
  createRecipe,
  type DreamEvent,
  type DreamOptions,
  defaultPreset,
  dream,
  dreamOptions,
  dreamOptionsOf,
  flagOf,
  freshSeed,
  type GradientOptions,
  type ImageGradient,
  imageGradient,
  type NamedFile,
  nearestNames,
  type OctavePlan,
  type Option,
  type OptionGroup,
  type OptionTable,
  type OptionValues,
  type OutputOptions,
  outputOptions,
  type Plan,
  type PlanLimits,
  type Preset,
  type Preview,
  type Progress,
  parseOption,
  parseOptions,
  parseRecipe,
  planDream,
  presets,
  type Recipe,
  type RunOptions,
  recipeModel,
} from './dream/index.js';
export {
  DownloadError,
  type ErrorCode,
  GradientError,
  ImageError,
  MemoryError,
  ModelError,
  OptionError,
  OutputError,
  PareidoliaError,
  PlatformError,
} from './errors.js';
export {
  type Colour,
  contactSheet,
  type Picture,
  readNpy,
  resize,
  type SheetCell,
  type SheetOptions,
  type Size,
  stacked,
  writeNpy,
} from './image/index.js';
export { type LayerRow, listLayers } from './inspect/index.js';
export {
  type CatalogueEntry,
  catalogue,
  type ModelCard,
  Network,
  type NetworkSource,
  type Preprocessing,
  type PreprocessingDescription,
  type PreprocessingOrigin,
  parseCard,
  parseCatalogue,
  toNetwork,
  valueRange,
} from './models/index.js';
export { type ReadModelOptions, readModel } from './onnx/index.js';
export type { FloatTensor, Platform, Session, SessionOptions } from './platform/platform.js';
export { version } from './version.js';
