import { basename, dirname, resolve } from 'node:path';
import { standardStream } from '../files/output-file.js';

/** A dream that was stopped, as the command line named its files. */
export interface StoppedDream {
  readonly output: string;
  readonly input: string;
  /** What else it went by, each file with its flag. */
  readonly materials?: readonly (readonly [flag: string, path: string])[];
  readonly model?: string | undefined;
  /** Whether the recipe is inside the output. */
  readonly metadata: boolean;
  readonly seed: number;
}

/** Says how a dream that was stopped is made whole. */
export function goOnAdvice({ output, input, materials = [], model, metadata, seed }: StoppedDream): string {
  if (!metadata) return `It holds no recipe. To make it whole, dream again with --seed ${seed}.`;
  const words = ['pareidolia rerun', output === standardStream ? 'FILE' : shellWord(output)];
  if (input === standardStream) words.push('--input PHOTO');
  else if (!isFoundFrom(output, input)) words.push(`--input ${shellWord(input)}`);
  // Guides are told apart by their order, so that one that is not found brings all of them.
  for (const [flag, path] of materials) {
    const kin = materials.filter(([other]) => other === flag);
    if (kin.some(([, each]) => !isFoundFrom(output, each))) words.push(`${flag} ${shellWord(path)}`);
  }
  if (model !== undefined && !isFoundFrom(output, model)) words.push(`--model ${shellWord(model)}`);
  return `To make it whole: ${words.join(' ')}`;
}

/** Whether `rerun` finds a file by its name: beside the dream, or in the current folder. */
function isFoundFrom(output: string, path: string): boolean {
  const places = output === standardStream ? ['.'] : ['.', dirname(output)];
  return places.some((folder) => resolve(folder, basename(path)) === resolve(path));
}

/** A path as a shell takes it. */
export function shellWord(path: string): string {
  if (/^[\w./+@%:,=][\w./+@%:,=-]*$/.test(path)) return path;
  return `'${(path.startsWith('-') ? `./${path}` : path).replaceAll("'", "'\\''")}'`;
}
