import type { Outcome, Task } from '../../worker/protocol.js';
import { dreamInputs } from '../dream/recipe.js';
import { fileNameOf, pictureOfPart, writeSheet } from '../picture-file.js';
import type { GridRecipe } from './recipe.js';

/** Dreams a picture with all combinations of some values: each is a part of its own, and the sheet shows them all. */
export async function gridTask(task: Task): Promise<Outcome> {
  const { columns, rows, cells } = task.recipe as GridRecipe;
  if (task.stage === 'run') {
    return { type: 'parts', parts: cells.map((recipe) => ({ recipe, inputs: dreamInputs(recipe) })) };
  }
  const pictures = [];
  for (const [i, { files }] of task.parts.entries()) {
    const row = rows[Math.floor(i / columns.length)];
    const caption = [columns[i % columns.length], row].filter((part) => part !== undefined).join(', ');
    pictures.push({ caption, ...(await pictureOfPart(task, files[0]!.path, `${fileNameOf(caption)}.png`)) });
  }
  const cellsOfSheet = pictures.map(({ picture }) => ({ picture, caption: '' }));
  const headings = { columnHeadings: columns, ...(rows.length > 0 && { rowHeadings: rows }) };
  const sheet = await writeSheet(task, 'grid.png', cellsOfSheet, { columns: columns.length, ...headings });
  return { type: 'done', files: [sheet, ...pictures.map(({ file }) => file)] };
}
