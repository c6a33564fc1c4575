import { beforeAll, describe, expect, test } from 'vitest';
import { parseLayers } from '../dream/index.js';
import { OptionError } from '../errors.js';
import { Network } from '../models/index.js';
import { loadNetwork } from '../platform/node/index.js';
import { parseTargets } from './visualize-targets.js';

let network: Network;
let labelled: Network;
beforeAll(async () => {
  network = await loadNetwork();
  const labels = ['tench, Tinca tinca', 'tabby, tabby cat', 'tiger cat'];
  labelled = new Network(network.model, { name: 'labelled', sha256: network.sha256, card: { labels } });
});

const size = { width: 224, height: 224 };
const targets = (text: string, of = network) => parseTargets(text, of, size);

function refusal(text: string, of?: Network): string {
  try {
    targets(text, of);
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

describe('targets', () => {
  test.each([
    ['mixed4', 'mixed4', 'mixed4', 'mean-square'],
    ['mixed4:12', 'mixed4:12', 'mixed4[12]', 'mean'],
    [' mixed4 : 12 ', 'mixed4:12', 'mixed4[12]', 'mean'],
    ['mixed4:12@8,9', 'mixed4:12@8,9', 'mixed4[12]@8,9', 'mean'],
    ['mixed4:12@', 'mixed4:12@6,6', 'mixed4[12]@6,6', 'mean'],
    ['mixed4@1,2', 'mixed4@1,2', 'mixed4@1,2', 'mean-square'],
    ['mixed4:12+mixed5:3*0.5', 'mixed4:12+mixed5:3*0.5', 'mixed4[12],mixed5[3]:0.5', 'mean'],
    ['mixed4:12-mixed5:3', 'mixed4:12-mixed5:3', 'mixed4[12],mixed5[3]:-1', 'mean'],
    ['mixed4:12*2-mixed5:3*0.5', 'mixed4:12*2-mixed5:3*0.5', 'mixed4[12]:2,mixed5[3]:-0.5', 'mean'],
    ['mixed4:12@8,9-mixed5', 'mixed4:12@8,9-mixed5', 'mixed4[12]@8,9,mixed5:-1', 'mean-square'],
    ['mixed4:1+mixed5:3*-2', 'mixed4:1-mixed5:3*2', 'mixed4[1],mixed5[3]:-2', 'mean'],
    ['mixed4+-mixed5', 'mixed4-mixed5', 'mixed4,mixed5:-1', 'mean-square'],
  ])('%s', (text, name, layers, objective) => {
    expect(targets(text)).toEqual([{ name, layers, objective }]);
    expect(parseLayers(layers, network).length).toBeGreaterThan(0);
    // A name is a target again, and the same one.
    if (!name.includes('mixed4-')) expect(targets(name)).toEqual([{ name, layers, objective }]);
  });

  test('of several channels are a picture each', () => {
    expect(targets('mixed4:0-2, 40,1').map(({ layers }) => layers)).toEqual([
      'mixed4[0]',
      'mixed4[1]',
      'mixed4[2]',
      'mixed4[40]',
    ]);
  });

  test('of several sums are all combinations', () => {
    expect(targets('mixed4:0-1+mixed5:3,4*0.5').map(({ name }) => name)).toEqual([
      'mixed4:0+mixed5:3*0.5',
      'mixed4:0+mixed5:4*0.5',
      'mixed4:1+mixed5:3*0.5',
      'mixed4:1+mixed5:4*0.5',
    ]);
  });

  test('can be classes, by any of their names', () => {
    for (const [text, layers] of [
      ['mixed7:"tabby cat"', 'mixed7[1]'],
      ['mixed7:Tabby', 'mixed7[1]'],
      ['mixed7:tench, tinca tinca', 'mixed7[0]'],
      ['mixed7:tiger cat', 'mixed7[2]'],
    ] as const) {
      expect(targets(text, labelled).map((target) => target.layers)).toEqual([layers]);
    }
    expect(targets('mixed7:tiger cat', labelled)[0]!.name).toBe('mixed7:tiger cat');
  });
});

describe('is refused', () => {
  test.each([
    ['', /expected a target such as mixed4:12/],
    ['mixed4:12+', /expected a target/],
    ['mixd4:12', /^"mixd4:12": expected the name of a layer, got "mixd4", .* nearest names are mixed4/],
    ['mixed4:', /expected channel numbers such as 12 or 0-15,40, got none/],
    ['mixed4:cat', /expected channel numbers such as 12 or 0-15,40, got "cat"/],
    ['mixed4:5-3', /expected channels such as 12 or 0-15,40, got "5-3"/],
    ['mixed4:0-99999', /expected channels/],
    ['mixed4:760-770', /expected channels from 0 to 767 of mixed4, got 770/],
    ['mixed4:3@12,0', /expected places up to @11,11 of mixed4, got @12,0/],
    ['mixed4:0-200+mixed5:0-200', /expected at most 10000 pictures, got 40401/],
  ])('%j', (text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  test('a class that is not there, with the nearest', () => {
    expect(refusal('mixed7:tabbi', labelled)).toMatch(
      /expected a class of the network, got "tabbi"\. The nearest are tabby/,
    );
  });
});
