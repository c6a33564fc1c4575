import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputError } from '../../../errors.js';
import type { Picture } from '../../../image/index.js';
import type { FramesRecipe } from '../../../movie/index.js';
import { readPicture } from '../pictures/read-picture.js';
import { extractRecipe } from '../pictures/recipe-metadata.js';
import { encodePicture } from '../pictures/write-picture.js';
import { holderText, takeLock } from './file-lock.js';
import { makeFolder } from './make-folder.js';
import { writeWhole } from './write-whole.js';

/** Why a movie does not go on after its last frame. */
export interface Flaw {
  /** The first frame that cannot stay, counted from 1. */
  readonly frame: number;
  /** What is wrong with it: its file is gone, is not as it was written, or was made with something else. */
  readonly fault: 'missing' | 'damaged' | 'made otherwise';
}

/** What a folder of frames says of the movie in it. */
interface Manifest {
  readonly recipe: FramesRecipe;
  /** SHA-256 of each frame's file. */
  readonly frames: readonly string[];
}

const manifestName = 'movie.json';
const lockName = 'movie.lock';
const frameName = /^\d{5}\.png$/;
/** What an interrupted write leaves behind. */
const temporaryName = /^\.[^/]+\.\d+-[0-9a-f]{12}\.tmp$/;

/**
 * The frames of a movie in a folder: 16-bit PNGs `00001.png` and so on, each with a recipe of all that decides it, and
 * `movie.json`, which holds the movie's recipe and the SHA-256 of every frame. Whatever ends the process, at most the
 * frame in progress is lost. While `movie.lock` is there, the process that it names writes into the folder.
 */
export class FrameFolder {
  /** The folder. */
  readonly path: string;
  /** How the movie in it was made as far as it goes; undefined where there is none. */
  readonly recipe: FramesRecipe | undefined;
  #frames: readonly string[];
  #cleared = false;
  #release: (() => void) | undefined;

  private constructor(path: string, manifest: Manifest | undefined) {
    this.path = path;
    this.recipe = manifest?.recipe;
    this.#frames = manifest?.frames ?? [];
  }

  /**
   * Looks at a folder, which need not exist yet, and changes nothing.
   *
   * @param force take the place of frames that no `movie.json` tells of
   * @throws OutputError `output/exists` when there are such frames and `force` is off; `output/write` when there is
   *   something else of that name
   */
  static async open(path: string, force = false): Promise<FrameFolder> {
    const names = await readdir(path).catch((cause: NodeJS.ErrnoException): string[] => {
      if (cause.code === 'ENOENT') return [];
      const reason = cause.code === 'ENOTDIR' ? 'it is a file' : `it cannot be read (${cause.code})`;
      throw new OutputError(
        'output/write',
        `${path}: expected a folder for frames, but ${reason}. Choose another -o.`,
        {
          cause,
        },
      );
    });
    const manifest = names.includes(manifestName)
      ? manifestFrom(await readFile(join(path, manifestName), 'utf8').catch(() => ''))
      : undefined;
    if (!manifest && !force && names.some((name) => frameName.test(name))) {
      throw new OutputError(
        'output/exists',
        `${path} holds frames that no ${manifestName} tells of. Use --force to write over them, or choose another name with -o.`,
      );
    }
    return new FrameFolder(path, manifest);
  }

  /**
   * Opens a folder to write into, and keeps other processes from doing so until {@link FrameFolder.release} or the end of
   * this process. It is made where it is missing, and goes again if nothing comes into it.
   *
   * @param force as for {@link FrameFolder.open}
   * @throws OutputError as {@link FrameFolder.open}; `output/busy` when another process writes into it
   */
  static async claim(path: string, force = false): Promise<FrameFolder> {
    const file = join(path, lockName);
    const lock = await takeLock(file, { makesFolder: true });
    if ('heldBy' in lock) {
      const message = `${path}: ${holderText(lock.heldBy)} is making these frames. Wait until it is done; if it is gone, delete ${file}.`;
      throw new OutputError('output/busy', message);
    }
    try {
      const folder = await FrameFolder.open(path, force);
      folder.#release = lock.release;
      return folder;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Lets others write into a folder that was claimed. */
  release(): void {
    this.#release?.();
  }

  /** How many frames there are, good or not. */
  get count(): number {
    return this.#frames.length;
  }

  /** The file of a frame, counted from 1. */
  fileOf(frame: number): string {
    return join(this.path, `${String(frame).padStart(5, '0')}.png`);
  }

  /** SHA-256 of a frame's file; `null` before the first. */
  digestOf(frame: number): string | null {
    return this.#frames[frame - 1] ?? null;
  }

  /**
   * Goes through the frames that are there, and finds the first that cannot stay.
   *
   * @param recipeOf the recipe that a frame must have, see `frameRecipe`; undefined where there is no such frame in the
   *   movie, which those after it do not belong to either
   * @returns undefined when all of them are good
   */
  async firstFlaw(
    recipeOf: (frame: number, before: string | null) => string | Promise<string | undefined>,
  ): Promise<Flaw | undefined> {
    for (let frame = 1; frame <= this.count; frame++) {
      const wanted = await recipeOf(frame, this.digestOf(frame - 1));
      if (wanted === undefined) return undefined;
      const bytes = await readFile(this.fileOf(frame)).catch(() => undefined);
      if (!bytes) return { frame, fault: 'missing' };
      if (sha256Of(bytes) !== this.digestOf(frame)) return { frame, fault: 'damaged' };
      const recipe = await extractRecipe(bytes).catch(() => undefined);
      if (recipe !== wanted) return { frame, fault: 'made otherwise' };
    }
    return undefined;
  }

  /** Decodes a frame. */
  async read(frame: number): Promise<Picture> {
    return readPicture(await readFile(this.fileOf(frame)), { name: this.fileOf(frame) });
  }

  /**
   * Writes a frame; those that were there from this one on go first.
   *
   * @param frame counted from 1; the frames before it are there
   * @param text its recipe
   * @param recipe the movie's
   * @returns the frame as its file has it, with 16 bits a channel
   * @throws OutputError when it cannot be written
   */
  async write(frame: number, picture: Picture, text: string, recipe: FramesRecipe): Promise<Picture> {
    const bytes = await encodePicture(picture, { format: 'png', depth: 16, recipe: text });
    await this.#clearFrom(frame, recipe);
    await writeWhole(this.fileOf(frame), bytes, { overwrite: true });
    this.#frames = [...this.#frames, sha256Of(bytes)];
    await this.#writeManifest(recipe);
    return readPicture(bytes, { name: this.fileOf(frame) });
  }

  async #clearFrom(frame: number, recipe: FramesRecipe): Promise<void> {
    if (this.#cleared && this.count === frame - 1) return;
    await makeFolder(this.path);
    this.#frames = this.#frames.slice(0, frame - 1);
    // First the list, then the files: what is not on the list does not count.
    await this.#writeManifest(recipe);
    for (const name of await readdir(this.path)) {
      const stale = frameName.test(name) && Number.parseInt(name, 10) >= frame;
      if (stale || temporaryName.test(name)) await rm(join(this.path, name), { force: true });
    }
    this.#cleared = true;
  }

  async #writeManifest(recipe: FramesRecipe): Promise<void> {
    const text = `${JSON.stringify({ recipe, frames: this.#frames }, null, 1)}\n`;
    await writeWhole(join(this.path, manifestName), Buffer.from(text), { overwrite: true });
  }
}

/** Reads a manifest, of which only what is used is checked; undefined when it is none. */
function manifestFrom(text: string): Manifest | undefined {
  try {
    const { recipe, frames } = JSON.parse(text) as Manifest;
    const { seed } = recipe.dream;
    const { threads } = recipe.runtime;
    const good =
      frames.every((digest) => /^[0-9a-f]{64}$/.test(digest)) &&
      seed !== null &&
      isWhole(seed, 0, 0xffffffff) &&
      isWhole(threads, 1, 1024);
    return good ? { recipe, frames } : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
