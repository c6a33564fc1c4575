import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import {
  builtInName,
  createNodePlatform,
  ImageError,
  loadNetwork,
  ModelError,
  type NamedFile,
  type Network,
  type NodePlatform,
  OptionError,
  type PictureFormat,
  pictureFormats,
  type Recipe,
  version,
} from '../../../src/platform/node/index.js';
import { exitCodes } from '../exit-codes.js';
import { type Input, readInput, sha256Of } from '../files/input-file.js';
import { isMade, readNoise } from '../files/made-input.js';
import { guideSizes, type MaterialFlags, type Materials, materialPaths, readMaterials } from '../files/materials.js';
import { checkWritable, meansFolder, standardStream, stemOf, type Target } from '../files/output-file.js';
import { oneRecipe, readRecipe } from '../files/read-recipe.js';
import { announceRuntime, reportDream, say } from '../report/report.js';
import { canGoOnOver, findUnfinished } from './checkpoint.js';
import { goOnAdvice } from './go-on.js';
import { encodingOf, makeDream, type ProgressMode, planWithinMemory } from './make-dream.js';

/** A recipe may come from anywhere; no machine has more. */
const mostThreads = 1024;

/** The flags of `pareidolia rerun`. */
export interface RerunFlags extends MaterialFlags {
  readonly cell?: number;
  readonly output?: string;
  readonly input?: string;
  readonly model?: string;
  readonly force?: boolean;
  readonly maxMemory?: number;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: ProgressMode;
}

/**
 * Makes a picture again from the recipe inside it.
 *
 * @returns the exit code
 */
export async function rerunPicture(file: string, flags: RerunFlags): Promise<number> {
  const { force = false, resume = false, json = false, quiet = false, progress } = flags;
  const recipe = oneRecipe(await readRecipe(file), file, flags.cell);
  const target = await targetOf(recipe, file, flags.output);
  if (json && target.path === standardStream) {
    throw new OptionError('option/invalid', '--json: standard output is taken by -o -. Choose a file with -o.');
  }
  const overwrites = force || (resume && (await canGoOnOver(target.path)));
  await checkWritable(target.path, overwrites, target.makesFolder);
  const unfinished = await findUnfinished(target.path, { resume, force, quiet });
  const photo = flags.input ?? (await findPicture(recipe.input, file, 'input'));
  const input = await readOriginal(photo, recipe.input, file, recipe.options.size);
  const paths = await findMaterials(recipe, flags, file);
  const materials = await readMaterials(paths);
  checkMaterials(recipe, paths, materials, file);
  const network = await loadOriginal(flags.model ?? (await findModel(recipe, file)), recipe, file);
  const { format: _, ...output } = recipe.output;
  const plan = planWithinMemory(network, input.picture, recipe.options, {
    encoding: encodingOf(target.format, output),
    guides: guideSizes(materials),
    maxMemory: flags.maxMemory,
  });
  const platform = await createNodePlatform({ threads: recipe.runtime.threads });
  try {
    if (!quiet) {
      announceRuntime(platform);
      warnOfDifferences(recipe, platform);
    }
    const report = await makeDream({
      plan,
      unfinished,
      platform,
      input,
      materials: named(materials, recipe),
      output,
      target,
      force: overwrites,
      metadata: true,
      progress: quiet && progress === 'auto' ? 'none' : progress,
    });
    const { seed } = report;
    const goOn = goOnAdvice({
      output: target.path,
      input: photo,
      materials: materialPaths(paths),
      model: flags.model,
      metadata: true,
      seed,
    });
    if (!quiet || json) reportDream(report, recipe.input.name, goOn, json);
    return report.recipe.stopped ? exitCodes.interrupted : exitCodes.ok;
  } finally {
    await platform.close();
  }
}

/** The same format as before, which this program must be able to write, under the name that was asked for or `NAME-rerun`. */
async function targetOf(recipe: Recipe, file: string, output: string | undefined): Promise<Target> {
  const { format } = recipe.output;
  if (!Object.values<string>(pictureFormats).includes(format)) {
    throw new ImageError(
      'image/no-recipe',
      `${file}: its recipe asks for the format "${format}", which this version does not write. Use a newer one.`,
    );
  }
  const { threads } = recipe.runtime;
  if (threads < 1 || threads > mostThreads) {
    throw new ImageError(
      'image/no-recipe',
      `${file}: its recipe asks for ${threads} threads, expected 1 to ${mostThreads}. Make the picture again.`,
    );
  }
  const saysFormat = (name: string): boolean => formatNamed(name) === format;
  const extension = file !== standardStream && saysFormat(file) ? extname(file) : `.${format}`;
  const name = `${stemOf(file)}-rerun${extension}`;
  if (output === undefined)
    return { path: join(dirname(file), name), format: format as PictureFormat, makesFolder: false };
  const intoFolder = await meansFolder(output);
  if (!intoFolder && output !== standardStream && !saysFormat(output)) {
    throw new OptionError(
      'option/invalid',
      `${output}: expected a name ending in .${format}, as ${file} has that format, got "${extname(output)}". Choose another name with -o.`,
    );
  }
  return { path: intoFolder ? join(output, name) : output, format: format as PictureFormat, makesFolder: intoFolder };
}

function formatNamed(name: string): PictureFormat | undefined {
  const extension = extname(name).slice(1).toLowerCase();
  return Object.hasOwn(pictureFormats, extension)
    ? pictureFormats[extension as keyof typeof pictureFormats]
    : undefined;
}

/** A picture that a recipe names, and the flag that names it here. */
type Named = NamedFile;
type PictureFlag = 'input' | 'mask' | 'guide' | 'direction' | 'match-to';

function checkSame(path: string, got: Named, expected: Named, file: string, flag: PictureFlag): void {
  if (got.sha256 === expected.sha256) return;
  throw new ImageError(
    'image/missing',
    `${path} is not the file that ${file} was made from: expected SHA-256 ${expected.sha256}, got ${got.sha256}. Name the original with --${flag}.`,
  );
}

/** Where the files are that the dream went by: as the flags say, else looked for like the photo. */
async function findMaterials(recipe: Recipe, flags: MaterialFlags, file: string): Promise<MaterialFlags> {
  const { mask, guides = [], direction, matchTo } = recipe;
  if (flags.guide && flags.guide.length !== guides.length) {
    throw new OptionError(
      'option/invalid',
      `--guide: expected ${guides.length} as ${file} was made with, got ${flags.guide.length}. Name all of them, in their order.`,
    );
  }
  return {
    mask: mask && (flags.mask ?? (await findPicture(mask, file, 'mask'))),
    guide: flags.guide ?? (await Promise.all(guides.map((guide) => findPicture(guide, file, 'guide')))),
    direction: direction && (flags.direction ?? (await findPicture(direction, file, 'direction'))),
    matchTo: matchTo && (flags.matchTo ?? (await findPicture(matchTo, file, 'match-to'))),
  };
}

function checkMaterials(recipe: Recipe, paths: MaterialFlags, materials: Materials, file: string): void {
  const { mask, guides = [], direction, matchTo } = recipe;
  if (mask) checkSame(paths.mask!, materials.mask!, mask, file, 'mask');
  if (direction) checkSame(paths.direction!, materials.direction!, direction, file, 'direction');
  if (matchTo) checkSame(paths.matchTo!, materials.matchTo!, matchTo, file, 'match-to');
  guides.forEach((guide, i) => {
    checkSame(paths.guide![i]!, materials.guides[i]!, guide, file, 'guide');
  });
}

/** The materials under the recipe's own names, so that the new recipe is the same text. */
function named(materials: Materials, recipe: Recipe): Materials {
  const { mask, guides, direction, matchTo } = materials;
  return {
    mask: mask && { ...mask, ...recipe.mask },
    guides: guides.map((guide, i) => ({ ...guide, ...recipe.guides![i] })),
    direction: direction && { ...direction, ...recipe.direction },
    matchTo: matchTo && { ...matchTo, ...recipe.matchTo },
  };
}

async function readOriginal(path: string, named: Named, file: string, size: number): Promise<Input> {
  const input = readNoise(path) ?? (await readInput(path, size));
  checkSame(path, input, named, file, 'input');
  // The recipe's own name for the picture, so that the new recipe is the same text.
  return { ...input, name: named.name };
}

async function loadOriginal(model: string | undefined, recipe: Recipe, file: string): Promise<Network> {
  const network = await loadNetwork(model, { recipe: recipe.model.preprocessing ?? 'file' });
  if (network.sha256 !== recipe.model.sha256) {
    throw new ModelError(
      'model/missing',
      `${network.name} is not the network that ${file} was made with: expected SHA-256 ${recipe.model.sha256}, got ${network.sha256}. Name it with --model.`,
    );
  }
  return network;
}

/** Another version or runtime computes the same dream, but maybe not the same last digits. */
function warnOfDifferences({ runtime, pareidolia }: Recipe, platform: NodePlatform): void {
  const { name, version: runtimeVersion } = runtime;
  if (name === platform.runtime && runtimeVersion === platform.runtimeVersion && pareidolia === version) return;
  say(
    `Made by pareidolia ${pareidolia} with ${name} ${runtimeVersion}; this is ${version} with ${platform.runtime} ${platform.runtimeVersion}: the last digits may differ.`,
  );
}

/** Looks for the original by name and digest: beside the dream, then in the current folder. */
async function findPicture(named: Named, file: string, flag: PictureFlag): Promise<string> {
  if (isMade(named.name)) return named.name;
  if (named.name === standardStream) {
    throw new ImageError(
      'image/missing',
      `${file} was made from standard input, so its photo cannot be found. Name the original with --${flag}.`,
    );
  }
  const name = basename(named.name);
  for (const path of [join(dirname(file), name), name]) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes && sha256Of(bytes) === named.sha256) return path;
  }
  throw new ImageError(
    'image/missing',
    `${file} was made from ${named.name}, which is neither beside it nor here (or has changed). Name the original with --${flag}.`,
  );
}

async function findModel({ model }: Recipe, file: string): Promise<string | undefined> {
  if (model.name === builtInName) return undefined;
  const beside = join(dirname(file), basename(model.name));
  return (await readFile(beside).catch(() => undefined)) ? beside : basename(model.name);
}
