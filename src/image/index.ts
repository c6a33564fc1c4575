/** Pixels: what a picture is, and one verb a file for what is done to it. */
export type { Picture } from './picture.js';
