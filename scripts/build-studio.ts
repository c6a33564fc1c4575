/**
 * Builds the page of the studio into dist/studio: HTML, scripts and styles. The network and the runtime are not copied
 * there; whoever serves the page serves them from where they are. Nothing is done when the page is newer than its sources.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import sharp from 'sharp';
import { build, type Plugin } from 'vite';
import { contentSecurityPolicy } from '../apps/studio/headers.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const studio = join(root, 'apps/studio');
const output = join(root, 'dist/studio');

/** The photo that visitors without one can try. */
const sample = { source: join(root, 'examples/castle.jpg'), file: 'sample.jpg', longestSide: 1200 };

/** The paths of all files in a folder and below, as addresses have them. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/'));
}

function newestOf(folder: string): number {
  return Math.max(...filesOf(folder).map((name) => statSync(join(folder, name)).mtimeMs));
}

function isUpToDate(): boolean {
  const page = join(output, 'index.html');
  if (!existsSync(page)) return false;
  const sources = [join(root, 'src'), studio, join(root, 'apps/server/client')].map(newestOf);
  const files = [fileURLToPath(import.meta.url), join(root, 'package-lock.json')].map((path) => statSync(path).mtimeMs);
  return Math.max(...sources, ...files) < statSync(page).mtimeMs;
}

/** The sample as a smaller file, the policy in the page itself, and the list of files in the service worker. */
function finishing(): Plugin {
  return {
    name: 'pareidolia-studio',
    async buildStart() {
      const photo = sharp(await readFile(sample.source))
        .resize(sample.longestSide)
        .jpeg({ quality: 82 });
      this.emitFile({ type: 'asset', fileName: sample.file, source: await photo.toBuffer() });
    },
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy('page') },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle(_options, bundle) {
      const worker = Object.values(bundle).find(({ fileName }) => fileName === 'service-worker.js');
      if (worker?.type !== 'chunk') throw new Error('internal: the build has no service worker');
      const files = [...Object.keys(bundle), ...filesOf(join(studio, 'public'))];
      const kept = files.filter((name) => name !== worker.fileName);
      // Minified, the text has other quotes.
      const [place] = /["'`]__FILES__["'`]/.exec(worker.code) ?? [];
      if (place === undefined) throw new Error('internal: the service worker has no place for its files');
      worker.code = worker.code.replace(place, () => JSON.stringify(JSON.stringify(kept)));
    },
  };
}

async function main(): Promise<void> {
  if (isUpToDate()) return;
  await build({
    configFile: false,
    root: studio,
    base: './',
    publicDir: join(studio, 'public'),
    logLevel: 'warn',
    plugins: [tailwind(), finishing()],
    resolve: {
      alias: {
        // These load their WebAssembly from where they are told, so that the bundler copies none.
        'onnxruntime-web/wasm': join(root, 'node_modules/onnxruntime-web/dist/ort.wasm.min.mjs'),
        'onnxruntime-web/webgpu': join(root, 'node_modules/onnxruntime-web/dist/ort.webgpu.min.mjs'),
      },
    },
    worker: { format: 'es' },
    build: {
      outDir: output,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        // The first is of no meaning where nothing runs on a server, the second says how long others took.
        checks: { moduleLevelDirective: false, pluginTimings: false },
        input: { page: join(studio, 'index.html'), 'service-worker': join(studio, 'offline/service-worker.ts') },
        output: {
          entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        },
      },
    },
  });
}

await main();
