import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Recipe } from '../../../src/index.js';
import { exitCodes } from '../exit-codes.js';
import type { ProgressMode } from '../make-dream.js';

interface RerunFlags {
  readonly output?: string;
  readonly input?: string;
  readonly model?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: ProgressMode;
}

const examples = `
Examples:
  pareidolia rerun castle-dream.png                        the same bytes again, in castle-dream-rerun.png
  pareidolia rerun castle-dream.png --input old/castle.jpg where the photo has moved`;

/** Registers `pareidolia rerun`. */
export function registerRerun(program: Command): void {
  program
    .command('rerun')
    .summary('make a picture again from its recipe')
    .description(
      'Make a picture again, byte for byte, from the recipe inside it. A dream that was stopped is made whole.',
    )
    .argument('<file>', 'a picture made by pareidolia')
    .option('-o, --output <file>', 'where it goes (default: NAME-rerun beside FILE)')
    .option('--input <photo>', 'the original photo (default: looked for beside FILE and here)')
    .option('--model <file>', 'the network, where it was not the built-in one')
    .option('-f, --force', 'overwrite an existing file')
    .option('--json', 'print one JSON object about the result')
    .option('-q, --quiet', 'say nothing but errors')
    .option('--progress <mode>', 'how to show progress: auto, json or none', 'auto')
    .addHelpText('after', examples)
    .action(async (file: string, flags: RerunFlags) => {
      process.exitCode = await run(file, flags);
    });
}

async function run(file: string, flags: RerunFlags): Promise<number> {
  const library = await import('../../../src/platform/node/index.js');
  const { readRecipe } = await import('../read-recipe.js');
  const { checkWritable, stemOf } = await import('../output-file.js');
  const { readInput } = await import('../input-file.js');
  const { makeDream } = await import('../make-dream.js');
  const { announceRuntime, reportDream, say } = await import('../report.js');

  const recipe = await readRecipe(file);
  const path = flags.output ?? join(dirname(file), `${stemOf(file)}-rerun${/\.[^.]*$/.exec(file)?.[0] ?? '.png'}`);
  await checkWritable(path, flags.force ?? false);
  const photo = flags.input ?? (await findPhoto(recipe, file));
  const input = await readInput(photo, recipe.options.size);
  if (input.sha256 !== recipe.input.sha256) {
    throw new library.ImageError(
      'image/missing',
      `${photo} is not the picture that ${file} was made from: expected SHA-256 ${recipe.input.sha256}, got ${input.sha256}. Name the original with --input.`,
    );
  }
  const network = await library.loadNetwork(flags.model ?? (await findModel(recipe, file)));
  if (network.sha256 !== recipe.model.sha256) {
    throw new library.ModelError(
      'model/missing',
      `${network.name} is not the network that ${file} was made with: expected SHA-256 ${recipe.model.sha256}, got ${network.sha256}. Name it with --model.`,
    );
  }
  const platform = await library.createNodePlatform({ threads: recipe.runtime.threads });
  if (!flags.quiet) {
    announceRuntime(platform);
    const { name, version } = recipe.runtime;
    const same =
      name === platform.runtime && version === platform.runtimeVersion && recipe.pareidolia === library.version;
    if (!same) {
      say(
        `Made by pareidolia ${recipe.pareidolia} with ${name} ${version}; this is ${library.version} with ${platform.runtime} ${platform.runtimeVersion}: the last digits may differ.`,
      );
    }
  }
  const { format, ...output } = recipe.output;
  const report = await makeDream({
    network,
    platform,
    // The recipe's own name for the photo, so that the new recipe is the same text.
    input: { ...input, name: recipe.input.name },
    options: recipe.options,
    output: { ...output, format: library.formatOf(`x.${format}`) },
    path,
    force: flags.force ?? false,
    metadata: true,
    progress: flags.quiet && flags.progress === 'auto' ? 'none' : flags.progress,
  });
  await platform.close();
  if (!flags.quiet || flags.json) reportDream(report, recipe.input.name, flags.json ?? false);
  return report.recipe.stopped ? exitCodes.interrupted : exitCodes.ok;
}

/** Looks for the original by name and digest: beside the dream, then in the current folder. */
async function findPhoto({ input }: Recipe, file: string): Promise<string> {
  const { ImageError } = await import('../../../src/platform/node/index.js');
  const { sha256Of } = await import('../input-file.js');
  const name = basename(input.name);
  for (const path of [join(dirname(file), name), name]) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes && sha256Of(bytes) === input.sha256) return path;
  }
  throw new ImageError(
    'image/missing',
    `${file} was made from ${input.name}, which is neither beside it nor here (or has changed). Name the original with --input.`,
  );
}

async function findModel({ model }: Recipe, file: string): Promise<string | undefined> {
  const { builtInName } = await import('../../../src/platform/node/index.js');
  if (model.name === builtInName) return undefined;
  const beside = join(dirname(file), basename(model.name));
  return (await readFile(beside).catch(() => undefined)) ? beside : basename(model.name);
}
