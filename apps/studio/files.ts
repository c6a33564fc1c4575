import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../../studio/', import.meta.url));
const network = fileURLToPath(new URL('../../models/inception-v3.onnx', import.meta.url));

/** The files of onnxruntime-web that the page asks for: WebAssembly, and with `.asyncify` the one that knows WebGPU. */
const runtimeFiles = ['', '.asyncify'].flatMap((kind) =>
  ['mjs', 'wasm'].map((extension) => `ort-wasm-simd-threaded${kind}.${extension}`),
);

/** Every file of the static site: its path in the site, such as `assets/page.js`, and the file it comes from. */
export async function siteFiles(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(page, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path): [string, string] => [path.slice(page.length).replaceAll('\\', '/'), path]);
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  return new Map([
    ...files,
    ['model/inception-v3.onnx', network],
    ...runtimeFiles.map((name): [string, string] => [`runtime/${name}`, join(runtime, name)]),
  ]);
}
