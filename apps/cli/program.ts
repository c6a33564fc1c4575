import { Command } from 'commander';
import { version } from '../../src/index.js';
import { registerActivations } from './commands/activations.js';
import { registerAtlas } from './commands/atlas.js';
import { registerDream } from './commands/dream.js';
import { registerGradient } from './commands/gradient.js';
import { registerGrid } from './commands/grid.js';
import { registerInfo } from './commands/info.js';
import { registerLayers } from './commands/layers.js';
import { registerModels } from './commands/models.js';
import { registerRank } from './commands/rank.js';
import { registerRerun } from './commands/rerun.js';
import { registerServe } from './commands/serve.js';
import { registerVideo } from './commands/video.js';
import { registerVisualize } from './commands/visualize.js';
import { registerWorker } from './commands/worker.js';
import { registerZoom } from './commands/zoom.js';
import { describeUsageError } from './usage-error.js';

const closing = `
Examples:
  pareidolia dream photo.jpg            dream a picture into photo-dream.png
  pareidolia zoom photo.jpg             fly into it, in photo-zoom.mp4
  pareidolia video clip.mp4             dream a movie into clip-dream.mp4
  pareidolia layers                     what there is to dream on
  pareidolia info photo-dream.png       how a picture was made

Exit codes:
  0 ok · 1 a bug · 2 usage · 3 bad picture · 4 bad model · 5 too big for the memory · 6 cannot write ·
  7 cannot download · 8 some of several pictures failed · 130 interrupted`;

/** The command line as a whole. */
export function createProgram(): Command {
  const program = new Command('pareidolia')
    .description('DeepDream: show a network a picture, and climb until what it sees appears.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', closing)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride();
  registerDream(program);
  registerVisualize(program);
  registerAtlas(program);
  registerGrid(program);
  registerZoom(program);
  registerVideo(program);
  registerLayers(program);
  registerActivations(program);
  registerRank(program);
  registerGradient(program);
  registerInfo(program);
  registerRerun(program);
  registerModels(program);
  registerServe(program);
  registerWorker(program);
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command.configureOutput({
      outputError: (text, write) => write(`pareidolia: ${describeUsageError(text, command)}\n`),
    });
  }
  return program;
}
