import type { Command } from 'commander';
import { dreamOptions, moviePresets, presets, zoomOptions } from '../../../src/index.js';
import { addFlags, addMovieFlags, choiceFlag, givenFlags } from '../flags/flags.js';
import { addMaterialFlags } from '../flags/material-flags.js';
import { addModelFlags } from '../flags/model-flags.js';
import type { ZoomFlags } from '../movies/make-zoom.js';

const longestName = Math.max(...Object.keys(moviePresets).map(({ length }) => length));

const examples = `
Presets (those of \`pareidolia dream\` give the frames their look):
${Object.entries(moviePresets)
  .map(([name, { title }]) => `  ${name.padEnd(longestName)}  ${title}`)
  .join('\n')}

Camera: each keyframe is a frame and what holds there; numbers change evenly until the next one, or with
ease=in, out, in-out or hold. Options of the dream can be set as well.

Examples:
  pareidolia zoom photo.jpg -o dream.mp4                      100 frames, 2 % closer each
  pareidolia zoom photo.jpg -o dream.mp4 --trial 3            three frames, and how long all of them take
  pareidolia zoom photo.jpg -o dream.mp4 --preset article     the founding article's movie
  pareidolia zoom photo.jpg -o dream.mp4 --zoom 1.03 --rotate 0.5 --pan-x 2 --size 640
  pareidolia zoom photo.jpg -o dream.mp4 --camera "60 zoom=1.05 rotate=1 ease=in-out; 120 zoom=1 layers=mixed4"
  pareidolia zoom --from castle.jpg --to sea.jpg -o trip.mp4  the same as: pareidolia zoom castle.jpg sea.jpg …
  pareidolia zoom castle.jpg forest.jpg sea.jpg -o trip.mp4 --frames 300 --loop seamless
  pareidolia zoom photo.jpg -o frames/                        the frames alone, as 16-bit PNGs

Frames are kept in a folder beside the movie (dream.mp4.frames/). The same command again goes on after the last good one.`;

/** Where a flight begins and ends, besides the photos that are named without a flag. */
interface Journey {
  readonly from?: string;
  readonly to?: string;
}

/** Registers `pareidolia zoom`. */
export function registerZoom(program: Command): void {
  const command = program
    .command('zoom')
    .description('Dream a photo, move the camera a little, and dream again: an endless zoom, as a movie.')
    .argument('[photos...]', 'a photo to fly into, or several to fly through, one into the next')
    .option('--from <photo>', 'the photo before all others')
    .option('--to <photo>', 'the photo after all others')
    .option('-o, --output <file>', 'the movie, or a folder for its frames alone (default: NAME-zoom.mp4)')
    .addOption(
      choiceFlag('preset', 'name', 'a published movie or look, see below', [
        ...new Set([...Object.keys(moviePresets), ...Object.keys(presets)]),
      ]),
    );
  addFlags(command, zoomOptions);
  addModelFlags(command);
  addMaterialFlags(command);
  addFlags(command, dreamOptions);
  addMovieFlags(command);
  command.addHelpText('after', examples).action(async (between: string[], given: ZoomFlags & Journey) => {
    const photos = [given.from ?? [], between, given.to ?? []].flat();
    if (photos.length === 0) command.error("error: missing required argument 'photos'");
    // Imported here, so that --help does not wait for the picture and network libraries.
    const { makeZoom } = await import('../movies/make-zoom.js');
    const options = { ...givenFlags(command, zoomOptions), ...givenFlags(command, dreamOptions) };
    process.exitCode = await makeZoom(photos, given, options);
  });
}
