/** Keys of `metadata_props` that exporters write the names of classes under. */
const keys = ['labels', 'classes', 'class_names', 'names'];

/** Characters that a terminal does not print, or that change what is around them. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const longestLabel = 200;

/** `0: 'name'`, `"0": "name"` or the name alone, with the comma after it. */
const entry = /\s*(?:["']?(\d{1,7})["']?\s*:\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/y;

/**
 * The names of a network's classes, where its metadata has them: a list or a dictionary by number as JSON or Python write
 * them (Ultralytics' `names` is such a dictionary), or names with line ends or commas between them.
 *
 * @returns undefined where it has none, or something else under those keys
 */
export function labelsOf(metadata: Readonly<Record<string, string>>): readonly string[] | undefined {
  for (const key of keys) {
    const text = Object.hasOwn(metadata, key) ? metadata[key]!.trim() : '';
    const bracketed = /^(?:\[([\s\S]*)\]|\{([\s\S]*)\})$/.exec(text);
    const labels = bracketed ? parseEntries((bracketed[1] ?? bracketed[2])!) : parsePlain(text);
    if (labels && labels.length > 1) return labels.map(printable);
  }
  return undefined;
}

/** The names in a text file: one a line, the first line being class 0. */
export function labelsFromLines(text: string): string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => printable(line.trim()));
}

/** Whether a value from JSON is a list of names that can be shown. */
export function areLabels(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((label) => typeof label === 'string' && label !== '' && label === printable(label))
  );
}

function parseEntries(body: string): string[] | undefined {
  const labels: string[] = [];
  let count = 0;
  entry.lastIndex = 0;
  while (entry.lastIndex < body.length) {
    const [whole, number, single, double] = entry.exec(body) ?? [];
    if (whole === undefined) return undefined;
    labels[number === undefined ? count : Number(number)] = unescaped((single ?? double)!);
    count++;
    // What follows a last comma may be white space.
    if (body.slice(entry.lastIndex).trim() === '') break;
  }
  const isWhole = labels.length === count && !labels.includes(undefined as unknown as string);
  return isWhole ? labels : undefined;
}

function parsePlain(text: string): string[] | undefined {
  if (text === '' || /[[\]{}]/.test(text[0]!)) return undefined;
  return text.includes('\n') ? labelsFromLines(text) : text.split(',').map((name) => name.trim());
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, four, two, other) =>
    other === undefined ? String.fromCharCode(Number.parseInt(four ?? two, 16)) : other,
  );
}

function printable(label: string): string {
  return label.slice(0, longestLabel).replace(unprintable, '\ufffd');
}
