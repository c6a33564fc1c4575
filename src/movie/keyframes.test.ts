import { describe, expect, test } from 'vitest';
import { mapKeyedLayers, parseKeyframes } from './keyframes.js';

describe('keyframes', () => {
  test('are read from a line, by frame', () => {
    expect(
      parseKeyframes('60 zoom=1.05 rotate=1 ease=in-out; 0 zoom=1.01; 120 layers=mixed4[1 2; 3] step-size=0.02'),
    ).toEqual([
      { frame: 0, ease: 'linear', values: { zoom: 1.01 } },
      { frame: 60, ease: 'in-out', values: { zoom: 1.05, rotate: 1 } },
      { frame: 120, ease: 'linear', values: { layers: 'mixed4[1 2; 3]', stepSize: 0.02 } },
    ]);
  });

  test('are the same as a list in JSON', () => {
    const json = JSON.stringify([
      { frame: 60, zoom: 1.05, 'pan-x': 2, ease: 'hold' },
      { frame: 3, keepColour: true },
    ]);
    expect(parseKeyframes(json)).toEqual(parseKeyframes('3 keep-colour=true; 60 zoom=1.05 pan-x=2 ease=hold'));
  });

  test('are the same but for the layers that are said otherwise', async () => {
    const text = JSON.stringify([
      { frame: 60, zoom: 1.05, 'pan-x': 2, ease: 'out' },
      { frame: 90, layers: 'mixed4[strongest 2]', perOctave: '1 steps=3; 2 layers=mixed5[strongest 2]' },
    ]);
    const mapped = await mapKeyedLayers(text, async (layers) => layers.replace('strongest 2', '7 9'));
    expect(parseKeyframes(mapped)).toEqual(parseKeyframes(text.replaceAll('strongest 2', '7 9')));
  });

  test('none are none', () => {
    expect(parseKeyframes('none')).toEqual([]);
  });

  test.each([
    ['zoom=1.05', /a keyframe to start with its frame.*"zoom=1\.05"/],
    ['60', /a keyframe to set something.*"60"/],
    ['1 zoom=1; 60 zoom=5', /in the keyframe "60 zoom=5", --zoom: expected a number from 0\.5 to 2, got "5"/],
    ['60 zom=1', /the keyframe "60 zom=1" sets "zom", which no keyframe can\. Did you mean .*zoom/],
    ['60 seed=1', /sets "seed", which holds for the movie as a whole/],
    ['60 tile=256', /sets "tile", which holds for the movie as a whole\. Set it with its own flag/],
    ['60 size=9', /sets "size", which holds for the movie as a whole/],
    ['60 fps=9', /sets "fps", which holds for the movie as a whole/],
    ['60 zoom=1.01 ease=slow', /ease to be one of linear, in, out, in-out, hold, got "60 zoom=1\.01 ease=slow"/],
    ['60 zoom', /settings as name=value.*"60 zoom"/],
    ['6 zoom=1; 6 rotate=1', /each frame once, got "6"/],
    [';', /keyframes such as/],
    ['[{"frame": 1.5, "zoom": 1}]', /a frame from 0 to 99999/],
    ['[{"zoom": 1}]', /a frame from 0 to 99999/],
    ['[3]', /an object, got "3"/],
    ['[', /a list of keyframes in JSON/],
    ['[]', /keyframes such as/],
  ])('%s is refused, naming it', (text, message) => {
    expect(() => parseKeyframes(text)).toThrow(message);
  });
});
