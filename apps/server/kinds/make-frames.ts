import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type DreamEvent,
  FrameFolder,
  type FramesRecipe,
  type NodePlatform,
  type Picture,
  type RunOptions,
  SessionCache,
} from '../../../src/platform/node/index.js';
import type { Task } from '../worker/protocol.js';
import { encodePreview } from './dream/task.js';
import type { TaskTools } from './task-tools.js';

/** What makes the frames of a movie, each from the one before. */
export interface FrameMaker {
  /** How many frames there will be. */
  readonly count: number;
  /** Whether there is a frame of that number, counted from 1. Asked in their order. */
  has(frame: number): boolean | Promise<boolean>;
  /** Everything that decides a frame; `before` is the SHA-256 of the file of the frame before. */
  recipeOf(frame: number, before: string | null): string;
  /**
   * Makes a frame.
   *
   * @param before the frame before; undefined for the first
   */
  dream(frame: number, before: Picture | undefined, run: RunOptions): AsyncGenerator<DreamEvent, void>;
}

/** A folder with the frames that earlier attempts have kept. */
export async function keptFrames(task: Task): Promise<FrameFolder> {
  const path = join(task.folder, 'frames');
  await mkdir(path);
  for (const [name, kept] of Object.entries(task.checkpoint)) await copyFile(kept, join(path, name));
  return FrameFolder.open(path, true);
}

/**
 * Makes the frames that are missing, one after the other, and has each kept to go on from.
 *
 * @param recipe the movie's
 * @returns whether all are there; false when it was to stop
 */
export async function makeFrames(
  task: Task,
  tools: TaskTools,
  folder: FrameFolder,
  maker: FrameMaker,
  platform: NodePlatform,
  recipe: FramesRecipe,
): Promise<boolean> {
  const sessions = new SessionCache(platform);
  const run = { platform, sessions, stop: tools.stop, previewEveryMs: 500 };
  let before: Picture | undefined;
  try {
    const begin = await firstToMake(folder, maker);
    const startedAt = performance.now();
    for (let frame = begin; await maker.has(frame); frame++) {
      if (tools.stop.aborted) return false;
      if (frame > 1) before ??= await folder.read(frame - 1);
      let made: Picture | undefined;
      for await (const event of maker.dream(frame, before, run)) {
        if (event.type === 'preview') tools.preview(await encodePreview(event));
        else if (event.type === 'finished' && !event.stopped) made = event.picture;
      }
      if (!made) return false;
      before = await folder.write(frame, made, maker.recipeOf(frame, folder.digestOf(frame - 1)), recipe);
      await keep(task, tools, folder.fileOf(frame));
      await keep(task, tools, join(folder.path, 'movie.json'));
      const total = Math.max(frame, maker.count);
      const remainingMs = ((performance.now() - startedAt) / (frame - begin + 1)) * (total - frame);
      tools.progress({ progress01: Math.min(1, frame / (maker.count + 1)), done: frame, total, remainingMs });
    }
    return true;
  } finally {
    await sessions.close();
  }
}

/** The frame to go on with, counted from 1: those before it are there and as they must be. */
async function firstToMake(folder: FrameFolder, maker: FrameMaker): Promise<number> {
  const flaw = await folder.firstFlaw(async (frame, before) =>
    (await maker.has(frame)) ? maker.recipeOf(frame, before) : undefined,
  );
  return flaw?.frame ?? folder.count + 1;
}

/** Has a copy kept to go on from; the frame itself is needed here. */
async function keep(task: Task, tools: TaskTools, path: string): Promise<void> {
  const copy = join(task.folder, 'kept');
  await copyFile(path, copy);
  await tools.checkpoint(basename(path), copy);
}
