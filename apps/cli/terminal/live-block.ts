import { stripVTControlCharacters } from 'node:util';

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
/**
 * Around each frame: the terminal shows all of it at once where it can (mode 2026), and does not wrap (mode 7). A
 * terminal may be narrower than it has told yet; a line that wraps then would push the block out of its place.
 */
const beginFrame = '\x1b[?2026h\x1b[?7l';
const endFrame = '\x1b[?7h\x1b[?2026l';
const clearRest = '\x1b[K';
const clearRow = '\x1b[2K';

/**
 * A few lines at the lower end of a terminal that are drawn again and again in the same place. The cursor is hidden
 * from the first draw until {@link close}, and comes back whenever the process ends or is put to sleep.
 */
export class LiveBlock {
  readonly #stream: NodeJS.WriteStream;
  readonly #reflows: boolean;
  readonly #onWake: () => void;
  #lines: readonly string[] = [];
  #columnsDrawn = 0;
  #open = false;

  /**
   * @param env tells terminals that cut long lines when they become narrower from those that wrap them
   * @param onWake called when the lines must be drawn again: the terminal has another size, or the process slept
   */
  constructor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv, onWake: () => void) {
    this.#stream = stream;
    this.#reflows = !env['XTERM_VERSION'] && env['TERM'] !== 'linux';
    this.#onWake = onWake;
  }

  /** Width of the terminal in cells. */
  get columns(): number {
    return this.#stream.columns || 80;
  }

  /** Height of the terminal in cells. */
  get rows(): number {
    return this.#stream.rows || 24;
  }

  /** Replaces the lines; each must be narrower than the terminal. Those that are the same as before are not sent again. */
  draw(lines: readonly string[]): void {
    const hide = this.#open ? '' : hideCursor;
    if (!this.#open) this.#listen();
    const inPlace = this.#columnsDrawn === this.columns && this.#lines.length === lines.length;
    const frame = inPlace
      ? this.#toTop() + lines.map((line, i) => (line === this.#lines[i] ? '' : line + clearRest)).join('\n')
      : this.#erased() + lines.join('\n');
    this.#stream.write(beginFrame + hide + frame + endFrame);
    this.#remember(lines);
  }

  /** Writes text above the lines, where it stays. */
  print(text: string): void {
    const lines = this.#lines;
    if (lines.length === 0) this.#stream.write(`${text}\n`);
    else this.#stream.write(`${this.#erased()}${text}\n${beginFrame}${lines.join('\n')}${endFrame}`);
    this.#remember(lines);
  }

  /** Puts other lines, which stay, or nothing in place of the block, and the cursor below them. Closing twice does nothing. */
  close(lines: readonly string[] = []): void {
    if (!this.#open) return;
    this.#stream.write(`${this.#erased()}${lines.map((line) => `${line}\n`).join('')}${showCursor}`);
    this.#lines = [];
    this.#open = false;
    process.off('exit', this.#restore);
    process.off('SIGTSTP', this.#sleep);
    process.off('SIGCONT', this.#wake);
    this.#stream.off('resize', this.#onWake);
  }

  #remember(lines: readonly string[]): void {
    this.#lines = lines;
    this.#columnsDrawn = this.columns;
  }

  #listen(): void {
    this.#open = true;
    process.on('exit', this.#restore);
    // Windows has no such signals.
    if (process.platform !== 'win32') {
      process.on('SIGTSTP', this.#sleep);
      process.on('SIGCONT', this.#wake);
    }
    this.#stream.on('resize', this.#onWake);
  }

  readonly #restore = (): void => this.close();

  /** Ctrl-Z: the shell that comes to the fore needs its cursor. */
  readonly #sleep = (): void => {
    this.#stream.write(`${showCursor}\n`);
    this.#lines = [];
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #wake = (): void => {
    this.#stream.write(hideCursor);
    this.#lines = [];
    this.#onWake();
  };

  /** From the end of the last line to the start of the first. */
  #toTop(): string {
    const up = this.#rowsTaken() - 1;
    return up > 0 ? `\r\x1b[${up}A` : '\r';
  }

  /**
   * Clears the block row by row and ends at its top. Clearing all below at once would be shorter, but tmux puts what
   * is cleared from the top of the screen on into its scrollback.
   */
  #erased(): string {
    return `\r${clearRow}${`\x1b[A${clearRow}`.repeat(this.#rowsTaken() - 1)}`;
  }

  /** Rows between the top and the cursor, both included: lines wrap when the terminal has become narrower. */
  #rowsTaken(): number {
    const rowsOf = (line: string): number =>
      this.#reflows ? Math.max(1, Math.ceil(visibleLength(line) / this.columns)) : 1;
    return Math.max(
      1,
      this.#lines.reduce((sum, line) => sum + rowsOf(line), 0),
    );
  }
}

/** Cells that a line takes; everything written here is one cell wide. */
function visibleLength(line: string): number {
  return stripVTControlCharacters(line).length;
}
