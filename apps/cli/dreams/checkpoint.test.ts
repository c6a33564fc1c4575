import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRecipe, type DreamState, parseOptions, type Raster, type Recipe } from '../../../src/index.js';
import {
  dreamOptions,
  dreamOptionsOf,
  OptionError,
  OutputError,
  outputOptions,
} from '../../../src/platform/node/index.js';
import type { Target } from '../files/output-file.js';
import { CheckpointKeeper, checkpointPath, checkSameDream, findUnfinished } from './checkpoint.js';

let folder: string;
let output: string;
let target: Target;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pareidolia-keeper-'));
  output = join(folder, 'dream.png');
  target = { path: output, format: 'png', makesFolder: false };
});
afterEach(() => rm(folder, { recursive: true }));

function recipeOf(values: Readonly<Record<string, unknown>> = {}, facts: Partial<Recipe> = {}): Recipe {
  return createRecipe({
    options: dreamOptionsOf({ seed: 7, tile: 512, ...values }),
    output: { ...parseOptions(outputOptions, {}), format: 'png' },
    model: { name: 'built-in', sha256: 'a'.repeat(64) },
    input: { name: 'photo.jpg', sha256: 'b'.repeat(64) },
    runtime: { name: 'onnxruntime-node', version: '1.0.0', threads: 2 },
    ...facts,
  });
}

const raster = (value: number): Raster => ({
  planes: 3,
  width: 4,
  height: 2,
  rows: (_, top, bottom) => new Float32Array(4 * (bottom - top)).fill(value),
});

function stateAfter(elapsedMs: number, facts: Partial<DreamState> = {}): DreamState {
  return {
    ...{ octave: 1, steps: 3, stepsDone: 23, flopsDone: 1.5e9, objectiveFirst: Number.NaN, objectiveLast: 0.1 },
    ...{
      elapsedMs,
      ranges: [0.1, 2.5],
      dreamed: raster(0.25),
      optimizer: { steps: 3, memory: [raster(2), raster(3)] },
    },
    ...facts,
  };
}

/** Keeps a dream that was stopped after so many milliseconds, as far as it is worth keeping. */
async function stopped(elapsedMs: number): Promise<CheckpointKeeper> {
  const keeper = new CheckpointKeeper(target, recipeOf(), () => {});
  await keeper.save(stateAfter(elapsedMs), true);
  return keeper;
}

describe('a dream that took more than a minute', () => {
  test('is kept when it is stopped, and is found with all that was known', async () => {
    const keeper = await stopped(90_000);
    expect(keeper.advice).toBe(
      `The dream up to octave 2, step 3 is kept in ${checkpointPath(output)}. The same command with --resume goes on from there.`,
    );
    expect(await keeper.finish(true)).toBe(true);
    const { recipe, state, close } = (await findUnfinished(output, { resume: true }))!;
    expect(recipe).toEqual(recipeOf());
    const { dreamed, optimizer, ...counts } = state;
    const { dreamed: _, optimizer: __, ...expected } = stateAfter(90_000);
    expect(counts).toEqual(expected);
    expect(optimizer.steps).toBe(3);
    expect([dreamed, ...optimizer.memory].map((each) => each.rows(2, 1, 2)[3])).toEqual([0.25, 2, 3]);
    close();
  });

  test('is not begun anew unless that is said', async () => {
    await stopped(90_000);
    await expect(findUnfinished(output, { quiet: true })).rejects.toThrow(
      new OutputError(
        'output/exists',
        `${checkpointPath(output)} holds a dream that was left after 23 steps (1 min 30 s). Use --resume to go on with it, or --force to begin anew.`,
      ),
    );
    expect(await findUnfinished(output, { force: true, quiet: true })).toBeUndefined();
  });

  test('loses its checkpoint when it is whole', async () => {
    const keeper = await stopped(90_000);
    expect(await keeper.finish(false)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a short dream that is stopped is not kept', async () => {
  const keeper = await stopped(10_000);
  expect(keeper.advice).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test('a dream whose checkpoint cannot be written goes on without, and says so once', async () => {
  const notes: string[] = [];
  const keeper = new CheckpointKeeper({ ...target, path: join(folder, 'no', 'dream.png') }, recipeOf(), (text) => {
    notes.push(text);
  });
  for (let i = 0; i < 3; i++) await keeper.save(stateAfter(90_000), true);
  expect(notes).toEqual([expect.stringMatching(/^There will be no checkpoint of this dream: .+ does not exist\. /)]);
});

test('what is there and is no checkpoint is no reason not to dream', async () => {
  await writeFile(checkpointPath(output), 'something else');
  expect(await findUnfinished(output, { resume: true, quiet: true })).toBeUndefined();
});

describe('the same dream', () => {
  test('may be written otherwise, and its files may have other names', () => {
    const renamed = recipeOf({}, { input: { name: 'other.jpg', sha256: 'b'.repeat(64) } });
    const deeper = { ...recipeOf().output, format: 'tiff', depth: '16' as const };
    expect(() => checkSameDream(output, recipeOf(), { ...renamed, output: deeper })).not.toThrow();
  });

  test.each<[string, Recipe, string]>([
    ['an option', recipeOf({ steps: 30 }), 'its --steps is 20, not 30'],
    ['the seed', recipeOf({ seed: 8 }), 'its --seed is 7, not 8'],
    ['the photo', recipeOf({}, { input: { name: 'photo.jpg', sha256: 'c'.repeat(64) } }), 'it has another picture'],
    ['the network', recipeOf({}, { model: { name: 'built-in', sha256: 'c'.repeat(64) } }), 'it has another network'],
    ['a mask', recipeOf({}, { mask: { name: 'm.png', sha256: 'c'.repeat(64) } }), 'it has another mask'],
    ['guides', recipeOf({}, { guides: [{ name: 'm.png', sha256: 'c'.repeat(64) }] }), 'it has another set of guides'],
    ['the threads', recipeOf({}, { runtime: { ...recipeOf().runtime, threads: 4 } }), 'its --threads is 2, not 4'],
    [
      'the runtime',
      recipeOf({}, { runtime: { ...recipeOf().runtime, version: '2.0.0' } }),
      'its runtime is onnxruntime-node 1.0.0, not onnxruntime-node 2.0.0',
    ],
    [
      'the program',
      { ...recipeOf(), pareidolia: '9.9.9' },
      `its version of pareidolia is ${recipeOf().pareidolia}, not 9.9.9`,
    ],
  ])('is another one with another value of %s', (_, here, fact) => {
    expect(() => checkSameDream(output, recipeOf(), here)).toThrow(
      new OptionError(
        'option/invalid',
        `--resume: ${checkpointPath(output)} is of another dream: ${fact}. Give what it was begun with, or leave --resume out and use --force to begin anew.`,
      ),
    );
  });

  test('is told by every option there is', () => {
    for (const name of Object.keys(dreamOptions)) {
      const other = { ...recipeOf(), options: { ...recipeOf().options, [name]: 'other' } } as Recipe;
      expect(() => checkSameDream(output, recipeOf(), other)).toThrow(OptionError);
    }
  });
});
