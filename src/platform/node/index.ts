/** The library for Node: the portable library, onnxruntime in a worker thread, and picture and model files. */
export * from '../../index.js';
export { builtInName, loadNetwork } from './load-network.js';
export { freeMemoryBytes } from './memory.js';
export { createNodePlatform, type NodePlatform, type NodePlatformOptions } from './platform.js';
export { type ReadPictureFileOptions, type ReadPictureOptions, readPicture, readPictureFile } from './read-picture.js';
export { extractRecipe } from './recipe-metadata.js';
export {
  checkEncoding,
  type EncodePictureOptions,
  encodePicture,
  formatOf,
  type PictureFormat,
  pictureFormats,
} from './write-picture.js';
export { type WriteWholeOptions, writeWhole } from './write-whole.js';
