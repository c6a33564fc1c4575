/**
 * Measures what the frames of a zoom movie take: seconds a frame with compiled graphs of their own and with shared ones,
 * and the resident set as frames go by.
 *
 *     node dist/bench/movie-frames.js
 *
 * Run from the root of the repository. Every movie is a process of its own.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createMovieRecipe,
  createNodePlatform,
  dreamFrame,
  FrameFolder,
  frameRecipe,
  loadNetwork,
  MovieScript,
  type Picture,
  planDream,
  readPictureFile,
  recipeModel,
  SessionCache,
  zoomSettingsOf,
} from '../src/platform/node/index.js';

/** A movie to make: its options, and whether its frames share their graphs. */
interface Job {
  readonly size: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shared: boolean;
}

/** What came of it. */
interface Measured {
  readonly secondsEach: number;
  /** Megabytes of the resident set after each frame. */
  readonly residentMb: readonly number[];
}

const quick = { layers: 'mixed0', octaves: 1, steps: 1, zoom: 1.01, frames: 200 };
const octaves = { layers: 'mixed3,mixed5', octaves: 3, steps: 2, zoom: 1.01, frames: 200 };
const classic = { frames: 12 };

async function makeMovie({ size, options, shared }: Job): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-frames-'));
  const platform = await createNodePlatform();
  const sessions = new SessionCache(platform, { spareBytes: 2 ** 30 });
  try {
    const network = await loadNetwork();
    const photo: Picture = (await readPictureFile('examples/castle.jpg', { size })).picture;
    const script = new MovieScript(zoomSettingsOf({ seed: 1, ...options }));
    const { frames, drift, driftTo } = script.settings.movie;
    const plan = planDream(network, photo, script.frame(1).options);
    const recipe = createMovieRecipe({
      ...script.settings,
      model: recipeModel(network),
      inputs: [],
      runtime: { name: platform.runtime, version: platform.runtimeVersion, threads: platform.cores },
      size: plan.picture,
    });
    const kept = await FrameFolder.open(folder);
    const residentMb: number[] = [];
    let before = photo;
    let from = 0;
    for (let frame = 1; frame <= frames; frame++) {
      // The first frame finds nothing prepared.
      if (frame === 2) from = performance.now();
      const each = script.frame(frame);
      const source = { before, photos: [photo], tones: { drift, driftTo } };
      for await (const event of dreamFrame(each, source, plan, { platform, ...(shared && { sessions }) })) {
        if (event.type !== 'finished') continue;
        before = await kept.write(frame, event.picture, frameRecipe(recipe, each, kept.digestOf(frame - 1)), recipe);
      }
      residentMb.push(process.memoryUsage.rss() / 1e6);
    }
    return { secondsEach: (performance.now() - from) / 1000 / (frames - 1), residentMb };
  } finally {
    await sessions.close();
    await platform.close();
    await rm(folder, { recursive: true });
  }
}

async function measured(job: Job): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(job)]);
  return JSON.parse(stdout);
}

async function printTable(): Promise<void> {
  console.log('| movie | s a frame, own graphs | s a frame, shared | MB at frame 5 | 50 | 200 |');
  console.log('|---|---|---|---|---|---|');
  for (const [name, size, options] of [
    ['mixed0, one octave, one step', 96, quick],
    ['mixed3 and mixed5, three octaves, two steps', 160, octaves],
    ['`classic`, 12 frames', 320, classic],
  ] as const) {
    const own = await measured({ size, options: { ...options, frames: 12 }, shared: false });
    const { secondsEach, residentMb } = await measured({ size, options, shared: true });
    const cells = [
      `${size} pixels, ${name}`,
      own.secondsEach.toFixed(2),
      secondsEach.toFixed(2),
      ...[5, 50, 200].map((frame) => residentMb[frame - 1]?.toFixed(0) ?? '–'),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

const [job] = process.argv.slice(2);
if (job === undefined) await printTable();
else process.stdout.write(JSON.stringify(await makeMovie(JSON.parse(job))));
