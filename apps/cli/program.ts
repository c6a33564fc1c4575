import { Command, Option } from 'commander';
import { version } from '../../src/version.js';
import { describeUsageError } from './usage-error.js';

const closing = `
Examples:
  pareidolia dream photo.jpg            dream a picture into photo-dream.png
  pareidolia zoom photo.jpg             fly into it, in photo-zoom.mp4
  pareidolia video clip.mp4             dream a movie into clip-dream.mp4
  pareidolia studio                     dream in the browser
  pareidolia layers                     what there is to dream on
  pareidolia info photo-dream.png       how a picture was made

Exit codes:
  0 ok · 1 a bug · 2 usage · 3 bad picture · 4 bad model · 5 too big for the memory · 6 cannot write ·
  7 cannot download · 8 some of several pictures failed · 130 interrupted`;

/** A command as the list of all shows it, and where it is. */
interface Listed {
  readonly name: string;
  /** What stands behind the name. */
  readonly takes: string;
  readonly summary: string;
  readonly register: () => Promise<(program: Command) => void>;
}

// biome-ignore format: one line a command
const listed: readonly Listed[] = [
  { name: 'dream', takes: '[inputs...]', summary: 'dream a picture', register: async () => (await import('./commands/dream.js')).registerDream },
  { name: 'visualize', takes: '<targets...>', summary: 'draw what layers, channels and neurons look for', register: async () => (await import('./commands/visualize.js')).registerVisualize },
  { name: 'atlas', takes: '<layer>', summary: 'draw what every channel of a layer looks for', register: async () => (await import('./commands/atlas.js')).registerAtlas },
  { name: 'grid', takes: '<photo>', summary: 'compare settings on one photo', register: async () => (await import('./commands/grid.js')).registerGrid },
  { name: 'zoom', takes: '[photos...]', summary: 'fly into a dream', register: async () => (await import('./commands/zoom.js')).registerZoom },
  { name: 'video', takes: '<movie>', summary: 'dream a movie', register: async () => (await import('./commands/video.js')).registerVideo },
  { name: 'studio', takes: '', summary: 'dream in the browser', register: async () => (await import('./commands/studio.js')).registerStudio },
  { name: 'layers', takes: '', summary: 'list what there is to dream on', register: async () => (await import('./commands/layers.js')).registerLayers },
  { name: 'activations', takes: '<photo>', summary: "show what a network's channels answer to a photo", register: async () => (await import('./commands/activations.js')).registerActivations },
  { name: 'rank', takes: '<photo>', summary: 'list the channels that a photo excites most', register: async () => (await import('./commands/rank.js')).registerRank },
  { name: 'gradient', takes: '<input>', summary: 'compute the gradient that a dream climbs', register: async () => (await import('./commands/gradient.js')).registerGradient },
  { name: 'info', takes: '<file>', summary: 'show the recipe inside a picture or a movie', register: async () => (await import('./commands/info.js')).registerInfo },
  { name: 'rerun', takes: '<file>', summary: 'make a picture again from its recipe', register: async () => (await import('./commands/rerun.js')).registerRerun },
  { name: 'models', takes: '', summary: 'fetch, add and check networks', register: async () => (await import('./commands/models.js')).registerModels },
  { name: 'serve', takes: '', summary: 'run a server that dreams for others', register: async () => (await import('./commands/serve.js')).registerServe },
  { name: 'worker', takes: '', summary: "do a server's work, on any machine", register: async () => (await import('./commands/worker.js')).registerWorker },
];

/**
 * The command line. Only the command that is asked for is loaded; of the others there is what the list of commands says.
 *
 * @param args what comes after the program's name; default: every command is loaded
 */
export async function createProgram(args?: readonly string[]): Promise<Command> {
  const program = new Command('pareidolia')
    .description('DeepDream: show a network a picture, and climb until what it sees appears.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', closing)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride();
  const operands = args?.filter((arg) => !arg.startsWith('-'));
  const asked = operands?.[0] === 'help' ? operands[1] : operands?.[0];
  for (const { name, takes, summary, register } of listed) {
    if (args && asked !== name) {
      listOnly(program, { name, takes, summary });
      continue;
    }
    (await register())(program);
    program.commands.find((command) => command.name() === name)!.summary(summary);
  }
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command.configureOutput({
      outputError: (text, write) => write(`pareidolia: ${describeUsageError(text, command)}\n`),
    });
  }
  // As a variable that is not set leaves it in a script.
  program.hook('preAction', (_, command) => {
    if (command.args.includes('')) command.error('error: expected names, got an empty one');
  });
  return program;
}

/** A command that is in the list and nothing more. */
function listOnly(program: Command, { name, takes, summary }: Omit<Listed, 'register'>): void {
  const command = program.command(`${name} ${takes}`.trim()).summary(summary);
  // Those with options are listed with them; `models` has commands instead.
  if (name !== 'models') command.addOption(new Option('--more').hideHelp());
}
