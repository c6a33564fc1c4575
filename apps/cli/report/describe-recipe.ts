import type { FrameFacts, MovieRecipe, NamedFile, Recipe, SheetPicture, VideoRecipe } from '../../../src/index.js';
import { remakeCommand } from './remake-command.js';

/** What a picture's recipe says, for people. */
export function describePicture(recipe: Recipe, file: string): string[] {
  const { input, options, output, stopped } = recipe;
  const settings = { ...options, format: output.format, depth: output.depth, quality: output.quality };
  return [
    `${file}: a dream of ${input.name} by pareidolia ${recipe.pareidolia}`,
    ...(stopped ? [`stopped by hand in octave ${stopped.octave} after step ${stopped.step}`] : []),
    '',
    ...optionLines(settings),
    '',
    ...factLines([input], recipe),
    '',
    `To make it again: pareidolia rerun ${file}`,
  ];
}

/** What the recipe of a sheet says, for people. */
export function describeSheet(pictures: readonly SheetPicture[], file: string): string[] {
  const width = String(pictures.length).length;
  return [
    `${file}: a sheet of ${pictures.length} pictures by pareidolia ${pictures[0]?.recipe.pareidolia ?? ''}`,
    '',
    ...pictures.map(({ caption }, i) => `  ${String(i + 1).padStart(width)}  ${caption}`),
    '',
    `To see how the first was made: pareidolia info ${file} --cell 1`,
    `To make it by itself: pareidolia rerun ${file} --cell 1 -o picture.png`,
  ];
}

/** What a movie's recipe says, for people. */
export function describeMovieRecipe(recipe: MovieRecipe | VideoRecipe, file: string): string[] {
  const { inputs, size, dream } = recipe;
  const what = recipe.kind === 'movie' ? 'a zoom through' : 'a dream of';
  return [
    `${file}: ${what} ${namesOf(inputs)} by pareidolia ${recipe.pareidolia}, ${size.width}×${size.height}`,
    '',
    ...optionLines(recipe.kind === 'movie' ? recipe.movie : recipe.video),
    '',
    ...optionLines(dream),
    '',
    ...factLines(inputs, recipe),
    '',
    `To make it again: ${remakeCommand(recipe)}`,
  ];
}

/** What the file of a frame tells, for people. */
export function describeFrame(recipe: FrameFacts, file: string): string[] {
  const { kind, frame, inputs, size, options, before } = recipe;
  const through = inputs.length > 0 ? ` through ${namesOf(inputs)}` : '';
  const movie = kind === 'movie-frame' ? `a zoom${through}` : 'a dreamed video';
  return [
    `${file}: frame ${frame} of ${movie} by pareidolia ${recipe.pareidolia}, ${size.width}×${size.height}`,
    '',
    ...optionLines(options),
    '',
    ...factLines(inputs, recipe),
    `  made from     ${before === null ? 'no frame before' : `the frame with the SHA-256 ${before}`}`,
  ];
}

function optionLines(options: object): string[] {
  return Object.entries(options).map(([name, value]) => `  ${name.padEnd(13)} ${value ?? '–'}`);
}

function factLines(inputs: readonly NamedFile[], { model, runtime }: Pick<Recipe, 'model' | 'runtime'>): string[] {
  return [
    ...inputs.map(({ name, sha256 }) => `  input         ${name}, SHA-256 ${sha256}`),
    `  network       ${model.name}, SHA-256 ${model.sha256}`,
    `  computed by   ${runtime.name} ${runtime.version}, ${runtime.threads} threads`,
  ];
}

function namesOf(inputs: readonly NamedFile[]): string {
  return inputs.map(({ name }) => name).join(', ');
}
