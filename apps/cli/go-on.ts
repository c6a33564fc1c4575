import { basename, dirname, resolve } from 'node:path';
import { standardStream } from './output-file.js';

/** A dream that was stopped, as the command line named its files. */
export interface StoppedDream {
  readonly output: string;
  readonly input: string;
  readonly mask?: string | undefined;
  readonly model?: string | undefined;
  /** Whether the recipe is inside the output. */
  readonly metadata: boolean;
  readonly seed: number;
}

/** Says how a dream that was stopped is made whole. */
export function goOnAdvice({ output, input, mask, model, metadata, seed }: StoppedDream): string {
  if (!metadata) return `It holds no recipe. To make it whole, dream again with --seed ${seed}.`;
  const words = ['pareidolia rerun', output === standardStream ? 'FILE' : shellWord(output)];
  if (input === standardStream) words.push('--input PHOTO');
  else if (!isFoundFrom(output, input)) words.push(`--input ${shellWord(input)}`);
  if (mask !== undefined && !isFoundFrom(output, mask)) words.push(`--mask ${shellWord(mask)}`);
  if (model !== undefined && !isFoundFrom(output, model)) words.push(`--model ${shellWord(model)}`);
  return `To make it whole: ${words.join(' ')}`;
}

/** Whether `rerun` finds a file by its name: beside the dream, or in the current folder. */
function isFoundFrom(output: string, path: string): boolean {
  const places = output === standardStream ? ['.'] : ['.', dirname(output)];
  return places.some((folder) => resolve(folder, basename(path)) === resolve(path));
}

/** A path as a shell takes it. */
function shellWord(path: string): string {
  if (/^[\w./+@%:,=][\w./+@%:,=-]*$/.test(path)) return path;
  return `'${(path.startsWith('-') ? `./${path}` : path).replaceAll("'", "'\\''")}'`;
}
