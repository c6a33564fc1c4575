import type { JobRecipe } from '../../store/job.js';
import type { NamedInput } from '../../store/jobs.js';
import { type DreamJobRecipe, dreamInputs, readDreamRecipe } from '../dream/recipe.js';
import { type Fields, invalid, readObject, shown } from '../read-recipe.js';

/** A picture dreamed with all combinations of some values, laid out in a table. */
export interface GridRecipe extends JobRecipe {
  readonly kind: 'grid';
  /** What the columns and the rows are called. */
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** The dreams, row by row. */
  readonly cells: readonly DreamJobRecipe[];
}

type Value = string | number | boolean | null;

const mostCells = 400;

/** Checks what came over the network: a dream, and `vary`, which has one or two options with the values they take. */
export async function readGridRecipe({ vary, ...fields }: Fields): Promise<GridRecipe> {
  const given = Object.entries(readObject(vary, 'recipe.vary'));
  const expected = 'one or two options, each with a list of values, such as {"steps": [10, 20]}';
  if (given.length < 1 || given.length > 2) throw invalid('recipe.vary', expected, `${given.length} options`);
  const axes = given.map(([name, values]): [name: string, values: Value[]] => {
    if (
      !Array.isArray(values) ||
      values.length === 0 ||
      values.some((each) => typeof each === 'object' && each !== null)
    ) {
      throw invalid(`recipe.vary.${shown(name)}`, 'a list of values', 'something else');
    }
    return [name, values];
  });
  const [[across, columns], [down, rows] = ['', [null]] as [string, Value[]]] = axes as [
    [string, Value[]],
    [string, Value[]]?,
  ];
  if (columns.length * rows.length > mostCells) {
    throw invalid('recipe.vary', `at most ${mostCells} pictures`, `${columns.length * rows.length}`);
  }
  const options = readObject(fields['options'], 'recipe.options');
  // All dreams start from the same seed, so that only what is varied differs.
  const base = await readDreamRecipe({ ...fields, output: { format: 'png', depth: '8' } });
  const cells: DreamJobRecipe[] = [];
  for (const row of rows) {
    for (const column of columns) {
      const varied = { seed: base.options.seed, ...options, [across]: column, ...(down !== '' && { [down]: row }) };
      cells.push(await readDreamRecipe({ ...fields, output: base.output, options: varied }));
    }
  }
  const told = (name: string, value: Value): string => `${name} ${value}`;
  return {
    kind: 'grid',
    columns: columns.map((value) => told(across, value)),
    rows: down === '' ? [] : rows.map((value) => told(down, value)),
    cells,
  };
}

/** The pictures that it is made from. */
export function gridInputs({ cells }: GridRecipe): NamedInput[] {
  return dreamInputs(cells[0]!);
}
