import { describe, expect, test } from 'vitest';
import { ModelError } from '../errors.js';
import { maxCardLength, parseCard } from './card.js';

const caffe = { channelOrder: 'BGR', valueRange: [0, 255], mean: [103.939, 116.779, 123.68], std: [1, 1, 1] };

describe('a card', () => {
  test('gives preprocessing in its own units, which become colours from 0 to 1', () => {
    const { preprocessing } = parseCard(JSON.stringify({ preprocessing: caffe }), 'net.card.json');
    expect(preprocessing!.order).toBe('BGR');
    [103.939, 116.779, 123.68].forEach((mean, i) => {
      expect(preprocessing!.mean[i]).toBeCloseTo(mean / 255, 12);
      expect(preprocessing!.std[i]).toBeCloseTo(1 / 255, 12);
    });
  });

  test('means RGB, 0 to 1, as they are, where it leaves things out', () => {
    const expected = { order: 'RGB', mean: [0, 0, 0], std: [1, 1, 1] };
    expect(parseCard('{"preprocessing":{}}', 'net.json').preprocessing).toEqual(expected);
  });

  test('of a range around zero is the one of Inception networks', () => {
    const { preprocessing } = parseCard('{"preprocessing":{"valueRange":[-1,1]}}', 'net.json');
    expect(preprocessing).toEqual({ order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
  });

  test('may say nothing, name layers, and hold more than is read', () => {
    expect(parseCard('{"licence":"MIT"}', 'net.json')).toEqual({});
    expect(parseCard('{"layers":["conv4/3x3","größe"]}', 'net.json')).toEqual({ layers: ['conv4/3x3', 'größe'] });
  });

  test('may have the names of classes, or the name of a file that has them', () => {
    expect(parseCard('{"labels":["tench","it\'s"]}', 'net.json')).toEqual({ labels: ['tench', "it's"] });
    expect(parseCard('{"labels":"imagenet classes.txt"}', 'net.json')).toEqual({ labelsFile: 'imagenet classes.txt' });
  });

  test.each([
    ['', 'expected a card in JSON'],
    ['{', 'expected a card in JSON'],
    ['null', 'got null'],
    ['[1,2]', 'got a list of 2'],
    ['"BGR"', 'got "BGR"'],
    [`"${'x'.repeat(maxCardLength)}"`, `at most ${maxCardLength} characters`],
    ['['.repeat(90_000), 'expected a card'],
    ['{"preprocessing":[]}', '"preprocessing": expected an object, got a list of 0'],
    ['{"preprocessing":{"means":[1,2,3]}}', 'expected channelOrder, valueRange, mean, std, got "means"'],
    ['{"preprocessing":{"channelOrder":"bgr"}}', '"channelOrder": expected "RGB" or "BGR", got "bgr"'],
    ['{"preprocessing":{"valueRange":[0]}}', '"valueRange": expected a list of 2 numbers, got a list of 1'],
    ['{"preprocessing":{"valueRange":[1,1]}}', 'expected a range, means and deviations of colours'],
    ['{"preprocessing":{"mean":"0,0,0"}}', '"mean": expected a list of 3 numbers, got "0,0,0"'],
    ['{"preprocessing":{"mean":[0,0,null]}}', '"mean": expected a list of 3 numbers'],
    ['{"preprocessing":{"mean":[0,0,1e300]}}', 'expected a range, means and deviations of colours'],
    ['{"preprocessing":{"std":[1,0,1]}}', 'expected a range, means and deviations of colours'],
    ['{"preprocessing":{"__proto__":{}}}', 'got "__proto__"'],
    ['{"preprocessing":{"\\u001b[2J":1}}', 'got "\ufffd[2J"'],
    ['{"labels":[]}', '"labels": expected a list of names, or the name of a text file'],
    ['{"labels":["a",1]}', '"labels": expected a list of names'],
    ['{"labels":["a\\u001b"]}', '"labels": expected a list of names'],
    ['{"labels":"/etc/passwd"}', '"labels": expected a list of names'],
    ['{"labels":"..\\\\secrets"}', '"labels": expected a list of names'],
    ['{"labels":".."}', '"labels": expected a list of names'],
    ['{"layers":"mixed3"}', '"layers": expected a list of names'],
    ['{"layers":["a\\nb"]}', '"layers": expected a list of names'],
  ])('with a mistake is refused, saying which: case %#', (text, fact) => {
    try {
      parseCard(text, 'net.card.json');
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      const { code, message } = error as ModelError;
      expect(code).toBe('model/format');
      expect(message).toMatch(/^net\.card\.json: [^\p{Cc}]+\. Correct the card, or move it away\.$/u);
      expect(message).toContain(fact);
      expect(message.length).toBeLessThan(300);
      return;
    }
    expect.fail('nothing was thrown');
  });
});
