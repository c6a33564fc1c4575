/**
 * Keeps the rooms of the house apart: refuses imports that point the wrong way, reach past a room's door, load what
 * only one host has, or run in a circle. Run from the root of the repository: `node dist/scripts/check-imports.js`.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Which rooms a room may import. A room is a folder of src/, or one of the files of `FILE_ROOMS`. */
const SEES: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  version: [],
  onnx: ['errors'],
  graph: ['onnx', 'errors'],
  gradient: ['graph', 'onnx', 'errors'],
  image: ['errors'],
  metadata: ['image', 'errors'],
  models: ['onnx', 'graph', 'image', 'errors'],
  dream: ['gradient', 'graph', 'onnx', 'image', 'models', 'errors', 'version', 'platform'],
  inspect: ['dream', 'gradient', 'graph', 'onnx', 'image', 'models', 'errors', 'platform'],
  movie: ['dream', 'image', 'models', 'errors', 'version', 'platform'],
  platform: [],
};

/** Which rooms a room may import in addition, with `import type` only. */
const SEES_TYPES: Readonly<Record<string, readonly string[]>> = {
  platform: ['image', 'onnx', 'errors'],
};

/** The doors that add what their host has to the portable door, and so export it again. */
const HOST_DOORS = ['src/platform/node/index.ts', 'src/platform/web/index.ts'];

/** The portable rooms. The public list and the two hosts may import every one of them. */
const PORTABLE = Object.keys(SEES);
const SEES_ALL_PORTABLE = ['index', 'platform/node', 'platform/web'];

/** Rooms that are a single file. Every other room is entered through its index.ts. */
const FILE_ROOMS: Readonly<Record<string, string>> = {
  'src/index.ts': 'index',
  'src/errors.ts': 'errors',
  'src/version.ts': 'version',
  'src/platform/platform.ts': 'platform',
};

/** What an app may import from outside itself: doors of the library, and programs that another app lets it start. */
const APP_SEES: Readonly<Record<string, readonly string[]>> = {
  'apps/cli': [
    'src/index.ts',
    'src/platform/node/index.ts',
    'apps/server/start.ts',
    'apps/studio/start.ts',
    'apps/studio/files.ts',
    'apps/studio/headers.ts',
  ],
  'apps/server': ['src/index.ts', 'src/platform/node/index.ts', 'apps/studio/site.ts'],
  'apps/studio': [
    'src/index.ts',
    'src/platform/node/index.ts',
    'src/platform/web/index.ts',
    'apps/server/client/client.ts',
  ],
};

/** What any app may import beside the doors, because it is needed before there is time to load what lies behind them. */
const WEIGHTLESS = ['src/errors.ts', 'src/version.ts'];

/** What only some hosts have, and the rooms of the library that may load it. Apps, scripts and bench may as well. */
const HOST_ONLY: Readonly<Record<string, readonly string[]>> = {
  'node:': ['platform/node'],
  sharp: ['platform/node'],
  h5wasm: ['platform/node'],
  mediabunny: ['platform/node'],
  'h264-mp4-encoder': ['platform/node'],
  '@techstark/opencv-js': ['platform/node'],
  'onnxruntime-node': ['platform/node'],
  'onnxruntime-web': ['platform/node', 'platform/web'],
};

/** The package's own name leads to the same doors as their paths. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  pareidolia: 'src/index.ts',
  'pareidolia/node': 'src/platform/node/index.ts',
  'pareidolia/web': 'src/platform/web/index.ts',
  'pareidolia/client': 'apps/server/client/client.ts',
};

/** The folders whose sources are read. */
const FOLDERS = ['src', 'apps', 'scripts', 'bench', 'test'];

/** One import, `export … from`, `import()` or `import('…')` type of a file. */
export interface Import {
  /** A path from the root of the repository for a file of our own, otherwise the name of a package or builtin. */
  readonly target: string;
  /** Counted from 1. */
  readonly line: number;
  /** True when nothing of the import is left once compiled. */
  readonly typeOnly: boolean;
}

/** The rooms, apps and folders that the rules speak of: `onnx`, `platform/node`, `apps/cli`, `scripts`. */
export function roomOf(path: string): string {
  const [top, second, third, fourth] = path.split('/');
  if (FILE_ROOMS[path] !== undefined) return FILE_ROOMS[path];
  if (top === 'apps') return `apps/${second}`;
  if (top !== 'src') return top ?? path;
  if (third === undefined) return path;
  if (second !== 'platform') return second ?? path;
  return fourth === undefined ? path : `platform/${third}`;
}

/**
 * Every import that breaks a rule, one line each: `src/x.ts:12 imports src/y.ts: <why not>`. Keys of `files` are paths
 * from the root of the repository. Test files may import whatever exists; nothing else may import a test file.
 */
export function checkArrows(files: ReadonlyMap<string, readonly Import[]>): string[] {
  const violations: string[] = [];
  for (const [path, imports] of files) {
    for (const entry of imports) {
      const reason = refusal(path, entry, files);
      if (reason !== undefined) violations.push(`${path}:${entry.line} imports ${entry.target}: ${reason}`);
    }
  }
  return [...violations, ...circles(files)];
}

/** Why an import is refused, or undefined when it is fine. */
function refusal(path: string, entry: Import, files: ReadonlyMap<string, readonly Import[]>): string | undefined {
  const { target } = entry;
  const own = /^(src|apps|scripts|bench|test|\.\.?)\//.test(target);
  if (own && !files.has(target)) return 'there is no such source file';
  if (isTest(path)) return undefined;
  if (own && isTest(target)) return 'only tests may import a test';

  const from = roomOf(path);
  if (from === 'scripts' || from === 'bench') return undefined;
  if (from.startsWith('apps/')) return own ? appRefusal(from, target) : undefined;
  if (HOST_DOORS.includes(path) && target === 'src/index.ts') return undefined;
  return own ? roomRefusal(from, entry) : packageRefusal(from, target);
}

function appRefusal(from: string, target: string): string | undefined {
  const to = roomOf(target);
  if (to === from || APP_SEES[from]?.includes(target) || WEIGHTLESS.includes(target)) return undefined;
  if (APP_SEES[from] === undefined) return `${from} has no place in the table of apps`;
  if (!target.startsWith('src/')) return `${from} may not see ${to}`;
  const doors = APP_SEES[from].filter((door) => door.startsWith('src/'));
  return `an app enters the library through its doors, ${doors.join(' and ')}`;
}

function roomRefusal(from: string, { target, typeOnly }: Import): string | undefined {
  const to = roomOf(target);
  if (to === from) return undefined;
  const sees = SEES_ALL_PORTABLE.includes(from) ? PORTABLE : SEES[from];
  if (sees === undefined) return `${from} has no place in the table of rooms`;
  if (!sees.includes(to)) {
    if (!SEES_TYPES[from]?.includes(to)) return `${from} may not see ${to}`;
    if (!typeOnly) return `${from} may see ${to} with import type only`;
  }
  if (FILE_ROOMS[target] === undefined && target !== `src/${to}/index.ts`) {
    return `another room is entered through its door, src/${to}/index.ts`;
  }
  return undefined;
}

function packageRefusal(from: string, target: string): string | undefined {
  // None of the packages named in the table has a scope, so the name ends at the first slash.
  const name = isBuiltin(target) ? 'node:' : (target.split('/')[0] ?? target);
  const rooms = HOST_ONLY[name];
  if (rooms === undefined || rooms.includes(from)) return undefined;
  return `${from} may not load it, only ${rooms.join(' and ')} may`;
}

/** One line for each circle of files that load each other. Type-only imports load nothing. */
function circles(files: ReadonlyMap<string, readonly Import[]>): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    if (finished.has(path)) return;
    const start = trail.indexOf(path);
    if (start >= 0) {
      found.push(`${[...trail.slice(start), path].join(' -> ')}: these files import each other in a circle`);
      return;
    }
    trail.push(path);
    const targets = files.get(path)?.filter((entry) => !entry.typeOnly && files.has(entry.target)) ?? [];
    for (const target of new Set(targets.map((entry) => entry.target))) visit(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of files.keys()) visit(path);
  return found;
}

/**
 * The imports of one source file, in order. A clause whose names are all marked `type` one by one still loads its
 * module under `verbatimModuleSyntax`; only `import type` and `export type` leave nothing behind. That difference is
 * why this reads the syntax tree and not `ts.preProcessFile`, which does not tell them apart.
 */
export function scanImports(path: string, text: string, exists: (path: string) => boolean): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const line = source.getLineAndCharacterOfPosition(specifier.getStart(source)).line + 1;
    imports.push({ target: resolve(path, specifier.text, exists), line, typeOnly });
  };
  const walk = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return imports;
}

/** Turns what an import says into what it means: the path of a source for our own files, the name for packages. */
function resolve(path: string, specifier: string, exists: (path: string) => boolean): string {
  if (!specifier.startsWith('.')) return OWN_NAMES[specifier] ?? specifier;
  const joined = posix.join(posix.dirname(path), specifier);
  // A file in the root keeps a leading ./ so that it cannot be taken for a package.
  if (!joined.includes('/')) return `./${joined}`;
  const source = joined.replace(/\.js$/, '.ts');
  return !exists(source) && exists(`${source}x`) ? `${source}x` : source;
}

/** Tests, their tables of cases, and the folder of whole-program tests. */
function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.(test|cases)\.tsx?$/.test(path);
}

function main(): void {
  const paths = new Set(
    FOLDERS.filter((folder) => existsSync(folder))
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name)),
      )
      .sort(),
  );
  const files = new Map<string, Import[]>();
  for (const path of paths) {
    // Pictures, JSON and styles stand in the map too, so that importing them is importing something that exists.
    const isSource = /\.tsx?$/.test(path);
    files.set(path, isSource ? scanImports(path, readFileSync(path, 'utf8'), (other) => paths.has(other)) : []);
  }
  const sources = [...paths].filter((path) => /\.tsx?$/.test(path));
  const violations = sources.length === 0 ? ['no sources found: run this in the repository root'] : checkArrows(files);
  if (violations.length > 0) {
    console.error(violations.join('\n'));
    process.exitCode = 1;
    return;
  }
  const arrows = [...files.values()].flat().filter((entry) => files.has(entry.target));
  console.log(`imports: ${sources.length} files, ${arrows.length} arrows, no circles`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
