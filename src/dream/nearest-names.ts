/** Beyond this length a name is no misspelling, and comparing it would take long. */
const maxLength = 200;

/**
 * The names most like a misspelt one, by edit distance. A name that holds the other whole is nearer by the length of
 * what it holds.
 *
 * @param count how many to return at most
 */
export function nearestNames(wanted: string, names: readonly string[], count: number): string[] {
  const target = wanted.slice(0, maxLength).toLowerCase();
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceTo(target, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

function distanceTo(target: string, name: string): number {
  const contained = name.includes(target) || target.includes(name);
  return editDistance(target, name) - (contained ? Math.min(target.length, name.length) : 0);
}

/** Levenshtein's distance: insertions, deletions and substitutions that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substituted));
    }
    previous = row;
  }
  return previous[b.length]!;
}
