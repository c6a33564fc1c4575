/** Movies made by the command line, as tests look at them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, runCli } from './run-cli.js';

/** Told of a line on standard error; `kill` ends the program. */
export type OnLine = (line: string, kill: (signal: NodeJS.Signals) => void) => void;

/** Runs the command line in a folder. */
export function runIn(cwd: string, args: readonly string[], onLine?: OnLine): ReturnType<typeof runCli> {
  return runCli(args, {
    cwd,
    ...(onLine && { onLine: (line, child) => onLine(line, (signal) => child.kill(signal)) }),
  });
}

/** The bytes of every frame in a folder, one after the other. */
export async function framesIn(folder: string): Promise<Buffer[]> {
  const names = (await namesIn(folder)).filter((name) => /^\d{5}\.png$/.test(name));
  return Promise.all(names.map((name) => readFile(join(folder, name))));
}
