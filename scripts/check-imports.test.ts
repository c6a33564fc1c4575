import { describe, expect, test } from 'vitest';
import { checkArrows, type Import, roomOf, scanImports } from './check-imports.js';

const runtime = (target: string): Import => ({ target, line: 1, typeOnly: false });
const typeOnly = (target: string): Import => ({ target, line: 1, typeOnly: true });

/** Checks one file that imports one thing, in a tree where everything named exists. */
function check(path: string, entry: Import, others: readonly string[] = []): string[] {
  const names = [entry.target, ...others].filter((name) => name.includes('/') && !name.includes(':'));
  const files = new Map<string, Import[]>(names.map((name) => [name, []]));
  return checkArrows(files.set(path, [entry]));
}

describe('rooms', () => {
  test.each([
    ['src/index.ts', 'index'],
    ['src/errors.ts', 'errors'],
    ['src/gradient/rules/conv.ts', 'gradient'],
    ['src/platform/platform.ts', 'platform'],
    ['src/platform/node/files/write.ts', 'platform/node'],
    ['apps/cli/commands/dream.ts', 'apps/cli'],
    ['scripts/build-model.ts', 'scripts'],
  ])('%s is in %s', (path, room) => {
    expect(roomOf(path)).toBe(room);
  });
});

describe('arrows', () => {
  test.each([
    ['src/onnx/read.ts', 'src/errors.ts'],
    ['src/gradient/rules/conv.ts', 'src/gradient/rule.ts'],
    ['src/gradient/differentiate.ts', 'src/graph/index.ts'],
    ['src/dream/run.ts', 'src/platform/platform.ts'],
    ['src/movie/frames.ts', 'src/dream/index.ts'],
    ['src/index.ts', 'src/dream/index.ts'],
    ['src/platform/node/session.ts', 'src/image/index.ts'],
    ['src/platform/node/session.ts', 'node:fs'],
    ['src/platform/web/session.ts', 'onnxruntime-web/webgpu'],
    ['src/dream/presets/index.ts', 'src/dream/presets/classic.json'],
    ['apps/cli/main.ts', 'src/platform/node/index.ts'],
    ['apps/cli/commands/serve.ts', 'apps/server/start.ts'],
    ['apps/studio/worker.ts', 'src/platform/web/index.ts'],
    ['bench/dream.bench.ts', 'src/dream/run.ts'],
    ['src/dream/run.test.ts', 'src/platform/node/session.ts'],
  ])('%s may import %s', (path, target) => {
    expect(check(path, runtime(target))).toEqual([]);
  });

  test.each([
    ['src/onnx/read.ts', 'src/graph/index.ts', 'onnx may not see graph'],
    ['src/image/resize.ts', 'src/dream/index.ts', 'image may not see dream'],
    ['src/models/cache.ts', 'src/platform/platform.ts', 'models may not see platform'],
    ['src/dream/run.ts', 'src/index.ts', 'dream may not see index'],
    ['src/dream/run.ts', 'src/platform/node/index.ts', 'dream may not see platform/node'],
    ['src/platform/node/index.ts', 'src/platform/web/index.ts', 'platform/node may not see platform/web'],
    ['src/platform/platform.ts', 'src/image/index.ts', 'platform may see image with import type only'],
    ['src/index.ts', 'src/platform/node/index.ts', 'index may not see platform/node'],
    ['src/dream/run.ts', 'src/graph/builder.ts', 'another room is entered through its door, src/graph/index.ts'],
    ['src/helpers/text.ts', 'src/errors.ts', 'helpers has no place in the table of rooms'],
    ['src/dream/run.ts', 'scripts/build-model.ts', 'dream may not see scripts'],
    ['src/dream/run.ts', 'node:fs', 'dream may not load it, only platform/node may'],
    ['src/dream/run.ts', 'fs/promises', 'dream may not load it, only platform/node may'],
    ['src/image/resize.ts', 'sharp', 'image may not load it, only platform/node may'],
    ['src/index.ts', 'onnxruntime-web/webgpu', 'index may not load it, only platform/node and platform/web may'],
    ['src/platform/web/session.ts', 'onnxruntime-node', 'platform/web may not load it, only platform/node may'],
    ['apps/server/start.ts', 'apps/cli/main.ts', 'apps/server may not see apps/cli'],
    ['apps/cli/main.ts', 'apps/server/routes/jobs.ts', 'apps/cli may not see apps/server'],
    ['src/dream/run.ts', 'src/dream/run.cases.ts', 'only tests may import a test'],
    ['scripts/build-model.ts', 'test/plain-reporter.ts', 'only tests may import a test'],
  ])('%s may not import %s', (path, target, reason) => {
    expect(check(path, runtime(target))).toEqual([`${path}:1 imports ${target}: ${reason}`]);
  });

  test('an app that reaches past a door is told where the doors are', () => {
    expect(check('apps/cli/main.ts', runtime('src/dream/index.ts'))).toEqual([
      'apps/cli/main.ts:1 imports src/dream/index.ts: an app enters the library through its doors, src/index.ts and src/platform/node/index.ts',
    ]);
  });

  test('the platform interface may take types from the rooms that fill it', () => {
    expect(check('src/platform/platform.ts', typeOnly('src/image/index.ts'))).toEqual([]);
  });

  test('a type-only import is an arrow like any other', () => {
    expect(check('src/onnx/read.ts', typeOnly('src/graph/index.ts'))).toHaveLength(1);
  });

  test('a test may not import what does not exist', () => {
    const files = new Map([['src/dream/run.test.ts', [runtime('src/dream/gone.ts')]]]);
    expect(checkArrows(files)).toEqual([
      'src/dream/run.test.ts:1 imports src/dream/gone.ts: there is no such source file',
    ]);
  });
});

describe('circles', () => {
  test('a circle is refused with the whole way round', () => {
    const files = new Map([
      ['src/dream/a.ts', [runtime('src/dream/b.ts')]],
      ['src/dream/b.ts', [runtime('src/dream/c.ts')]],
      ['src/dream/c.ts', [runtime('src/dream/b.ts')]],
    ]);
    expect(checkArrows(files)).toEqual([
      'src/dream/b.ts -> src/dream/c.ts -> src/dream/b.ts: these files import each other in a circle',
    ]);
  });

  test('a circle of type-only imports is allowed', () => {
    const files = new Map([
      ['src/dream/a.ts', [runtime('src/dream/b.ts')]],
      ['src/dream/b.ts', [typeOnly('src/dream/a.ts')]],
    ]);
    expect(checkArrows(files)).toEqual([]);
  });

  test('two ways to the same file are no circle', () => {
    const files = new Map([
      ['src/dream/a.ts', [runtime('src/dream/b.ts'), runtime('src/dream/c.ts')]],
      ['src/dream/b.ts', [runtime('src/dream/d.ts')]],
      ['src/dream/c.ts', [runtime('src/dream/d.ts')]],
      ['src/dream/d.ts', []],
    ]);
    expect(checkArrows(files)).toEqual([]);
  });

  test('a file that imports itself is a circle', () => {
    expect(check('src/dream/a.ts', runtime('src/dream/a.ts'))).toHaveLength(1);
  });
});

describe('scanning', () => {
  const scan = (text: string, path = 'src/dream/run.ts', missing: readonly string[] = []): Import[] =>
    scanImports(path, text, (other) => !missing.includes(other));

  test('paths are resolved to sources and counted by line', () => {
    expect(scan("// first\nimport { a } from './a.js';\nexport { b } from '../graph/index.js';\n")).toEqual([
      { target: 'src/dream/a.ts', line: 2, typeOnly: false },
      { target: 'src/graph/index.ts', line: 3, typeOnly: false },
    ]);
  });

  test('import type, export type and import types leave nothing behind', () => {
    const text = "import type { A } from './a.js';\nexport type { B } from './b.js';\nlet c: import('./c.js').C;\n";
    expect(scan(text).map((entry) => entry.typeOnly)).toEqual([true, true, true]);
  });

  test('names marked type one by one still load their module', () => {
    expect(scan("import { type A } from './a.js';")).toEqual([{ target: 'src/dream/a.ts', line: 1, typeOnly: false }]);
  });

  test('dynamic and side-effect imports are found', () => {
    const text = "import './a.js';\nasync () => { await import('./b.js'); };\n";
    expect(scan(text).map((entry) => entry.target)).toEqual(['src/dream/a.ts', 'src/dream/b.ts']);
  });

  test('an import in a comment or a string is not one', () => {
    expect(scan("// import './a.js';\nconst text = \"import './b.js'\";\n")).toEqual([]);
  });

  test('packages keep their name and the own name leads to its door', () => {
    const text = "import sharp from 'sharp';\nimport { x } from 'pareidolia/node';\n";
    expect(scan(text).map((entry) => entry.target)).toEqual(['sharp', 'src/platform/node/index.ts']);
  });

  test('a .js import finds the .tsx it was compiled from', () => {
    const found = scan("import { Page } from './page.js';", 'apps/studio/main.ts', ['apps/studio/page.ts']);
    expect(found[0]?.target).toBe('apps/studio/page.tsx');
  });

  test('a file outside the scanned folders is not taken for a package', () => {
    expect(scan("import manifest from '../../package.json';")[0]?.target).toBe('./package.json');
  });
});
