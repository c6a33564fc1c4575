import {
  type DreamEvent,
  type Plan,
  type Preview,
  type RasterDreamEvent,
  rasterPictureOf,
} from '../../../src/index.js';
import { progressLine } from './bar.js';
import { type BatchPosition, batchLine } from './batch-line.js';
import { colourFor } from './colour.js';
import { LiveBlock } from './live-block.js';
import { pictureDepth, pictureLines, smallPreview } from './picture.js';

/** How and where progress is shown. */
export interface ProgressOptions {
  /** Normally standard error. */
  readonly stream: NodeJS.WriteStream;
  /** `auto`: a bar on terminals, nothing elsewhere; `json`: one line an event; `none`: nothing, no notes either. */
  readonly mode: 'auto' | 'json' | 'none';
  /** Whether the dream is shown as well, on terminals that can. */
  readonly picture: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Where among others the picture stands; it is shown above the bar. */
  readonly position?: BatchPosition | undefined;
}

/** Shows how a dream goes. */
export interface ProgressView {
  /** Whether previews will be shown, so that none are made in vain. */
  readonly wantsPreviews: boolean;
  handle(event: DreamEvent | RasterDreamEvent, plan: Plan): void;
  /** Goes on to the next of several; the picture that is shown stays until the next has one. */
  next(position: BatchPosition): void;
  /** Says something in between. */
  note(text: string): void;
  /**
   * Puts the terminal right: the cursor is back, the bar is gone, and the picture stays when the dream was finished.
   * Ending twice does nothing; another `started` begins anew.
   */
  end(): void;
}

const redrawEveryMs = 100;
/** So that the time left goes on counting while a step takes long. */
const tickEveryMs = 1000;
const largestPicture = { columns: 72, rows: 24 };
const fewestPictureRows = 4;

/** Chooses how to show progress, see {@link ProgressOptions}. */
export function createProgress(options: ProgressOptions): ProgressView {
  const { stream, mode, env } = options;
  if (mode === 'json') return jsonProgress(options);
  if (mode === 'none') return { wantsPreviews: false, handle: () => {}, next: () => {}, note: () => {}, end: () => {} };
  // A dumb terminal cannot move its cursor.
  if (stream.isTTY && env['TERM'] !== 'dumb') return liveProgress(options);
  return {
    wantsPreviews: false,
    handle: () => {},
    next: () => {},
    note: (text) => stream.write(`${text}\n`),
    end: () => {},
  };
}

function jsonProgress({ stream, position: first }: ProgressOptions): ProgressView {
  let position = first;
  const write = (line: object): void => {
    stream.write(`${JSON.stringify(line)}\n`);
  };
  return {
    wantsPreviews: false,
    handle(event) {
      switch (event.type) {
        case 'started':
          if (position) {
            const { what = 'picture', input, index, count } = position;
            write({ type: what, input, index, count });
          }
          return write(event);
        case 'preview': {
          const { rgb: _, ...line } = event;
          return write(line);
        }
        case 'finished': {
          const { picture, ...line } = event;
          return write({ ...line, width: picture.width, height: picture.height });
        }
        default:
          return write(event);
      }
    },
    next(following) {
      position = following;
    },
    note: (text) => write({ type: 'note', text }),
    end: () => {},
  };
}

/** What is known of a running dream. */
interface Running {
  readonly octave: number;
  readonly octaves: number;
  readonly step: number;
  readonly steps: number;
  readonly objective: number;
  readonly progress01: number;
  readonly remainingMs: number;
  /** When the time left was estimated, on the clock of `performance.now()`. */
  readonly estimatedAt: number;
}

function liveProgress({ stream, env, picture, position: first }: ProgressOptions): ProgressView {
  const colour = colourFor(env, stream);
  const depth = picture ? pictureDepth(env, stream) : undefined;
  let running: Running | undefined;
  let preview: Preview | undefined;
  let finished = false;
  let position = first;
  /** Whether the bar and the picture go from one dream to the next. */
  let following = false;
  let startedAt = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let pending: NodeJS.Timeout | undefined;
  let ticker: NodeJS.Timeout | undefined;
  const block = new LiveBlock(stream, env, () => redraw());

  // The bar changes more often than the picture above it.
  let drawn:
    | { readonly of: Preview; readonly columns: number; readonly rows: number; readonly lines: string[] }
    | undefined;
  const pictureNow = (): readonly string[] => {
    const columns = Math.min(largestPicture.columns, block.columns - 1);
    const rows = Math.min(largestPicture.rows, Math.floor(block.rows * 0.6));
    if (!preview || !depth || rows < fewestPictureRows) return [];
    if (drawn?.of !== preview || drawn.columns !== columns || drawn.rows !== rows) {
      drawn = { of: preview, columns, rows, lines: pictureLines(preview, columns, rows, depth) };
    }
    return drawn.lines;
  };
  const barNow = (): string[] => {
    if (!running || (finished && !following)) return [];
    const now = performance.now();
    const remainingMs = Math.max(0, running.remainingMs - (now - running.estimatedAt));
    const elapsedMs = now - startedAt;
    // The last column stays free: writing into it makes some terminals start a new line.
    const columns = block.columns - 1;
    const bar = progressLine({ ...running, remainingMs, elapsedMs, columns, colour });
    return position ? [batchLine(position, { remainingMs, elapsedMs, columns }), bar] : [bar];
  };
  const redraw = (): void => {
    clearTimeout(pending);
    pending = undefined;
    drawnAt = performance.now();
    if (running) block.draw([...pictureNow(), ...barNow()]);
  };
  const redrawSoon = (): void => {
    if (pending) return;
    const waitMs = drawnAt + redrawEveryMs - performance.now();
    if (waitMs <= 0) redraw();
    else pending = setTimeout(redraw, waitMs).unref();
  };

  return {
    wantsPreviews: depth !== undefined,
    handle(event, plan) {
      const now = performance.now();
      if (event.type === 'started') {
        finished = false;
        if (!following) preview = undefined;
        startedAt = now;
        running = {
          octave: 1,
          octaves: event.octaves,
          step: 0,
          steps: plan.options.steps,
          objective: Number.NaN,
          progress01: 0,
          remainingMs: Number.POSITIVE_INFINITY,
          estimatedAt: now,
        };
        ticker ??= setInterval(redrawSoon, tickEveryMs).unref();
      } else if (!running) {
        return;
      } else if (event.type === 'octave') {
        running = { ...running, octave: event.octave, step: 0 };
      } else if (event.type === 'step') {
        const { octave, step, objective, progress01, remainingMs } = event;
        running = { ...running, octave, step, objective, progress01, remainingMs, estimatedAt: now };
      } else if (event.type === 'preview') {
        preview = event;
      } else {
        finished = true;
        if (depth) preview = smallPreview(rasterPictureOf(event.picture));
      }
      redrawSoon();
    },
    next(to) {
      position = to;
      following = true;
    },
    note(text) {
      block.print(text);
    },
    end() {
      clearTimeout(pending);
      clearInterval(ticker);
      pending = undefined;
      ticker = undefined;
      running = undefined;
      block.close(finished ? pictureNow() : []);
      finished = false;
    },
  };
}
