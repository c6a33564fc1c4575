/** Pixels: what a picture is, and one verb a file for what is done to it. */
export { blurredRaster, gaussianBlur } from './blur.js';
export { keepColour, luma, lumaRaster } from './colour.js';
export { covering } from './crop.js';
export { hartley, nextSmooth } from './fourier.js';
export { inferno } from './inferno.js';
export { type Band, mergePyramid, splitPyramid } from './laplacian-pyramid.js';
export { matchHistogram, matchMeanAndDeviation } from './match.js';
export { readNpy, writeNpy } from './npy.js';
export { onWhite } from './on-white.js';
export { type Picture, pictureOf, type RasterPicture, rasterPictureOf, readPicture } from './picture.js';
export {
  arrayRaster,
  type ByteStore,
  bandsOf,
  bandValues,
  bytesRaster,
  fillRaster,
  mapped,
  mappedRaster,
  partsOf,
  planeOf,
  type Raster,
  type RowBand,
  readWhole,
  type StoredRaster,
  spansOf,
  storeRaster,
  wholeOf,
} from './raster.js';
export { fitted, resize, resizedRaster, type Size } from './resize.js';
export { byteArrayStore, type Samples, samplesRaster } from './samples.js';
export { contactSheet, type SheetCell, type SheetOptions, type SheetPlace, sheetPlaces, stacked } from './sheet.js';
export { atOnce, type InSlices, inSlicesWith, type Sliced } from './sliced.js';
export {
  largestMagnitude,
  mean,
  meanMagnitude,
  norm,
  rootMeanSquare,
  standardDeviation,
  type Values,
} from './statistics.js';
export type { Colour } from './text.js';
