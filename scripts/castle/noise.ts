/** A repeatable random number in [0, 1) for a lattice point. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed + 1, 1274126177);
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  h = Math.imul(h ^ (h >>> 13), 3266489917);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** A stream of repeatable random numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let count = 0;
  return () => hash(count++, seed, 77);
}

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** A soft step from 0 at `from` to 1 at `to`; `from` may be the larger one. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

const gradients = Float64Array.from({ length: 512 }, (_, i) =>
  i % 2 ? Math.sin((i >> 1) * 0.0245436926) : Math.cos((i >> 1) * 0.0245436926),
);

function slope(ix: number, iy: number, fx: number, fy: number, seed: number): number {
  const i = ((hash(ix, iy, seed) * 256) | 0) * 2;
  return (gradients[i] as number) * fx + (gradients[i + 1] as number) * fy;
}

/** Smooth gradient noise in about [-1, 1]. */
export function noise(x: number, y: number, seed = 0): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const sx = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
  const sy = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
  const top = mix(slope(ix, iy, fx, fy, seed), slope(ix + 1, iy, fx - 1, fy, seed), sx);
  const bottom = mix(slope(ix, iy + 1, fx, fy - 1, seed), slope(ix + 1, iy + 1, fx - 1, fy - 1, seed), sx);
  return mix(top, bottom, sy) * 1.5;
}

/** Fractal noise in about [-1, 1]: each octave is turned, twice as fine and half as strong. */
export function fbm(startX: number, startY: number, octaves: number, seed = 0): number {
  let x = startX;
  let y = startY;
  let sum = 0;
  let strength = 0.5;
  for (let i = 0; i < octaves; i++) {
    sum += strength * noise(x, y, seed + i);
    const turned = x * 1.62 - y * 1.19;
    y = x * 1.19 + y * 1.62;
    x = turned;
    strength *= 0.5;
  }
  return sum * 1.4;
}

/** Fractal noise with sharp crests, in about [0, 1]: mountains and rocks. */
export function ridges(startX: number, startY: number, octaves: number, seed = 0): number {
  let x = startX;
  let y = startY;
  let sum = 0;
  let strength = 0.5;
  let crest = 1;
  for (let i = 0; i < octaves; i++) {
    const n = 1 - Math.abs(noise(x, y, seed + i));
    sum += strength * n * n * crest;
    crest = clamp(n * 1.3);
    const turned = x * 1.66 - y * 1.22;
    y = x * 1.22 + y * 1.66;
    x = turned;
    strength *= 0.5;
  }
  return sum;
}
