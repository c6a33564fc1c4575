import { colourFor } from './colour.js';
import { countLine } from './count-line.js';
import { LiveBlock } from './live-block.js';

/** Shows how far a number of things has come. */
export interface CountProgress {
  /** Tells that another one is done, with what else is known of it for programs. */
  advance(facts: Readonly<Record<string, unknown>>): void;
  /** Says something in between. */
  note(text: string): void;
  /** Takes the line away. Ending twice does nothing. */
  end(): void;
}

/** How and where it is shown. */
export interface CountProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** `auto`: a line on terminals, nothing elsewhere; `json`: one line an event; `none`: nothing, no notes either. */
  readonly mode: 'auto' | 'json' | 'none';
  readonly env: NodeJS.ProcessEnv;
  /** What they belong to. */
  readonly what: string;
  /** What one of them is called, for programs. */
  readonly type: string;
  /** How many are done before it begins. */
  readonly before: number;
  readonly count: number;
}

/** So that the time left goes on counting while one takes long. */
const tickEveryMs = 1000;

/** Begins to show how far a number of things has come, see {@link CountProgressOptions}. */
export function createCountProgress(options: CountProgressOptions): CountProgress {
  const { stream, mode, env, what, type, before, count } = options;
  const startedAt = performance.now();
  let done = before;
  let advancedAt = startedAt;
  const times = () => {
    const now = performance.now();
    const ownDone = done - before;
    const eachMs = ownDone > 0 ? (advancedAt - startedAt) / ownDone : Number.POSITIVE_INFINITY;
    const remainingMs = done === count ? 0 : Math.max(0, eachMs * (count - done) - (now - advancedAt));
    return { elapsedMs: now - startedAt, remainingMs };
  };
  const advanced = (): void => {
    done++;
    advancedAt = performance.now();
  };
  if (mode === 'json') {
    const write = (line: object): void => {
      stream.write(`${JSON.stringify(line)}\n`);
    };
    return {
      advance(facts) {
        advanced();
        write({ type, ...facts, done, count, ...times() });
      },
      note: (text) => write({ type: 'note', text }),
      end: () => {},
    };
  }
  // A dumb terminal cannot move its cursor.
  if (mode === 'none' || !stream.isTTY || env['TERM'] === 'dumb') {
    return {
      advance: advanced,
      note: (text) => {
        if (mode === 'auto') stream.write(`${text}\n`);
      },
      end: () => {},
    };
  }
  const colour = colourFor(env, stream);
  const block = new LiveBlock(stream, env, () => draw());
  const draw = (): void =>
    block.draw([countLine({ what, done, count, ...times(), columns: block.columns - 1, colour })]);
  const ticker = setInterval(draw, tickEveryMs).unref();
  draw();
  return {
    advance() {
      advanced();
      draw();
    },
    note: (text) => block.print(text),
    end() {
      clearInterval(ticker);
      block.close();
    },
  };
}
