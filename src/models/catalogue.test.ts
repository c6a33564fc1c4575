import { describe, expect, test } from 'vitest';
import { ModelError } from '../errors.js';
import { catalogue, entryOfDigest, isModelName, parseCatalogue } from './catalogue.js';

describe('the catalogue', () => {
  test('has fifteen networks, each with a name, file and digest of its own', () => {
    expect(catalogue).toHaveLength(15);
    for (const field of ['name', 'file'] as const) expect(new Set(catalogue.map((e) => e[field])).size).toBe(15);
    expect(new Set(catalogue.map(({ sha256, md5 }) => sha256 ?? md5)).size).toBe(15);
  });

  test('tells preprocessing, licence, origin and an https address for every one', () => {
    for (const entry of catalogue) {
      expect(entry.preprocessing).toBeDefined();
      expect(entry.preprocessingOrigin).toBeDefined();
      expect(entry.licence).not.toBe('not stated');
      expect(entry.addresses.length).toBeGreaterThan(0);
      for (const address of entry.addresses) {
        expect(address).toMatch(/^https:\/\//);
        expect(address.endsWith(`/${entry.file}`)).toBe(true);
      }
    }
  });

  test('turns 0 to 255 around a mean into colours from 0 to 1', () => {
    const lite = catalogue.find(({ name }) => name === 'efficientnet-lite4')!.preprocessing!;
    expect(lite.mean[0]).toBeCloseTo(127 / 255, 12);
    expect(lite.std[0]).toBeCloseTo(128 / 255, 12);
    const keras = catalogue.find(({ name }) => name === 'keras-inception-v3')!;
    expect(keras.preprocessing).toEqual({ order: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expect(keras).toMatchObject({ md5: 'bcbd6486424b2319ff4ef7d526e38f63', sizeBytes: 87_910_968 });
  });

  test('finds a network by its digest', () => {
    const vgg = catalogue.find(({ name }) => name === 'vgg16')!;
    expect(entryOfDigest(vgg.sha256!)).toBe(vgg);
    expect(entryOfDigest('0'.repeat(64))).toBeUndefined();
  });
});

describe('a name', () => {
  test.each(['vgg16', 'squeezenet1.0', 'a', 'my-net_2', 'x'.repeat(64)])('may be %s', (name) => {
    expect(isModelName(name)).toBe(true);
  });

  test.each([
    '',
    '.',
    '..',
    'a/b',
    'a\\b',
    'VGG16',
    '-x',
    '.hidden',
    'x'.repeat(65),
    'net.onnx',
    'net.h5',
    'a..b',
    'a.',
    'con',
    'nul.x',
    'é',
    'a b',
    'a\u0000',
    '__proto__',
  ])('may not be %j', (name) => {
    expect(isModelName(name)).toBe(false);
  });
});

describe('a catalogue of your own', () => {
  const model = {
    name: 'mine',
    file: 'mine.onnx',
    addresses: ['https://example.org/mine.onnx'],
    sizeBytes: 1000,
    sha256: 'ab'.repeat(32),
  };
  const read = (changes: object) => parseCatalogue(JSON.stringify({ models: [{ ...model, ...changes }] }), 'own.json');

  test('needs a name, file, address, size and digest', () => {
    const [entry] = read({ preprocessing: { channelOrder: 'BGR' }, layers: ['conv5'] });
    expect(entry).toMatchObject({ ...model, title: 'mine', licence: 'not stated', layers: ['conv5'] });
    expect(entry!.preprocessing).toEqual({ order: 'BGR', mean: [0, 0, 0], std: [1, 1, 1] });
    expect(read({ sha256: undefined, md5: 'ab'.repeat(16) })[0]!.md5).toBe('ab'.repeat(16));
  });

  test.each<[object, string]>([
    [{ name: '../up' }, 'no good name'],
    [{ name: 3 }, 'no good name'],
    [{ file: '../up.onnx' }, '"file"'],
    [{ file: 'mine.exe' }, '"file"'],
    [{ file: '.hidden.onnx' }, '"file"'],
    [{ addresses: 'https://example.org' }, '"addresses"'],
    [{ addresses: ['file:///etc/passwd'] }, '"addresses"'],
    [{ addresses: ['https://a b'] }, '"addresses"'],
    [{ sizeBytes: 0 }, '"sizeBytes"'],
    [{ sizeBytes: 1.5 }, '"sizeBytes"'],
    [{ sizeBytes: '1' }, '"sizeBytes"'],
    [{ sha256: 'AB'.repeat(32) }, '"sha256"'],
    [{ sha256: undefined }, '"sha256"'],
    [{ title: 'a\u001b[2Jb' }, '"title"'],
    [{ preprocessing: { std: [0, 0, 0] } }, 'deviations'],
  ])('is refused with %j', (changes, fact) => {
    expect(() => read(changes)).toThrow(ModelError);
    expect(() => read(changes)).toThrow(fact);
  });

  test.each(['', '[]', '{}', '{"models":{}}', '{"models":[null]}', '{"models":["vgg16"]}'])('is not %j', (text) => {
    expect(() => parseCatalogue(text, 'own.json')).toThrow(ModelError);
  });
});
