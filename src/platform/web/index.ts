/** The library for browsers: the portable library, onnxruntime on WebAssembly or WebGPU, and picture and model files. */
export * from '../../index.js';
export { extractRecipe } from './extract-recipe.js';
export {
  builtInName,
  type DownloadProgress,
  type FetchNetworkOptions,
  fetchNetwork,
  type NetworkBytesOptions,
  networkOf,
} from './load-network.js';
export { createWebPlatform, type WebDevice, type WebPlatformOptions } from './platform.js';
export { pictureOfPixels, type ReadPictureOptions, readBitmap, readPicture } from './read-picture.js';
export { type EncodePictureOptions, encodePicture, type WebPictureFormat } from './write-picture.js';
