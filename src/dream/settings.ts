/** Splits at a separator, except in the brackets of `mixed4[12; 14]`; empty parts are left out. */
export function splitOutsideBrackets(text: string, separator: ';' | ' '): string[] {
  return text
    .split(separator === ';' ? /;(?![^[\]]*\])/ : /\s+(?![^[\]]*\])/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Reads `name=value`, the name spelled as a flag or as a field.
 *
 * @returns the field's name (`stepSize`) and the value; undefined when the text is something else
 */
export function parseSetting(text: string): readonly [name: string, value: string] | undefined {
  const [, flag, value] = /^(?:--)?([A-Za-z-]+)=(.+)$/.exec(text) ?? [];
  return flag === undefined || value === undefined ? undefined : [fieldOf(flag), value];
}

/** The field that a flag stands for: `step-size` is `stepSize`. */
export function fieldOf(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
