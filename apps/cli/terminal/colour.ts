/** The part of a stream that matters for what may be drawn on it. */
export interface TerminalStream {
  /** True on a terminal; absent on pipes and files. */
  readonly isTTY?: boolean | undefined;
}

/** Text in colours and weights, or as it is where those are off. */
export interface Colour {
  /** Whether the text comes with escape sequences at all. */
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  cyan(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

/**
 * Whether a stream gets colours. `NO_COLOR` turns them off, `FORCE_COLOR` on, in the order in which commander asks
 * them for `--help`; otherwise terminals that are not `dumb` get them.
 */
export function hasColour(env: NodeJS.ProcessEnv, stream: TerminalStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR || FORCE_COLOR === '0' || FORCE_COLOR === 'false') return false;
  if (FORCE_COLOR !== undefined) return true;
  return stream.isTTY === true && TERM !== 'dumb';
}

/** Colours for a stream, see {@link hasColour}. */
export function colourFor(env: NodeJS.ProcessEnv, stream: TerminalStream): Colour {
  return hasColour(env, stream) ? coloured : plain;
}

/** Codes of "select graphic rendition" (ECMA-48): one turns an attribute on, the other only that one off again. */
const styled =
  (on: number, off: number) =>
  (text: string): string =>
    `\x1b[${on}m${text}\x1b[${off}m`;

const coloured: Colour = {
  enabled: true,
  bold: styled(1, 22),
  dim: styled(2, 22),
  cyan: styled(36, 39),
  green: styled(32, 39),
  yellow: styled(33, 39),
  red: styled(31, 39),
};

const same = (text: string): string => text;

/** No colours at all. */
export const plain: Colour = {
  enabled: false,
  bold: same,
  dim: same,
  cyan: same,
  green: same,
  yellow: same,
  red: same,
};
