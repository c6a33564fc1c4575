/** Networks: what is known about them, how they want their pictures, and conversion from Keras. */
export { type ModelCard, maxCardLength, parseCard } from './card.js';
export { type CatalogueEntry, catalogue, entryOfDigest, isModelName, parseCatalogue } from './catalogue.js';
export { inceptionV3Layers, inceptionV3Outputs } from './inception-v3.js';
export { type FloatWeight, type KerasLayer, type KerasWeight, kerasToOnnx, type QuantisedWeight } from './keras.js';
export { labelsFromLines } from './labels.js';
export { Network, type NetworkSource } from './network.js';
export {
  changedPreprocessing,
  checkPreprocessing,
  colourRaster,
  fromNetwork,
  inceptionPreprocessing,
  networkRaster,
  type Preprocessing,
  type PreprocessingDescription,
  type PreprocessingOrigin,
  preprocessingKey,
  toNetwork,
  valueRange,
} from './preprocessing.js';
