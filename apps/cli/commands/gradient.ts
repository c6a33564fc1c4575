import { type Command, Option as Flag } from 'commander';
import { dreamOptions, parseOption } from '../../../src/index.js';
import { addFlags } from '../flags/flags.js';
import { addModelFlags, type ModelFlags, preprocessingOf } from '../flags/model-flags.js';

/** The flags of `pareidolia gradient`. */
export interface GradientFlags extends ModelFlags {
  readonly layers?: string;
  readonly objective?: string;
  readonly border?: string | number;
  readonly output?: string;
  readonly model?: string;
  readonly threads?: string | number;
  readonly force?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  pareidolia gradient photo.jpg                                 photo-gradient.npy, for the layers of a dream
  pareidolia gradient photo.jpg --layers mixed4 -o g.npy --json print the objective as well
  pareidolia gradient values.npy --layers mixed3,mixed5         values of shape [1, 3, H, W] in the network's range

The file holds float32 values of shape [1, 3, H, W], channels in the network's order, in units of the network's range.
In Python: numpy.load("photo-gradient.npy")`;

/** Registers `pareidolia gradient`. */
export function registerGradient(program: Command): void {
  const { layers, objective, border } = dreamOptions;
  const command = program
    .command('gradient')
    .description('Write d(objective)/d(picture) of a picture as it is: untiled, without jitter, not normalised.')
    .argument(
      '<input>',
      'a picture, or a .npy file of shape [1, 3, H, W] in the range the network takes; - reads standard input',
    )
    .option('-o, --output <file>', 'where it goes (default: NAME-gradient.npy here), - for standard output');
  addModelFlags(command);
  addFlags(command, { layers, objective, border });
  command
    .option('-f, --force', 'overwrite an existing file')
    .option('--json', 'print one JSON object about the result')
    .addOption(new Flag('--threads <number>', 'threads to compute with (default: all cores)'))
    .addHelpText('after', examples)
    .action(gradient);
}

/** Writes the gradient of one picture to a file. */
export async function gradient(input: string, flags: GradientFlags): Promise<void> {
  // Imported here, so that --help does not wait for the picture and network libraries.
  const library = await import('../../../src/platform/node/index.js');
  const { checkWritable, standardStream, stemOf } = await import('../files/output-file.js');
  const { writeToStandardOutput } = await import('../standard-streams.js');
  const { readValues } = await import('../flags/read-values.js');
  const { announceRuntime, say } = await import('../report/report.js');

  const isPipe = input === standardStream && !process.stdout.isTTY && !flags.json;
  const output = flags.output ?? (isPipe ? standardStream : `${stemOf(input)}-gradient.npy`);
  if (output === standardStream && flags.json) {
    throw new library.OptionError('option/invalid', '--json: standard output is taken by -o -. Choose a file with -o.');
  }
  await checkWritable(output, flags.force ?? false);
  const options = library.parseOptions(
    { layers: dreamOptions.layers, objective: dreamOptions.objective, border: dreamOptions.border },
    { layers: flags.layers, objective: flags.objective, border: flags.border },
  );
  const threads = flags.threads === undefined ? {} : { threads: threadsOf(flags.threads) };
  const network = await library.loadNetwork(flags.model, { preprocessing: preprocessingOf(flags) });
  const { values, size } = await readValues(input, network);
  const platform = await library.createNodePlatform(threads);
  try {
    announceRuntime(platform);
    const startedAt = performance.now();
    const memoryBytes = process.memoryUsage.rss() + (platform.freeMemoryBytes?.() ?? Number.POSITIVE_INFINITY);
    const result = await library.imageGradient(network, values, size, { ...options, memoryBytes }, platform);
    const seconds = (performance.now() - startedAt) / 1000;
    const shape = [1, 3, size.height, size.width];
    const bytes = library.writeNpy(shape, result.gradient);
    if (output === standardStream) await writeToStandardOutput(bytes);
    else await library.writeWhole(output, bytes, { overwrite: flags.force ?? false });
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ objective: result.objective, output, shape, seconds })}\n`);
      return;
    }
    const where = output === standardStream ? 'standard output' : output;
    say(
      `The gradient is in ${where} (1×3×${size.height}×${size.width}, objective ${result.objective.toPrecision(6)}).`,
    );
  } finally {
    await platform.close();
  }
}

function threadsOf(value: string | number): number {
  const option = { kind: 'integer', default: 1, min: 1, max: 1024, group: 'output', help: '' } as const;
  return parseOption('threads', option, value) as number;
}
