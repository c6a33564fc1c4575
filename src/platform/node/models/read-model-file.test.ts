import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ErrorCode, ModelError } from '../../../errors.js';
import { ModelProtoSchema } from '../../../onnx/onnx_pb.js';
import { readModelFile } from './read-model-file.js';

/** A model that adds weights to its input; each weight has two values, from the file and the offset that it names. */
function modelBytes(weights: Record<string, { location?: string; offset?: number; length?: number }>): Uint8Array {
  const float = { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2n }] } } };
  const initializer = Object.entries(weights).map(([name, { location, ...range }]) => {
    const entries = Object.entries({ location, ...range }).filter(([, value]) => value !== undefined);
    const externalData = entries.map(([key, value]) => ({ key, value: `${value}` }));
    const rawData = new Uint8Array(Float32Array.of(0.5, -0.5).buffer);
    return {
      name,
      dims: [2n],
      dataType: 1,
      ...(location === undefined ? { rawData } : { dataLocation: 1, externalData }),
    };
  });
  const proto = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ version: 18n }],
    graph: {
      node: [{ opType: 'Sum', input: ['x', ...Object.keys(weights)], output: ['y'] }],
      input: [{ name: 'x', type: float }],
      output: [{ name: 'y', type: float }],
      initializer,
    },
  });
  return toBinary(ModelProtoSchema, proto);
}

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');
const numbers = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

/** Links, pipes and devices as Windows does not have them. */
const testOnPosix = test.skipIf(process.platform === 'win32');

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'read-model-file-')));
  path = join(folder, 'net.onnx');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function refusal(file = path): Promise<ModelError> {
  const start = performance.now();
  const error = await readModelFile(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  expect((error as ModelError).message).toMatch(/^[^\n]+: [^\n]+\.$/);
  expect(performance.now() - start).toBeLessThan(1000);
  return error as ModelError;
}

describe('one file', () => {
  test('the model, its bytes and their SHA-256', async () => {
    const bytes = modelBytes({ w: {} });
    writeFileSync(path, bytes);
    const read = await readModelFile(path);
    expect(read.bytes).toEqual(bytes);
    expect(read.sha256).toBe(sha256(bytes));
    expect(read.model.graph.initializers.get('w')!.data).toEqual(Float32Array.of(0.5, -0.5));
  });

  testOnPosix('the model may be reached through a symbolic link', async () => {
    writeFileSync(path, modelBytes({ w: {} }));
    symlinkSync(path, join(folder, 'link.onnx'));
    expect((await readModelFile(join(folder, 'link.onnx'))).sha256).toBe((await readModelFile(path)).sha256);
  });

  test('a path relative to the working folder is enough', async () => {
    const { model } = await readModelFile('dist/models/inception-v3.onnx');
    expect(model.graph.nodes.length).toBeGreaterThan(200);
  });

  test('a file that is not there is called missing', async () => {
    for (const file of [path, join(folder, 'no', 'such', 'net.onnx')]) {
      const error = await refusal(file);
      expect(error.code).toBe('model/missing');
      expect(error.message).toBe(`${file}: no such file. Check the name of the model.`);
    }
  });

  test('a file taken for a folder is called missing', async () => {
    writeFileSync(path, 'a file');
    expect((await refusal(join(path, 'net.onnx'))).code).toBe('model/missing');
  });

  testOnPosix('a folder, a device and a name with NUL are unreadable', async () => {
    expect((await refusal(folder)).message).toMatch(/got a folder/);
    for (const file of [folder, '/dev/zero', '/dev/null', `${path}\0.onnx`, join(folder, 'n'.repeat(300))]) {
      expect((await refusal(file)).code).toBe('model/unreadable');
    }
  });

  testOnPosix('a pipe that nobody writes to is refused at once', async () => {
    execFileSync('mkfifo', [path]);
    const error = await refusal();
    expect(error.code).toBe('model/unreadable');
    expect(error.message).toMatch(/a pipe or a device/);
  });

  testOnPosix('a link to itself is unreadable', async () => {
    symlinkSync(path, path);
    expect((await refusal()).code).toBe('model/unreadable');
  });

  // The superuser may read everything.
  test('a file that may not be read is unreadable', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read everything');
    writeFileSync(path, modelBytes({ w: {} }));
    chmodSync(path, 0o000);
    const error = await refusal();
    expect(error.code).toBe('model/unreadable');
    expect(error.message).toMatch(/permission denied/);
  });

  test('a file above 1 GiB is refused before it is read', async () => {
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30 + 1);
    const error = await refusal();
    expect(error.code).toBe('model/unreadable');
    expect(error.message).toMatch(/at most 1073741824 bytes, got 1073741825/);
  });

  test('what is in the file is judged by the reader', async () => {
    writeFileSync(path, '');
    expect((await refusal()).code).toBe('model/format');
    writeFileSync(path, modelBytes({ w: {} }).subarray(0, 40));
    expect((await refusal()).code).toBe('model/truncated');
  });
});

describe('weights in files of their own', () => {
  const beside = (name: string): string => join(folder, name);

  test('they are read from beside the model, several from one file', async () => {
    writeFileSync(beside('a.bin'), numbers);
    writeFileSync(beside('b.bin'), numbers.subarray(0, 8));
    writeFileSync(
      path,
      modelBytes({
        b: { location: 'b.bin' },
        a0: { location: 'a.bin' },
        a1: { location: 'a.bin', offset: 8, length: 8 },
      }),
    );
    const { initializers } = (await readModelFile(path)).model.graph;
    const values = Object.fromEntries([...initializers].map(([name, { data }]) => [name, data]));
    expect(values).toEqual({ a0: Float32Array.of(1, 2), a1: Float32Array.of(3, 4), b: Float32Array.of(1, 2) });
  });

  test('the SHA-256 covers them, in the order of their names', async () => {
    const bytes = modelBytes({ b: { location: 'b.bin' }, a: { location: 'a.bin' } });
    writeFileSync(path, bytes);
    writeFileSync(beside('a.bin'), numbers);
    writeFileSync(beside('b.bin'), numbers.subarray(0, 8));
    const text = `${sha256(bytes)}\n${sha256(numbers)}  a.bin\n${sha256(numbers.subarray(0, 8))}  b.bin\n`;
    const { sha256: digest } = await readModelFile(path);
    expect(digest).toBe(sha256(text));
    writeFileSync(beside('b.bin'), numbers.subarray(8));
    expect((await readModelFile(path)).sha256).not.toBe(digest);
  });

  testOnPosix('the folder of the model may be reached through a symbolic link', async () => {
    mkdirSync(beside('real'));
    writeFileSync(join(folder, 'real', 'net.onnx'), modelBytes({ w: { location: 'a.bin' } }));
    writeFileSync(join(folder, 'real', 'a.bin'), numbers);
    symlinkSync(beside('real'), beside('link'));
    const { model } = await readModelFile(join(folder, 'link', 'net.onnx'));
    expect(model.graph.initializers.get('w')!.data).toEqual(Float32Array.of(1, 2));
  });

  const refused: [string, () => void, ErrorCode, RegExp][] = [
    ['a file that is not there', () => undefined, 'model/missing', /"w\.bin", which holds its weights, is not there/],
    [
      'a symbolic link',
      () => {
        writeFileSync(beside('other.bin'), numbers);
        symlinkSync('other.bin', beside('w.bin'));
      },
      'model/unreadable',
      /a symbolic link/,
    ],
    [
      'a symbolic link to a secret',
      () => symlinkSync('/etc/passwd', beside('w.bin')),
      'model/unreadable',
      /a symbolic link/,
    ],
    [
      'a symbolic link to nothing',
      () => symlinkSync('/no/such', beside('w.bin')),
      'model/unreadable',
      /a symbolic link/,
    ],
    ['a folder', () => mkdirSync(beside('w.bin')), 'model/unreadable', /a folder/],
    ['a pipe', () => execFileSync('mkfifo', [beside('w.bin')]), 'model/unreadable', /a pipe or a device/],
    [
      'a hard link',
      () => {
        writeFileSync(beside('secret'), numbers);
        linkSync(beside('secret'), beside('w.bin'));
      },
      'model/unreadable',
      /several names/,
    ],
    [
      'a file that is too short',
      () => writeFileSync(beside('w.bin'), numbers.subarray(0, 7)),
      'model/truncated',
      /needs 8 bytes at 0 of "w\.bin", which has 7/,
    ],
    [
      'a file that makes more than 1 GiB with the model',
      () => {
        writeFileSync(beside('w.bin'), '');
        truncateSync(beside('w.bin'), 2 ** 30);
      },
      'model/unreadable',
      /at most 1073741824 bytes, got 10737419\d\d/,
    ],
  ];

  testOnPosix.each(refused)('%s is refused', async (_what, prepare, code, message) => {
    writeFileSync(path, modelBytes({ w: { location: 'w.bin' } }));
    prepare();
    const before = process.memoryUsage().arrayBuffers;
    const error = await refusal();
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  test('an offset past the end is refused', async () => {
    writeFileSync(beside('w.bin'), numbers);
    for (const offset of [9, 16, 2 ** 40, Number.MAX_SAFE_INTEGER - 8]) {
      writeFileSync(path, modelBytes({ w: { location: 'w.bin', offset, length: 8 } }));
      expect((await refusal()).code).toBe('model/truncated');
    }
  });

  testOnPosix('nothing outside the folder is read, whatever the location says', async () => {
    mkdirSync(beside('inside'));
    const file = join(folder, 'inside', 'net.onnx');
    writeFileSync(beside('secret.bin'), numbers);
    symlinkSync('..', join(folder, 'inside', 'up'));
    const locations = [
      '../secret.bin',
      beside('secret.bin'),
      'up/secret.bin',
      '..',
      '.',
      '',
      'up',
      '/proc/self/environ',
    ];
    for (const location of locations) {
      writeFileSync(file, modelBytes({ w: { location } }));
      expect((await refusal(file)).code).toMatch(/^model\/un(supported|readable)$/);
    }
  });
});
