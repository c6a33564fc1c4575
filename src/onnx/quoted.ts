/** Control characters, and the marks that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from a file as messages may show it: in quotes, control characters escaped, long ones cut. Whatever a file says,
 * a message stays one line that a terminal can print.
 */
export function quoted(text: string): string {
  const cut = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `"${cut.replace(unprintable, escaped)}"`;
}

/** Whether text may stand in a message as it is. */
export function isPrintable(text: string): boolean {
  return text.search(unprintable) < 0;
}
