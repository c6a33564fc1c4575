import {
  createWebPlatform,
  dreamOptionsOf,
  imageGradient,
  type Network,
  type Platform,
  planDream,
  readModel,
  type WebPlatformOptions,
} from '../../../src/platform/web/index.js';

/** Small enough to take a moment on any processor. */
const size = { width: 128, height: 96 };
const layers = 'mixed0';

/** How far apart the results of two devices may be, as parts of the result. */
const tolerance = 0.001;

/**
 * The faster platform that computes right. WebGPU is taken where the browser offers a graphics card, and one gradient
 * of the network on it agrees with the same gradient on WebAssembly.
 */
export async function choosePlatform(
  network: Network,
  options: Omit<WebPlatformOptions, 'device'>,
): Promise<{ readonly platform: Platform; readonly device: 'wasm' | 'webgpu' }> {
  const wasm = await createWebPlatform({ ...options, device: 'wasm' });
  if (needsIndices(network) || !(await hasGraphicsCard())) return { platform: wasm, device: 'wasm' };
  try {
    const webgpu = await createWebPlatform({ ...options, device: 'webgpu' });
    if (await agree(network, wasm, webgpu)) return { platform: webgpu, device: 'webgpu' };
  } catch {
    // Drivers refuse in many ways; WebAssembly is there for that.
  }
  return { platform: wasm, device: 'wasm' };
}

/**
 * Whether the gradient asks a MaxPool where its maxima were even where comparing is preferred, as with very large windows:
 * onnxruntime's WebGPU does not tell (1.30). It is asked first, because the runtime that knows WebGPU is another 27 MB to
 * fetch.
 */
function needsIndices(network: Network): boolean {
  const plan = planDream(network, size, dreamOptionsOf({ layers, octaves: 1 }));
  const { graph } = readModel(plan.octaves[0]!.graph.toBytes({ comparesMaxima: true }), { name: 'gradient' });
  return graph.nodes.some(({ opType, outputs }) => opType === 'MaxPool' && outputs.length > 1);
}

async function hasGraphicsCard(): Promise<boolean> {
  const gpu: GpuOffer | undefined = Reflect.get(navigator, 'gpu');
  const adapter = await gpu?.requestAdapter().catch(() => null);
  // A fallback adapter is a processor that plays a graphics card, slower than WebAssembly.
  return adapter != null && adapter.info?.isFallbackAdapter !== true;
}

/** The little of WebGPU that is asked here. */
interface GpuOffer {
  requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean } } | null>;
}

async function agree(network: Network, one: Platform, other: Platform): Promise<boolean> {
  const values = Float32Array.from({ length: 3 * size.width * size.height }, (_, i) => Math.sin(i * 0.37));
  const [a, b] = [
    await imageGradient(network, values, size, { layers }, one),
    await imageGradient(network, values, size, { layers }, other),
  ];
  const near = (x: number, y: number) => Math.abs(x - y) <= tolerance * Math.abs(x);
  const difference = norm(a.gradient.map((value, i) => value - b.gradient[i]!));
  return near(a.objective, b.objective) && difference <= tolerance * norm(a.gradient);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
