/** The gradient of a max-pool on WebGPU, which cannot tell where maxima were; on a processor that plays a graphics card. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { differentiate } from '../../src/gradient/index.js';
import { comparingPasses, GraphBuilder, lean } from '../../src/graph/index.js';
import { floats, writeModel } from '../../src/onnx/index.js';
import { noise } from '../run-model.js';
import { chromiumPath, noBrowser } from './studio-site.js';

const shape = [1, 16, 21, 18];
const runtimeFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

beforeEach((ctx) => ctx.skip(noBrowser !== undefined, noBrowser));

/** The gradient of the mean of squares of a max-pool of a convolution. */
function gradientModel(): Uint8Array {
  const builder = new GraphBuilder();
  const x = builder.input('x', shape);
  const weight = builder.constant(floats(noise([16, 16, 3, 3], 2).data, [16, 16, 3, 3]));
  const convolved = builder.op('Relu', [builder.op('Conv', [x, weight], { kernel_shape: [3, 3] })]);
  const pooled = builder.op('MaxPool', [convolved], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  const of = builder.op('ReduceMean', [builder.op('Mul', [pooled, pooled])], { keepdims: 0 });
  const asked = { builder, wanted: [differentiate(builder, { of, to: x })] };
  const { builder: g, wanted } = lean(asked, comparingPasses);
  return writeModel(g.toModel({ gradient: wanted[0]! }));
}

/** Serves a page, the model, and onnxruntime's files. */
async function startSite(model: Uint8Array) {
  const server = createServer(async ({ url = '/' }, response) => {
    const type = url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    const page = { '/': '<!doctype html>', '/model': model }[url];
    const body = page ?? (await readFile(join(runtimeFolder, url)).catch(() => undefined));
    response.writeHead(body ? 200 : 404, { 'content-type': url === '/' ? 'text/html' : type });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

/** Runs the model in the page, on a device. */
const run = `async ({ device, values, dims }) => {
  const ort = await import('/ort.webgpu.bundle.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/';
  const model = new Uint8Array(await (await fetch('/model')).arrayBuffer());
  const session = await ort.InferenceSession.create(model, { executionProviders: [device] });
  const { gradient } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(values), dims) });
  return [...gradient.data];
}`;

test('a gradient by comparison is the same on WebGPU as on WebAssembly', async () => {
  const site = await startSite(gradientModel());
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', ...flags] });
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const on = (device: string): Promise<number[]> =>
      page.evaluate(`(${run})(${JSON.stringify({ device, values: [...noise(shape).data], dims: shape })})`);
    const [expected, got] = [await on('wasm'), await on('webgpu')];
    const largest = Math.max(...expected.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    expect(Math.max(...expected.map((value, i) => Math.abs(value - got[i]!)))).toBeLessThan(1e-3 * largest);
  } finally {
    await browser.close();
    site.close();
  }
}, 120_000);
