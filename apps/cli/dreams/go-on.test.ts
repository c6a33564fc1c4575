import { expect, test } from 'vitest';
import { goOnAdvice } from './go-on.js';

const stopped = { output: 'photo-dream.png', input: 'photo.jpg', metadata: true, seed: 7 };
const advice = (changes: object) => goOnAdvice({ ...stopped, ...changes });

test('files that rerun finds by itself are left out', () => {
  expect(advice({})).toBe('To make it whole: pareidolia rerun photo-dream.png');
  expect(advice({ input: './photo.jpg', model: 'net.onnx' })).toBe(
    'To make it whole: pareidolia rerun photo-dream.png',
  );
  expect(advice({ output: 'album/a.png', input: 'album/photo.jpg' })).toBe(
    'To make it whole: pareidolia rerun album/a.png',
  );
});

test('others come with the command', () => {
  expect(advice({ input: '/photos/a.jpg', model: '../nets/b.onnx' })).toBe(
    'To make it whole: pareidolia rerun photo-dream.png --input /photos/a.jpg --model ../nets/b.onnx',
  );
});

test('streams are named for what they are', () => {
  expect(advice({ input: '-' })).toBe('To make it whole: pareidolia rerun photo-dream.png --input PHOTO');
  expect(advice({ output: '-' })).toBe('To make it whole: pareidolia rerun FILE');
});

test('names are quoted for the shell', () => {
  expect(advice({ output: "it's.png" })).toBe("To make it whole: pareidolia rerun 'it'\\''s.png'");
  expect(advice({ output: '-a b.png' })).toBe("To make it whole: pareidolia rerun './-a b.png'");
  expect(advice({ output: '$(reboot).png' })).toBe("To make it whole: pareidolia rerun '$(reboot).png'");
});

test('without a recipe only the seed helps', () => {
  expect(advice({ metadata: false })).toBe('It holds no recipe. To make it whole, dream again with --seed 7.');
});
