import { spawn } from 'node:child_process';

/** What a run of the program took. */
export interface Ran {
  /** Milliseconds from its start to its end. */
  readonly ms: number;
  /** Milliseconds from its start to the first line of its error output that a pattern fits; NaN where none does. */
  readonly msToLine: number;
}

/** Runs the command line program to its end. */
export async function runProgram(args: readonly string[], pattern = /^$/, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const start = performance.now();
  const child = spawn(process.execPath, ['dist/apps/cli/main.js', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [text, msToLine] = ['', Number.NaN];
  child.stderr.on('data', (chunk) => {
    text += String(chunk);
    if (Number.isNaN(msToLine) && text.split('\n').some((line) => pattern.test(line)))
      msToLine = performance.now() - start;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`pareidolia ${args.join(' ')} ended with ${code}: ${text}`);
  return { ms: performance.now() - start, msToLine };
}
