import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { OptionError } from '../../../src/platform/node/index.js';

/** The option `camera`: the text itself, or what a `.json` file says, in one line. */
export async function cameraText(given: string): Promise<string> {
  if (extname(given).toLowerCase() !== '.json') return given;
  const refuse = (expected: string, cause: unknown): never => {
    const message = `--camera: expected ${expected} in ${basename(given)}. Check the name and what it holds.`;
    throw new OptionError('option/invalid', message, { cause });
  };
  const text = await readFile(given, 'utf8').catch((cause: unknown) => refuse('keyframes', cause));
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (cause) {
    return refuse('JSON', cause);
  }
}
