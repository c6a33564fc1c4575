import { type Command, Option as Flag } from 'commander';
import { dreamOptions, outputOptions, parseOption, presets } from '../../../src/index.js';
import { exitCodeOf, exitCodes } from '../exit-codes.js';
import { addFlags, givenFlags, heading } from '../flags.js';
import type { ProgressMode } from '../make-dream.js';

interface DreamFlags {
  readonly output?: string;
  readonly format?: string;
  readonly preset?: string;
  readonly model?: string;
  readonly threads?: number;
  readonly force?: boolean;
  readonly metadata: boolean;
  readonly json?: boolean;
  readonly plan?: boolean;
  readonly quiet?: boolean;
  readonly progress: ProgressMode;
}

const examples = `
Examples:
  pareidolia dream photo.jpg                                  a dream in photo-dream.png
  pareidolia dream photo.jpg -o dream.webp --preset article   the founding article's look
  pareidolia dream photo.jpg --layers mixed4,mixed5:0.5 --steps 30 --seed 7
  pareidolia dream *.jpg -o dreams/ --size 800                several pictures into a folder
  cat photo.jpg | pareidolia dream - > dream.png`;

/** Registers `pareidolia dream`. */
export function registerDream(program: Command): void {
  const command = program
    .command('dream')
    .summary('dream a picture')
    .description('Show a picture to a network and climb until what the network sees appears in it.')
    .argument('<inputs...>', 'JPEG, PNG, WebP, AVIF, TIFF or SVG files; - reads standard input')
    .option('-o, --output <file>', 'where the dream goes; a folder for several inputs, - for standard output')
    .addOption(new Flag('--preset <name>', presetHelp()).choices(Object.keys(presets)))
    .option('--model <file>', 'an ONNX network (default: the built-in InceptionV3, mixed0 to mixed7)');
  addFlags(command, dreamOptions);
  addFlags(command, outputOptions);
  const output = heading('output');
  command
    .addOption(
      new Flag('--format <name>', 'file format where the name does not say it')
        .choices(['png', 'jpeg', 'webp', 'avif', 'tiff'])
        .helpGroup(output),
    )
    .addOption(new Flag('-f, --force', 'overwrite existing files').helpGroup(output))
    .addOption(new Flag('--no-metadata', 'write no recipe into the file').helpGroup(output))
    .addOption(new Flag('--json', 'print one JSON object about the result').helpGroup(output))
    .addOption(new Flag('--plan', 'say what would be done, and stop').helpGroup(output))
    .addOption(new Flag('-q, --quiet', 'say nothing but errors').helpGroup(output))
    .addOption(
      new Flag('--progress <mode>', 'how to show progress: auto, none, or json for one line an event on standard error')
        .choices(['auto', 'json', 'none'])
        .default('auto', 'a bar on terminals')
        .helpGroup(output),
    )
    .addOption(
      new Flag('--threads <number>', 'threads to compute with (default: all cores)')
        .argParser(
          (value) =>
            parseOption(
              'threads',
              { kind: 'integer', default: 0, min: 1, max: 1024, group: 'output', help: '' },
              value,
            ) as number,
        )
        .helpGroup(output),
    )
    .addHelpText('after', examples)
    .action(async (inputs: string[], flags: DreamFlags) => {
      process.exitCode = await run(inputs, flags, {
        dream: givenFlags(command, dreamOptions),
        output: givenFlags(command, outputOptions),
      });
    });
}

function presetHelp(): string {
  return `a published look: ${Object.entries(presets)
    .map(([name, { title }]) => `${name} (${title})`)
    .join('; ')}`;
}

interface Given {
  readonly dream: Record<string, unknown>;
  readonly output: Record<string, unknown>;
}

async function run(inputs: readonly string[], flags: DreamFlags, given: Given): Promise<number> {
  // Imported here, so that --help does not wait for the picture and network libraries.
  const library = await import('../../../src/platform/node/index.js');
  const { checkWritable, outputsFor, standardStream } = await import('../output-file.js');
  const { readInput } = await import('../input-file.js');
  const { makeDream } = await import('../make-dream.js');
  const { announceRuntime, reportDream, say } = await import('../report.js');
  const { describePlan } = await import('../describe-plan.js');

  const options = library.dreamOptionsOf({ ...given.dream, preset: flags.preset });
  const output = library.parseOptions(library.outputOptions, given.output);
  const paths = await outputsFor(inputs, flags.output, flags.format as undefined);
  const formats = paths.map((path) =>
    flags.format ? (flags.format as 'png') : path === standardStream ? 'png' : library.formatOf(path),
  );
  const network = await library.loadNetwork(flags.model);
  if (!network.preprocessingKnown && !flags.quiet) {
    say(`${network.name} does not say how it wants its pictures: RGB from −1 to 1 is assumed.`);
  }
  let platform: Awaited<ReturnType<typeof library.createNodePlatform>> | undefined;
  let failed = 0;
  let code: number = exitCodes.ok;
  for (const [i, path] of inputs.entries()) {
    try {
      if (!flags.plan) await checkWritable(paths[i]!, flags.force ?? false);
      const input = await readInput(path, options.size);
      const seeded = { ...options, seed: options.seed ?? library.freshSeed() };
      if (flags.plan) {
        describePlan(library.planDream(network, input.picture, seeded), flags.json ?? false);
        continue;
      }
      if (!platform) {
        platform = await library.createNodePlatform(flags.threads ? { threads: flags.threads } : {});
        if (!flags.quiet) announceRuntime(platform);
      }
      const report = await makeDream({
        network,
        platform,
        input,
        options: seeded,
        output: { ...output, format: formats[i]! },
        path: paths[i]!,
        force: flags.force ?? false,
        metadata: flags.metadata,
        progress: flags.quiet && flags.progress === 'auto' ? 'none' : flags.progress,
      });
      if (!flags.quiet || flags.json) reportDream(report, path, flags.json ?? false);
      if (report.recipe.stopped) {
        code = exitCodes.interrupted;
        break;
      }
    } catch (error) {
      // One bad picture among many does not stop the rest; a single one ends the program with its own exit code.
      if (inputs.length === 1 || exitCodeOf(error) === exitCodes.bug) throw error;
      failed++;
      say(error instanceof Error ? error.message : String(error));
    }
  }
  await platform?.close();
  if (failed === 0) return code;
  say(`${failed} of ${inputs.length} pictures failed.`);
  return exitCodes.someFailed;
}
