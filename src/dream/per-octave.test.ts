import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors.js';
import { optionsOfOctaves } from './per-octave.js';
import { dreamOptionsOf } from './presets/index.js';

const of = (perOctave: string, count = 4) => optionsOfOctaves(dreamOptionsOf({ steps: 7, perOctave }), count);

describe('options of single octaves', () => {
  test('are those of the dream where nothing is said', () => {
    expect(of('none')).toEqual(Array(4).fill(dreamOptionsOf({ steps: 7 })));
  });

  test('change the octaves that are named, by flag or field, a later entry counting for more', () => {
    const octaves = of('1-3 steps=40 step-size=0.5; last stepSize=0.25; 2 --steps=9');
    expect(octaves.map(({ steps }) => steps)).toEqual([40, 9, 40, 7]);
    expect(octaves.map(({ stepSize }) => stepSize)).toEqual([0.5, 0.5, 0.5, 0.25]);
  });

  test('leave the brackets of layers whole', () => {
    const [first, second] = of('1 layers=mixed4[12 40-47; 3],mixed5 jitter=0; 2-last clip=false', 2);
    expect(first).toMatchObject({ layers: 'mixed4[12 40-47; 3],mixed5', jitter: 0, clip: true });
    expect(second).toMatchObject({ jitter: 32, clip: false });
  });

  test.each([
    ['steps=40', 'octaves from 1 to 4'],
    ['0 steps=4', 'octaves from 1 to 4'],
    ['5 steps=4', 'octaves from 1 to 4'],
    ['3-2 steps=4', 'octaves from 1 to 4'],
    ['1 steps', 'name=value'],
    ['1 octaves=2', 'which octaves is not'],
    ['1 keep-colour=true', 'which keep-colour is not'],
    ['1 stepps=4', 'no option "stepps"'],
    ['1 steps=many', 'a whole number'],
  ])('are refused when they cannot be meant: %s', (text, reason) => {
    expect(() => of(text)).toThrow(OptionError);
    expect(() => of(text)).toThrow(reason);
  });
});
