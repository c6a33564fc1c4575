import { invalid, shown } from './read-recipe.js';

/** The formats that movies are written in, and their media types. */
export const movieTypes = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  gif: 'image/gif',
  webp: 'image/webp',
} as const;

/** A format that a movie is written in. */
export type MovieType = keyof typeof movieTypes;

/** The format that a recipe asks for; MP4 where it does not say. */
export function readMovieType(value: unknown = 'mp4'): MovieType {
  if (typeof value === 'string' && Object.hasOwn(movieTypes, value)) return value as MovieType;
  throw invalid('recipe.format', `one of ${Object.keys(movieTypes).join(', ')}`, shown(value));
}
