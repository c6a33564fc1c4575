import { clamp, fbm, hash, mix, smoothstep } from './noise.js';
import type { Point } from './scene.js';

/** Towards the sun: behind the painter's right shoulder, in the late afternoon. */
export const sun: Point = [0.607, 0.4, -0.687];

const side = 64;
const puffs = new Float32Array(side ** 3);

/** Distance to the nearest scattered point of a repeating grid of `cells` per side: the seed of cloud billows. */
function cellDistance(x: number, y: number, z: number, cells: number): number {
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  let nearest = 9;
  for (let k = 0; k < 27; k++) {
    const cx = ix + (k % 3) - 1;
    const cy = iy + (Math.floor(k / 3) % 3) - 1;
    const cz = iz + Math.floor(k / 9) - 1;
    const key = ((cx + cells) % cells) + cells * ((cy + cells) % cells) + cells * cells * ((cz + cells) % cells);
    const dx = cx + hash(key, cells, 1) - x;
    const dy = cy + hash(key, cells, 2) - y;
    const dz = cz + hash(key, cells, 3) - z;
    nearest = Math.min(nearest, dx * dx + dy * dy + dz * dz);
  }
  return Math.sqrt(nearest);
}

for (let i = 0; i < puffs.length; i++) {
  const [x, y, z] = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)];
  let sum = 0;
  for (const [cells, strength] of [
    [4, 0.55],
    [8, 0.3],
    [16, 0.15],
  ] as const) {
    const k = cells / side;
    sum += strength * (1 - cellDistance(x * k, y * k, z * k, cells));
  }
  puffs[i] = sum;
}

/** The billows at any point, repeating every unit. */
function billow(x: number, y: number, z: number): number {
  const fx = (x - Math.floor(x)) * side;
  const fy = (y - Math.floor(y)) * side;
  const fz = (z - Math.floor(z)) * side;
  const [ix, iy, iz] = [fx | 0, fy | 0, fz | 0];
  const [tx, ty, tz] = [fx - ix, fy - iy, fz - iz];
  const m = side - 1;
  const x0 = ix & m;
  const x1 = (ix + 1) & m;
  const y0 = (iy & m) * side;
  const y1 = ((iy + 1) & m) * side;
  const z0 = (iz & m) * side * side;
  const z1 = ((iz + 1) & m) * side * side;
  const near = mix(
    mix(puffs[x0 + y0 + z0]!, puffs[x1 + y0 + z0]!, tx),
    mix(puffs[x0 + y1 + z0]!, puffs[x1 + y1 + z0]!, tx),
    ty,
  );
  const far = mix(
    mix(puffs[x0 + y0 + z1]!, puffs[x1 + y0 + z1]!, tx),
    mix(puffs[x0 + y1 + z1]!, puffs[x1 + y1 + z1]!, tx),
    ty,
  );
  return mix(near, far, tz);
}

const floor = 1150;
const thickness = 1900;

/** How thick the clouds are at a point: flat below, billowing above, gathered in groups; -1 is well outside them. */
function cloudDensity(x: number, y: number, z: number, fine: boolean): number {
  const h = (y - floor) / thickness;
  if (h < 0 || h > 1) return -1;
  const groups = billow(x / 15000 + 0.37, 0.3, z / 15000 + 0.12);
  let shape = billow(x / 4300, y / 4300 + 0.2, z / 4300) * 0.62 + groups * 0.5;
  shape -= 0.658 + 0.27 * h ** 1.3 + 0.2 * smoothstep(0.09, 0, h);
  if (shape < -0.2) return -1;
  shape += (billow(x / 1150, y / 1150, z / 1150) - 0.52) * 0.36;
  if (fine) shape += (billow(x / 310 + 0.5, y / 310, z / 310) - 0.52) * 0.2;
  return clamp(shape * 7);
}

/** The clear sky in a direction, with thin high streaks. */
function clearSky(dx: number, dy: number, dz: number, out: Float64Array): void {
  const up = clamp(dy);
  const glow = Math.exp(-up * 9);
  const warm = 0.5 + 0.5 * (dx / Math.hypot(dx, dz));
  out[0] = mix(0.07, 0.78 + 0.26 * warm, glow);
  out[1] = mix(0.2, 0.68 + 0.08 * warm, glow);
  out[2] = mix(0.52, 0.72 - 0.08 * warm, glow);
  const k = 5200 / Math.max(dy, 0.03);
  const [x, z] = [(dx * k) / 5200, (dz * k) / 5200];
  const bend = fbm(x * 0.3, z * 0.3, 3, 11);
  const streaks =
    smoothstep(-0.05, 0.8, fbm(x * 0.9 + bend, z * 0.25 + bend * 1.5, 6, 15) + 0.15) * smoothstep(0.05, 0.2, dy);
  for (let i = 0; i < 3; i++) out[i] = mix(out[i]!, [1.02, 0.9, 0.8][i]!, streaks * 0.6);
}

/** Clouds take their light more from the side than the land does, which shapes them. */
const cloudSun: Point = [0.8, 0.57, -0.18];

/** The sky with its clouds: light is gathered along the ray, in small steps where the clouds are thick. */
export function skyColor(dx: number, dy: number, dz: number, jitter: number, steps: number, out: Float64Array): void {
  clearSky(dx, dy, dz, out);
  if (dy < 0.012) return;
  const start = floor / dy;
  const end = Math.min((floor + thickness) / dy, start + 11000);
  const stride = (end - start) / steps;
  let clear = 1;
  let [r, g, b] = [0, 0, 0];
  for (let t = start + jitter * stride * 0.4; t < end && clear > 0.02; ) {
    const [x, y, z] = [dx * t, dy * t, dz * t];
    const density = cloudDensity(x, y, z, true);
    if (density < 0) {
      t += stride;
      continue;
    }
    t += stride * 0.4;
    if (density === 0) continue;
    let shade = 0;
    for (let k = 1, reach = 70; k <= 4; k++, reach *= 2) {
      shade +=
        Math.max(0, cloudDensity(x + cloudSun[0] * reach, y + cloudSun[1] * reach, z + cloudSun[2] * reach, k < 3)) *
        reach;
    }
    const h = (y - floor) / thickness;
    const lit =
      Math.exp(-shade * 0.0062) * (2.2 + 0.6 * density) * (0.22 + 0.78 * smoothstep(0, 0.42, h)) +
      0.3 * Math.exp(-shade * 0.0013);
    const far = 1 - Math.exp(-t / 36000);
    const hide = (1 - Math.exp(-density * stride * 0.0045)) * clear;
    r += hide * mix(1.3 * lit + 0.08 + 0.3 * h, out[0]!, far);
    g += hide * mix(1.1 * lit + 0.12 + 0.32 * h, out[1]!, far);
    b += hide * mix(0.88 * lit + 0.23 + 0.36 * h, out[2]!, far);
    clear -= hide;
  }
  out[0] = out[0]! * clear + r;
  out[1] = out[1]! * clear + g;
  out[2] = out[2]! * clear + b;
}
