/** Recipes inside picture files: the chunks, segments and packets that carry them. */
export { findJpegXmp, isJpeg, jpegXmpParts } from './jpeg.js';
export { announcedSize } from './picture-size.js';
export { findPngRecipe, isPng, type PngRecipe, pngRecipeParts } from './png.js';
export { byteLengthOf, damaged, decodeText, maxRecipeBytes } from './recipe-text.js';
export { findWebpXmp, isWebp, webpXmpParts } from './webp.js';
export { readXmpRecipe, recipeXmp } from './xmp.js';
