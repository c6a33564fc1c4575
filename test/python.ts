/** PyTorch, as the second program that computes what ours computes. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { TestContext } from 'vitest';

/** Debian's Python, which sees Debian's packages. */
const python = '/usr/bin/python3';

/** Skips a test where Debian's Python or one of these modules is missing. They are looked for, and not loaded. */
export async function needPython(context: TestContext, ...modules: readonly string[]): Promise<void> {
  const find = `import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))`;
  const found = existsSync(python) && (await runPython('-c', find, ...modules).then(yes, no));
  if (!found) context.skip(`needs Debian's ${modules.map((name) => `python3-${name}`).join(' and ')}`);
}

const yes = (): boolean => true;
const no = (): boolean => false;

/**
 * Runs a program of bench/peers, or any other.
 *
 * @returns what it writes to standard output
 */
export function runPython(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(python, args, { maxBuffer: 2 ** 26 }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}
