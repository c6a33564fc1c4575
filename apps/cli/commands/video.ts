import type { Command } from 'commander';
import { dreamOptions, presets, videoOptions, videoPresets } from '../../../src/index.js';
import { addFlags, addMovieFlags, choiceFlag, givenFlags } from '../flags/flags.js';
import { addMaterialFlags } from '../flags/material-flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { VideoFlags } from '../movies/make-video.js';

const longestName = Math.max(...Object.keys(videoPresets).map(({ length }) => length));

const examples = `
Presets (those of \`pareidolia dream\` give the frames their look):
${Object.entries(videoPresets)
  .map(([name, { title }]) => `  ${name.padEnd(longestName)}  ${title}`)
  .join('\n')}

Examples:
  pareidolia video clip.mp4 -o dream.mp4                      every frame dreams, and the dream goes with the motion
  pareidolia video clip.mp4 -o dream.mp4 --trial 3            three frames, and how long all of them take
  pareidolia video clip.mp4 -o dream.mp4 --start 2 --end 7 --size 640 --layers mixed4
  pareidolia video clip.mp4 -o dream.webm --blending const    half of the frame before, as DeepDreamVideo has it
  pareidolia video clip.mp4 -o dream.mp4 --cycle "mixed3; mixed4; mixed5" --cycle-every 25
  pareidolia video frames/ -o dream.mp4 --fps 24              pictures in a folder, in natural order
  pareidolia video clip.gif -o frames/                        the dreamed frames alone, as 16-bit PNGs

Sound is copied as it is, and the frames keep their times. Frames are kept in a folder beside the movie
(dream.mp4.frames/). The same command again goes on after the last good one.`;

/** Registers `pareidolia video`. */
export function registerVideo(program: Command): void {
  const command = program
    .command('video')
    .description('Dream every frame of a movie, each starting with the dream of the one before, moved along.')
    .argument('<movie>', 'MP4, MOV, MKV, WebM, AVI, GIF or WebP, or a folder of pictures')
    .option('-o, --output <file>', 'the movie, or a folder for its frames alone (default: NAME-dream.mp4)')
    .addOption(
      choiceFlag('preset', 'name', 'a published way or look, see below', [
        ...new Set([...Object.keys(videoPresets), ...Object.keys(presets)]),
      ]),
    );
  addFlags(command, videoOptions);
  addModelFlags(command);
  addMaterialFlags(command);
  addFlags(command, dreamOptions);
  addMovieFlags(command);
  command.addHelpText('after', examples).action(async (movie: string, given: VideoFlags) => {
    // Imported here, so that --help does not wait for the picture and network libraries.
    const { makeVideo } = await import('../movies/make-video.js');
    const options = { ...givenFlags(command, videoOptions), ...givenFlags(command, dreamOptions) };
    process.exitCode = await makeVideo(movie, given, options);
  });
}
