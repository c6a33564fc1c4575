import {
  contactSheet,
  encodePicture,
  type OutputOptions,
  type Picture,
  type PictureFormat,
  type SheetOptions,
  sheetRecipe,
  writeWhole,
} from '../../../src/platform/node/index.js';
import { encodingOf } from '../dreams/make-dream.js';
import { standardStream } from '../files/output-file.js';
import { writeToStandardOutput } from '../standard-streams.js';
import type { Cell } from './dream-cells.js';

/** Where a sheet goes, and how. */
export interface SheetFile {
  readonly path: string;
  readonly output: OutputOptions & { readonly format: PictureFormat };
  readonly force: boolean;
  /** Whether the recipes of its pictures go into the file. */
  readonly metadata: boolean;
}

/** Lays pictures out on a sheet and writes it, with the recipes of all of them inside. */
export async function writeSheet(
  cells: readonly Cell[],
  layout: SheetOptions & { readonly captions: boolean },
  { path, output, force, metadata }: SheetFile,
): Promise<Picture> {
  const { captions, ...options } = layout;
  const sheet = contactSheet(
    cells.map(({ picture, caption }) => ({ picture, caption: captions ? caption : undefined })),
    options,
  );
  const { format, ...settings } = output;
  const bytes = await encodePicture(sheet, {
    ...encodingOf(format, settings),
    ...(metadata && { recipe: sheetRecipe(cells) }),
  });
  if (path === standardStream) await writeToStandardOutput(bytes);
  else await writeWhole(path, bytes, { overwrite: force });
  return sheet;
}
