/** The library for Node: the portable library, onnxruntime in a worker thread, and picture and model files. */
export * from '../../index.js';
export { type Checkpoint, type OpenCheckpoint, openCheckpoint, writeCheckpoint } from './checkpoint-file.js';
export type { DownloadEvent, DownloadOptions } from './download-file.js';
export { openDreamCheckpoint, type UnfinishedDream, writeDreamCheckpoint } from './dream-checkpoint.js';
export { type Flaw, FrameFolder } from './frame-folder.js';
export { builtInName, type LoadNetworkOptions, loadNetwork } from './load-network.js';
export { freeMemoryBytes } from './memory.js';
export { type AddOptions, addModel } from './model-add.js';
export {
  cacheFolder,
  findModel,
  type KnownModel,
  listModels,
  type ModelRecord,
  type ModelState,
} from './model-folders.js';
export { type PulledModel, type PullOptions, pullModel } from './model-pull.js';
export { removeModel } from './model-remove.js';
export { type VerifiedModel, verifyModels } from './model-verify.js';
export { createNodePlatform, type NodePlatform, type NodePlatformOptions } from './platform.js';
export {
  type ReadPictureFileOptions,
  type ReadPictureOptions,
  readPicture,
  readPictureFile,
  readRasterPicture,
  readRasterPictureFile,
} from './read-picture.js';
export { extractRecipe } from './recipe-metadata.js';
export { createScratch } from './scratch.js';
export { unknownModel } from './unknown-model.js';
export type { AudioPacket, MovieAudio } from './video/audio.js';
export { createFlowFinder } from './video/flow/flow-finder.js';
export type { FrameRange, Movie, MovieFrame, MovieInfo } from './video/movie.js';
export {
  type MovieCodec,
  type MovieFormat,
  type MovieTraits,
  movieFormatOf,
  movieFormats,
  movieTraits,
} from './video/movie-format.js';
export { type OpenMovieOptions, openMovie, readMovieRecipe } from './video/read-movie.js';
export { pictureOfRgb, type RgbFrame } from './video/rgb.js';
export { type FrameTime, findScenes, type Scene, VideoFrames, type VideoFramesOptions } from './video/video-frames.js';
export {
  checkVideo,
  evenRate,
  firstPicture,
  partOf,
  type VideoPart,
  videoEncoding,
  videoSize,
} from './video/video-output.js';
export { checkMovie, checkSound, createMovie, type MovieOptions, type MovieWriter } from './video/write-movie.js';
export {
  checkEncoding,
  type EncodePictureOptions,
  encodePicture,
  encodePictureInParts,
  formatOf,
  type PictureFormat,
  pictureFormats,
} from './write-picture.js';
export { type MadeParts, sweepTemporaries, type WriteWholeOptions, writeWhole } from './write-whole.js';
