import { type DreamState, parseRecipe, type Recipe } from '../../../dream/index.js';
import { ImageError } from '../../../errors.js';
import { type Checkpoint, openCheckpoint, writeCheckpoint } from './checkpoint-file.js';

/** A dream that was left in the middle, as its checkpoint has it. */
export interface UnfinishedDream {
  /** Of the dream that was begun, without its output. */
  readonly recipe: Recipe;
  /** Where it was. */
  readonly state: DreamState;
  /** Closes its file; the state must not be read afterwards. */
  close(): void;
}

/**
 * Writes where a dream is between two steps into a checkpoint file.
 *
 * @throws OutputError `output/write` when the disk is full, permission is denied, and so on
 */
export function writeDreamCheckpoint(path: string, recipe: Recipe, state: DreamState): Promise<void> {
  const { dreamed, optimizer, ranges, ...counts } = state;
  const facts = { recipe, counts: { ...counts, optimizerSteps: optimizer.steps }, ranges };
  return writeCheckpoint(path, { facts, rasters: [dreamed, ...optimizer.memory] });
}

/**
 * Opens the checkpoint of a dream.
 *
 * @returns undefined when there is no such file
 * @throws ImageError `image/unreadable` when it is no checkpoint of a dream, is damaged or cannot be read
 */
export function openDreamCheckpoint(path: string): UnfinishedDream | undefined {
  const checkpoint = openCheckpoint(path);
  if (checkpoint === undefined) return undefined;
  try {
    return { ...dreamIn(path, checkpoint), close: checkpoint.close };
  } catch (error) {
    checkpoint.close();
    throw error;
  }
}

/** What a checkpoint holds beside its pictures; older ones have no ranges. */
interface Facts {
  readonly recipe: unknown;
  readonly counts: Record<string, number | null>;
  readonly ranges?: readonly number[];
}

function dreamIn(path: string, { facts, rasters }: Checkpoint): Pick<UnfinishedDream, 'recipe' | 'state'> {
  const { recipe, counts, ranges } = facts as Facts;
  const [dreamed, ...memory] = rasters;
  if (!dreamed || typeof counts !== 'object' || counts === null) {
    throw new ImageError('image/unreadable', `${path}: expected a whole checkpoint, got one without a dream.`);
  }
  // JSON has no NaN.
  const count = (name: string): number => counts[name] ?? Number.NaN;
  const state: DreamState = {
    octave: count('octave'),
    steps: count('steps'),
    stepsDone: count('stepsDone'),
    flopsDone: count('flopsDone'),
    objectiveFirst: count('objectiveFirst'),
    objectiveLast: count('objectiveLast'),
    elapsedMs: count('elapsedMs'),
    dreamed,
    ranges: ranges ?? [],
    optimizer: { steps: count('optimizerSteps'), memory },
  };
  return { recipe: parseRecipe(JSON.stringify(recipe), path), state };
}
