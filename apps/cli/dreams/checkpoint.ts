import { readFile, rm, stat } from 'node:fs/promises';
import {
  canonicalJson,
  type DreamState,
  extractRecipe,
  flagOf,
  ImageError,
  OptionError,
  OutputError,
  openDreamCheckpoint,
  parseRecipe,
  type Recipe,
  sweepTemporaries,
  type UnfinishedDream,
  writeDreamCheckpoint,
} from '../../../src/platform/node/index.js';
import { exists, makeFolderFor, standardStream, type Target } from '../files/output-file.js';
import { say } from '../report/report.js';
import { durationText } from '../terminal/bar.js';

/** What a dream so far is worth: one that took less may be begun anew without asking. */
const worthKeepingMs = 60_000;
/** Writing checkpoints takes at most one part in so many of the time. */
const sparing = 20;
/** What writing costs is not known before the first one. */
const bytesPerMs = 200_000;
const leastMs = 500;

/** What the command line says about checkpoints and files that are there already. */
export interface ResumeFlags {
  readonly resume?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** Where the checkpoint of a dream lies. */
export function checkpointPath(output: string): string {
  return `${output}.checkpoint`;
}

/**
 * Looks for a dream to go on with, and sees to it that none is lost by being begun anew.
 *
 * @param output the file that the dream will be written to
 * @returns undefined where there is none, or it shall be or has to be begun anew
 * @throws OptionError where there can be none; OutputError `output/exists` when there is one that nobody asked for
 */
export async function findUnfinished(
  output: string,
  { resume = false, force = false, quiet = false }: ResumeFlags,
): Promise<UnfinishedDream | undefined> {
  if (output === standardStream) {
    if (!resume) return undefined;
    throw new OptionError(
      'option/invalid',
      '--resume: expected a file to write to, got standard output, which has no checkpoint. Choose a file with -o.',
    );
  }
  const path = checkpointPath(output);
  await sweepTemporaries(path);
  const note = (text: string): void => {
    if (!quiet) say(text);
  };
  const found = openUnfinished(path);
  if (found === undefined) {
    if (resume) note(`There is no ${path}: the dream begins anew.`);
    return undefined;
  }
  if (found instanceof ImageError) {
    // Nothing can be saved from it, and a result is wanted all the same.
    say(`${found.message} The dream begins anew.`);
    return undefined;
  }
  const { elapsedMs, stepsDone } = found.state;
  if (resume) return found;
  found.close();
  const what = `a dream that was left after ${stepsDone} ${stepsDone === 1 ? 'step' : 'steps'} (${durationText(elapsedMs)})`;
  if (!force && elapsedMs >= worthKeepingMs) {
    throw new OutputError(
      'output/exists',
      `${path} holds ${what}. Use --resume to go on with it, or --force to begin anew.`,
    );
  }
  note(`${path} holds ${what}; it begins anew. Use --resume to go on with such a dream.`);
  return undefined;
}

/**
 * Whether a file is a dream that was stopped and has a checkpoint: going on with it may overwrite the file, since all of
 * it comes again.
 *
 * @param output a file, which need not be there
 */
export async function canGoOnOver(output: string): Promise<boolean> {
  return (await exists(checkpointPath(output))) && (await recipeIn(output))?.stopped !== undefined;
}

/**
 * Whether a file holds a dream that came to its end, whatever ended the process after that. A checkpoint that is newer
 * than the file is of another dream.
 */
export async function isDreamed(output: string): Promise<boolean> {
  const recipe = await recipeIn(output);
  if (!recipe || recipe.stopped) return false;
  const checkpoint = await stat(checkpointPath(output)).catch(() => undefined);
  return !checkpoint || checkpoint.mtimeMs <= (await stat(output)).mtimeMs;
}

/** Whether a picture of many was dreamed by an earlier run: its file is there, and nothing to go on with. */
export async function isFinished(output: string): Promise<boolean> {
  return (await exists(output)) && (!(await exists(checkpointPath(output))) || (await isDreamed(output)));
}

/** The recipe in a picture; undefined where there is none of ours. */
async function recipeIn(output: string): Promise<Recipe | undefined> {
  try {
    const text = await extractRecipe(await readFile(output), output);
    return text === undefined ? undefined : parseRecipe(text, output);
  } catch {
    return undefined;
  }
}

/** A dream to go on with, what is wrong with its file, or undefined when there is none. */
function openUnfinished(path: string): UnfinishedDream | ImageError | undefined {
  try {
    return openDreamCheckpoint(path);
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
}

/** What a recipe says that decides the dream, by the name that a user knows it by. */
function deciding({ output: _, stopped: __, options, runtime, ...rest }: Recipe): Map<string, unknown> {
  const names: Readonly<Record<string, string>> = {
    pareidolia: 'version of pareidolia',
    input: 'picture',
    model: 'network',
    guides: 'set of guides',
    matchTo: 'picture to match',
  };
  // Files may have been renamed; their digests decide.
  const unnamed = ([key, value]: [string, unknown]): [string, unknown] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [names[key] ?? key, value];
    const { name: ___, ...facts } = value as Record<string, unknown>;
    return [names[key] ?? key, facts];
  };
  return new Map<string, unknown>([
    ...Object.entries(rest).map(unnamed),
    ...Object.entries(options).map(([name, value]): [string, unknown] => [flagOf(name), value]),
    ['runtime', `${runtime.name} ${runtime.version}`],
    ['--threads', runtime.threads],
  ]);
}

/**
 * Refuses to go on with one dream as if it were another.
 *
 * @throws OptionError that names the first difference
 */
export function checkSameDream(output: string, there: Recipe, here: Recipe): void {
  const [before, now] = [deciding(there), deciding(here)];
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const [was, is] = [before.get(name), now.get(name)];
    if (canonicalJson(was) === canonicalJson(is)) continue;
    const simple = [was, is].every((value) => ['string', 'number', 'boolean'].includes(typeof value));
    const fact = simple ? `its ${name} is ${was}, not ${is}` : `it has another ${name}`;
    throw new OptionError(
      'option/invalid',
      `--resume: ${checkpointPath(output)} is of another dream: ${fact}. Give what it was begun with, or leave --resume out and use --force to begin anew.`,
    );
  }
}

/** Keeps the checkpoint of a dream that is running. */
export class CheckpointKeeper {
  readonly #target: Target;
  readonly #path: string | undefined;
  readonly #recipe: Recipe;
  readonly #note: (text: string) => void;
  #costMs: number | undefined;
  #savedAt = performance.now();
  #failed = false;
  #kept: DreamState | undefined;

  /**
   * @param target where the dream will be written to; standard output has no checkpoint
   * @param recipe the dream's, as far as it is known
   * @param note says something to the user
   * @param from where the dream goes on, whose checkpoint is there already
   */
  constructor(target: Target, recipe: Recipe, note: (text: string) => void, from?: DreamState) {
    this.#target = target;
    this.#path = target.path === standardStream ? undefined : checkpointPath(target.path);
    this.#recipe = recipe;
    this.#note = note;
    this.#kept = from;
  }

  /**
   * Writes a checkpoint where the last one is long enough ago, and always when a dream stops that is worth keeping. A
   * dream whose checkpoint cannot be written goes on without.
   */
  async save(state: DreamState, stops: boolean): Promise<void> {
    if (this.#path === undefined || this.#failed) return;
    const rasters = [state.dreamed, ...state.optimizer.memory];
    const bytes = rasters.reduce((sum, { planes, width, height }) => sum + 4 * planes * width * height, 0);
    const pauseMs = Math.max(leastMs, sparing * (this.#costMs ?? bytes / bytesPerMs));
    const due = performance.now() - this.#savedAt >= pauseMs;
    if (!due && !(stops && state.elapsedMs >= worthKeepingMs)) return;
    const startedAt = performance.now();
    try {
      if (this.#target.makesFolder) await makeFolderFor(this.#target.path);
      await writeDreamCheckpoint(this.#path, this.#recipe, state);
      this.#kept = state;
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#failed = true;
      this.#note(`There will be no checkpoint of this dream: ${error.message}`);
    }
    this.#savedAt = performance.now();
    this.#costMs = this.#savedAt - startedAt;
  }

  /** How a dream that was left can be gone on with; undefined where nothing is kept. */
  get advice(): string | undefined {
    if (this.#kept === undefined) return undefined;
    const { octave, steps } = this.#kept;
    return `The dream up to octave ${octave + 1}, step ${steps} is kept in ${this.#path}. The same command with --resume goes on from there.`;
  }

  /**
   * Removes the checkpoint once the result is written, but not that of a dream that was stopped and is worth going on
   * with.
   *
   * @returns whether it stays
   */
  async finish(stopped: boolean): Promise<boolean> {
    if (this.#path === undefined) return false;
    if (stopped && this.#kept && this.#kept.elapsedMs >= worthKeepingMs) return true;
    await rm(this.#path, { force: true });
    return false;
  }
}
