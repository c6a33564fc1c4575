/**
 * A table in columns two spaces apart.
 *
 * @param rows the header first; all of the same length
 * @param textColumns how many columns, from the left, are text; the others are numbers, which stand to the right
 */
export function table(rows: readonly (readonly string[])[], textColumns: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const padded = (cell: string, column: number): string =>
    column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}
