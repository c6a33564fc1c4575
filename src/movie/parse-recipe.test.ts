import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../dream/index.js';
import { parseFrameFacts, parseMovieRecipe } from './parse-recipe.js';
import { zoomSettingsOf } from './presets/index.js';
import { createMovieRecipe, frameRecipe } from './recipe.js';
import { MovieScript } from './script.js';
import { createVideoRecipe, videoFrameRecipe } from './video/video-recipe.js';
import { VideoScript } from './video/video-script.js';
import { videoSettingsOf } from './video/video-settings.js';

const digest = '0'.repeat(64);
const file = { name: 'a.jpg', sha256: digest };
const facts = {
  ...{ model: file, inputs: [file, file], mask: file, guides: [file] },
  runtime: { name: 'none', version: '1', threads: 2 },
  size: { width: 9, height: 7 },
};
const zoom = zoomSettingsOf({ seed: 5, camera: '3 zoom=1.1' });
const video = videoSettingsOf({ seed: 5 });
const movies = [createMovieRecipe({ ...zoom, ...facts }), createVideoRecipe({ ...video, ...facts })] as const;
const frames = [
  frameRecipe(movies[0], new MovieScript(zoom).frame(3), digest),
  videoFrameRecipe(movies[1], new VideoScript(video).frame(3), digest, null),
];

describe('what movies tell', () => {
  test.each(movies)('is read as it was written: $kind', (recipe) => {
    expect(parseMovieRecipe(canonicalJson(recipe), 'x')).toEqual(recipe);
    expect(parseFrameFacts(canonicalJson(recipe), 'x')).toBeUndefined();
  });

  test('by their frames: which one it is, and what it was made from', () => {
    const [first, second] = frames.map((text) => parseFrameFacts(text, 'x'));
    expect(first).toMatchObject({
      kind: 'movie-frame',
      frame: 3,
      before: digest,
      size: facts.size,
      inputs: facts.inputs,
    });
    expect(second).toMatchObject({ kind: 'video-frame', frame: 3, before: null, inputs: [], mask: file });
    expect(parseMovieRecipe(frames[0]!, 'x')).toBeUndefined();
  });

  test.each([
    [{ inputs: [] }, /x: expected a pareidolia recipe, .*inputs is not a list/],
    [{ inputs: [{ name: 'a\u001b[2J', sha256: digest }] }, /inputs\.name is not a short text/],
    [{ size: { width: 0, height: 7 } }, /size\.width is not a whole number/],
    [{ movie: { ...zoom.movie, fps: -1 } }, /--fps: expected a number/],
    [{ dream: { ...zoom.dream, steps: 'x' } }, /--steps: expected a whole number/],
  ])('is refused when it is damaged: %j', (spoilt, message) => {
    expect(() => parseMovieRecipe(canonicalJson({ ...movies[0], ...spoilt }), 'x')).toThrow(message);
  });

  test('is something else in a text of another kind', () => {
    for (const text of ['', '[1]', '{"kind":"dream"}', '{"kind":3}']) {
      expect([parseMovieRecipe(text, 'x'), parseFrameFacts(text, 'x')]).toEqual([undefined, undefined]);
    }
  });
});
