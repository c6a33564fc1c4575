import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../../../test/local-server.js';
import { modelOf, node } from '../../../../test/run-model.js';
import { DownloadError, ModelError, OptionError } from '../../../errors.js';
import { writeModel } from '../../../onnx/index.js';
import { addModel } from './add-model.js';
import { loadNetwork } from './load-network.js';
import { cacheFolder, findModel, listModels } from './model-folders.js';
import { pullModel } from './pull-model.js';
import { removeModel } from './remove-model.js';
import { verifyModels } from './verify-models.js';

const bytes = Buffer.from(
  writeModel(modelOf({ inputs: { x: [1, 3, 'H', 'W'] }, outputs: { y: 4 }, nodes: [node('Relu', ['x'], ['y'])] })),
);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const caffe = { channelOrder: 'BGR', valueRange: [0, 255], mean: [104, 117, 124], std: [1, 1, 1] };

let server: LocalServer;
let base: string;
let asked: string[];
let folder: string;
let file: string;
const inherited = { ...process.env };

beforeAll(async () => {
  server = await startLocalServer((request, response) => {
    asked.push(request.url!);
    response.end(request.url!.startsWith('/wrong') ? bytes.map((byte) => byte ^ 1) : bytes);
  });
  base = server.address;
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-cache-'));
  file = join(folder, 'Some Net.onnx');
  await writeFile(file, bytes);
  const entry = { name: 'tiny', file: 'tiny.onnx', addresses: [`${base}/tiny.onnx`], sizeBytes: bytes.length, sha256 };
  const models = [
    { ...entry, preprocessing: caffe },
    { ...entry, name: 'vgg17', file: 'vgg17.onnx' },
  ];
  await writeFile(join(folder, 'catalogue.json'), JSON.stringify({ models }));
  process.env['PAREIDOLIA_CACHE'] = join(folder, 'cache');
  process.env['PAREIDOLIA_CATALOGUE'] = join(folder, 'catalogue.json');
  delete process.env['PAREIDOLIA_OFFLINE'];
  delete process.env['PAREIDOLIA_MODEL_MIRROR'];
  asked = [];
});
afterEach(async () => {
  process.env = { ...inherited };
  await rm(folder, { recursive: true });
});

async function refusal(action: Promise<unknown>): Promise<ModelError | DownloadError | OptionError> {
  const error = await action.then(
    () => expect.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ModelError || error instanceof DownloadError || error instanceof OptionError) return error;
  throw error;
}

describe('the cache', () => {
  test("is in the platform's folder for such things, or where it is told to be", () => {
    const home = '/home/me';
    expect(cacheFolder({}, 'linux', home)).toBe('/home/me/.cache/pareidolia');
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/c' }, 'linux', home)).toBe('/var/c/pareidolia');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux', home)).toBe('/home/me/.cache/pareidolia');
    expect(cacheFolder({}, 'darwin', home)).toBe('/home/me/Library/Caches/pareidolia');
    expect(cacheFolder({ LOCALAPPDATA: '/app' }, 'win32', home)).toBe('/app/pareidolia/Cache');
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(cacheFolder({ PAREIDOLIA_CACHE: '/there', XDG_CACHE_HOME: '/x' }, platform, home)).toBe('/there');
    }
  });
});

describe('a network of a catalogue', () => {
  test('is fetched once, checked, and loaded by its name as the catalogue says', async () => {
    expect((await findModel('tiny'))!.state).toBe('not here');
    const first = await pullModel('tiny');
    expect(first).toEqual({ name: 'tiny', path: join(folder, 'cache/models/tiny/tiny.onnx'), wasHere: false });
    expect((await readFile(first.path)).equals(bytes)).toBe(true);
    expect((await pullModel('tiny')).wasHere).toBe(true);
    expect(asked).toEqual(['/tiny.onnx']);
    const network = await loadNetwork('tiny');
    expect([network.name, network.sha256]).toEqual(['tiny', sha256]);
    expect([network.preprocessingOrigin, network.preprocessing.order]).toEqual(['catalogue', 'BGR']);
    expect((await readdir(join(folder, 'cache/models/tiny'))).sort()).toEqual(['model.json', 'tiny.onnx']);
  });

  test('that has not been fetched is not loaded, and how to fetch it is said', async () => {
    const error = await refusal(loadNetwork('vgg16'));
    expect(error.code).toBe('model/missing');
    expect(error.message).toBe('vgg16 is not here yet (553 MB). Fetch it: pareidolia models pull vgg16');
  });

  test('that nobody knows is refused with names like it', async () => {
    for (const action of [loadNetwork, pullModel, removeModel, verifyModels]) {
      const error = await refusal(action('vgg18'));
      expect(error.code).toBe('model/missing');
      expect(error.message).toMatch(
        /^"vgg18": expected a file or the name of a network, such as vgg1\d, vgg1\d, vgg1\d\./,
      );
    }
    expect((await refusal(pullModel('../up'))).message).toContain('"../up"');
    expect((await refusal(loadNetwork('nets/no.onnx'))).message).toContain('nets/no.onnx: no such file');
  });

  test('whose file is another one is refused and gone', async () => {
    const error = await refusal(pullModel('tiny', { mirror: `${base}/wrong/` }));
    expect(error.code).toBe('download/digest');
    expect(asked).toEqual(['/wrong/tiny.onnx']);
    expect(await readdir(join(folder, 'cache/models/tiny'))).toEqual([]);
    expect((await findModel('tiny'))!.state).toBe('not here');
  });

  test('comes from a mirror, by option or environment', async () => {
    process.env['PAREIDOLIA_MODEL_MIRROR'] = `${base}/a/b`;
    await pullModel('tiny');
    await pullModel('vgg17', { mirror: `${base}/c/?key=1` });
    expect(asked).toEqual(['/a/b/tiny.onnx', '/c/vgg17.onnx?key=1']);
  });

  test.each(['nonsense', 'file:///models', 'ftp://example.org', 'https://me:secret@example.org/'])(
    'does not come from the mirror %s',
    async (mirror) => {
      const error = await refusal(pullModel('tiny', { mirror }));
      expect(error.code).toBe('option/invalid');
      expect(error.message).not.toContain('secret');
    },
  );

  test('is not fetched offline, but used when it is here', async () => {
    process.env['PAREIDOLIA_OFFLINE'] = '1';
    expect((await refusal(pullModel('tiny'))).code).toBe('download/offline');
    expect((await refusal(pullModel('tiny', { offline: true }))).code).toBe('download/offline');
    expect(asked).toEqual([]);
    await pullModel('tiny', { offline: false });
    expect((await pullModel('tiny')).wasHere).toBe(true);
    process.env['PAREIDOLIA_OFFLINE'] = '0';
    await pullModel('vgg17');
  });

  test('gives way to a file of its name', async () => {
    await pullModel('tiny');
    const here = process.cwd();
    await mkdir(join(folder, 'work/vgg17'), { recursive: true });
    await writeFile(join(folder, 'work/tiny'), bytes);
    process.chdir(join(folder, 'work'));
    try {
      expect((await loadNetwork('tiny')).preprocessingOrigin).toBe('assumed');
      // A folder is no network.
      expect((await refusal(loadNetwork('vgg17'))).message).toContain('pareidolia models pull vgg17');
    } finally {
      process.chdir(here);
    }
  });

  test('that has changed in the cache is not used, and found by a check', async () => {
    const { path } = await pullModel('tiny');
    expect(await verifyModels()).toEqual([{ name: 'tiny', result: 'good' }]);
    await appendFile(path, 'x');
    expect((await refusal(loadNetwork('tiny'))).message).toContain('has changed: expected SHA-256');
    expect(await verifyModels('tiny')).toEqual([{ name: 'tiny', result: 'damaged' }]);
    expect(await removeModel('tiny')).toBeGreaterThan(bytes.length);
    expect(await verifyModels()).toEqual([]);
    expect((await refusal(removeModel('tiny'))).message).toContain('is not here');
    expect((await pullModel('tiny')).wasHere).toBe(false);
  });

  test('of which only a part has come is told so, and can be removed', async () => {
    await mkdir(join(folder, 'cache/models/tiny'), { recursive: true });
    await writeFile(join(folder, 'cache/models/tiny/tiny.onnx.part'), bytes.subarray(0, 10));
    expect(await findModel('tiny')).toMatchObject({ state: 'partly here', partBytes: 10 });
    expect(await verifyModels()).toEqual([{ name: 'tiny', result: 'partly here' }]);
    expect((await refusal(loadNetwork('tiny'))).code).toBe('model/missing');
    expect(await removeModel('tiny')).toBe(10);
  });

  test('whose record is damaged is refused, not trusted', async () => {
    const { path } = await pullModel('tiny');
    for (const text of ['', 'null', '{}', '{"file":"../../x","sizeBytes":1,"sha256":"00"}']) {
      await writeFile(join(path, '../model.json'), text);
      expect((await refusal(loadNetwork('tiny'))).message).toContain('pareidolia models rm tiny');
    }
    await removeModel('tiny');
  });
});

describe('a network that is added', () => {
  test('is copied, and loaded by its name', async () => {
    process.env['PAREIDOLIA_CATALOGUE'] = '';
    const model = await addModel(file);
    expect(model).toMatchObject({ name: 'some-net', state: 'here' });
    await rm(file);
    const network = await loadNetwork('some-net');
    expect([network.name, network.sha256, network.preprocessingOrigin]).toEqual(['some-net', sha256, 'assumed']);
    expect((await listModels()).map(({ name }) => name)).toContain('some-net');
  });

  test('keeps the card beside it, or the one that is named', async () => {
    process.env['PAREIDOLIA_CATALOGUE'] = '';
    await writeFile(join(folder, 'Some Net.card.json'), JSON.stringify({ preprocessing: caffe, layers: ['y'] }));
    await addModel(file);
    const network = await loadNetwork('some-net');
    expect([network.preprocessingOrigin, network.preprocessing.order]).toEqual(['card', 'BGR']);
    await writeFile(join(folder, 'other.json'), JSON.stringify({ preprocessing: { valueRange: [0, 255] } }));
    await addModel(file, { name: 'other', card: join(folder, 'other.json') });
    expect((await loadNetwork('other')).preprocessing.std[0]).toBeCloseTo(1 / 255, 12);
    expect((await refusal(addModel(file, { name: 'third', card: 'no.json' }))).code).toBe('model/missing');
  });

  test('becomes the one of the catalogue that has its digest', async () => {
    expect(await addModel(file)).toMatchObject({ name: 'tiny', state: 'here' });
    expect((await pullModel('tiny')).wasHere).toBe(true);
    expect((await loadNetwork('tiny')).preprocessingOrigin).toBe('catalogue');
    expect(asked).toEqual([]);
  });

  test.each([
    ['../up', 'expected up to 64 small letters'],
    ['VGG', 'expected up to 64 small letters'],
    ['vgg16', "is the catalogue's name of another file"],
  ])('cannot be called %s', async (name, fact) => {
    const error = await refusal(addModel(file, { name }));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(fact);
  });

  test('cannot take a name that is taken, be missing, or be no network', async () => {
    await addModel(file, { name: 'mine' });
    expect((await refusal(addModel(file, { name: 'mine' }))).message).toContain('mine is here already');
    expect((await refusal(addModel(join(folder, 'no.onnx')))).code).toBe('model/missing');
    expect((await refusal(addModel(join(folder, 'no.h5')))).code).toBe('model/missing');
    expect((await refusal(addModel(join(folder, 'catalogue.json')))).code).toBe('model/format');
    expect(await readdir(join(folder, 'cache/models'))).toEqual(['mine']);
  });
});

describe('a card beside a file', () => {
  test('counts, NAME.card.json before NAME.json; other JSON does not', async () => {
    const originOf = async () => (await loadNetwork(file)).preprocessingOrigin;
    process.env['PAREIDOLIA_CATALOGUE'] = '';
    await writeFile(join(folder, 'Some Net.json'), '{"architectures":["Net"]}');
    expect(await originOf()).toBe('assumed');
    await writeFile(join(folder, 'Some Net.json'), 'not even JSON');
    expect(await originOf()).toBe('assumed');
    await writeFile(join(folder, 'Some Net.json'), JSON.stringify({ preprocessing: caffe }));
    expect(await originOf()).toBe('card');
    await writeFile(join(folder, 'Some Net.card.json'), '{"preprocessing":{"channelOrder":"RGB"}}');
    expect((await loadNetwork(file)).preprocessing).toEqual({ order: 'RGB', mean: [0, 0, 0], std: [1, 1, 1] });
    const given = await loadNetwork(file, { preprocessing: { channelOrder: 'BGR' } });
    expect([given.preprocessingOrigin, given.preprocessing.order]).toEqual(['given', 'BGR']);
    // What a recipe says counts alone.
    expect((await loadNetwork(file, { recipe: 'file' })).preprocessingOrigin).toBe('assumed');
  });

  test('with a mistake is refused, naming it', async () => {
    await writeFile(join(folder, 'Some Net.card.json'), '{"preprocessing":{"mean":[1]}}');
    const error = await refusal(loadNetwork(file));
    expect(error.code).toBe('model/format');
    expect(error.message).toContain('Some Net.card.json: "mean": expected a list of 3 numbers');
    await rm(join(folder, 'Some Net.card.json'));
    await mkdir(join(folder, 'Some Net.card.json'));
    expect((await refusal(loadNetwork(file))).code).toBe('model/unreadable');
  });
});

test('nothing appears where nothing was asked for', () => {
  expect(existsSync(join(folder, 'cache'))).toBe(false);
});
