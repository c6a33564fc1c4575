/** The library for Node: the portable library, onnxruntime in a worker thread, and picture and model files. */
export * from '../../index.js';
export { type Checkpoint, type OpenCheckpoint, openCheckpoint, writeCheckpoint } from './files/checkpoint-file.js';
export { openDreamCheckpoint, type UnfinishedDream, writeDreamCheckpoint } from './files/dream-checkpoint.js';
export { type FileLock, holderText, type LockHolder, type LockOptions, takeLock } from './files/file-lock.js';
export { type Flaw, FrameFolder } from './files/frame-folder.js';
export { isRunning } from './files/is-running.js';
export { createScratch } from './files/scratch.js';
export { type MadeParts, sweepTemporaries, type WriteWholeOptions, writeWhole } from './files/write-whole.js';
export { freeMemoryBytes } from './memory.js';
export { type AddOptions, addModel } from './models/add-model.js';
export type { DownloadEvent, DownloadOptions } from './models/download-file.js';
export { builtInName, type LoadNetworkOptions, loadNetwork } from './models/load-network.js';
export {
  cacheFolder,
  findModel,
  type KnownModel,
  listModels,
  type ModelRecord,
  type ModelState,
} from './models/model-folders.js';
export { type PulledModel, type PullOptions, pullModel } from './models/pull-model.js';
export { removeModel } from './models/remove-model.js';
export { unknownModel } from './models/unknown-model.js';
export { type VerifiedModel, verifyModels } from './models/verify-models.js';
export {
  type ReadPictureFileOptions,
  type ReadPictureOptions,
  readPicture,
  readPictureFile,
  readRasterPicture,
  readRasterPictureFile,
} from './pictures/read-picture.js';
export { extractRecipe } from './pictures/recipe-metadata.js';
export {
  checkEncoding,
  type EncodePictureOptions,
  encodePicture,
  encodePictureInParts,
  formatOf,
  type PictureFormat,
  pictureFormats,
} from './pictures/write-picture.js';
export { createNodePlatform, type NodePlatform, type NodePlatformOptions } from './platform.js';
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
