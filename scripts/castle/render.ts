import { paint, type Spot, waterDepth } from './materials.js';
import { clamp, fbm, hash, mix, noise, smoothstep } from './noise.js';
import { cameraView, eye, type Layers, rasterize, type View } from './raster.js';
import { material, type Scene } from './scene.js';
import { skyColor, sun } from './sky.js';

/** A picture of linear light. */
export interface Light {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
}

/** What the sun sees of a square piece of land: everything deeper lies in shadow. */
export interface ShadowMap {
  readonly view: View;
  readonly depth: Float32Array;
}

export function castShadows(scene: Scene, x: number, z: number, reach: number, size: number): ShadowMap {
  const level = Math.hypot(sun[0], sun[2]);
  const right = [sun[2] / level, 0, -sun[0] / level] as const;
  const up = [(-sun[0] * sun[1]) / level, level, (-sun[2] * sun[1]) / level] as const;
  const k = size / (2 * reach);
  const row = (axis: readonly [number, number, number], zoom: number, middle: number) => [
    axis[0] * zoom,
    axis[1] * zoom,
    axis[2] * zoom,
    middle - (axis[0] * x + axis[1] * 12 + axis[2] * z) * zoom,
  ];
  const rows = [...row(right, k, size / 2), ...row(up, k, size / 2), ...row(sun, 1, 0)];
  const view: View = { width: size, height: size, perspective: false, rows, belowWater: false };
  return { view, depth: rasterize(scene, view, true).depth };
}

/** How much of the sun reaches a point: 0 in full shadow, 1 in the open. */
function sunlight(maps: readonly ShadowMap[], x: number, y: number, z: number, jitter: number, bias: number): number {
  for (const { view, depth } of maps) {
    const m = view.rows;
    const sx = m[0]! * x + m[1]! * y + m[2]! * z + m[3]!;
    const sy = m[4]! * x + m[5]! * y + m[6]! * z + m[7]!;
    if (sx < 3 || sy < 3 || sx > view.width - 4 || sy > view.height - 4) continue;
    const texel = 1 / Math.hypot(m[0]!, m[1]!, m[2]!);
    const own = m[8]! * x + m[9]! * y + m[10]! * z + m[11]! + bias + texel * 2;
    let open = 0;
    for (let i = 0; i < 6; i++) {
      const angle = (i + jitter) * 2.4;
      const r = 0.4 + 0.42 * i;
      const at = Math.floor(sy + Math.sin(angle) * r) * view.width + Math.floor(sx + Math.cos(angle) * r);
      if (depth[at]! <= own) open++;
    }
    return open / 6;
  }
  return 1;
}

/** How open a pixel's surroundings are: nooks and feet of walls get less of the sky's light. */
function openness(layers: Layers, width: number, height: number, x: number, y: number, turn: number): number {
  const own = layers.depth[y * width + x]!;
  const distance = 1 / own;
  let hidden = 0;
  for (let i = 0; i < 7; i++) {
    const angle = (i + turn) * 2.4;
    const metres = 0.35 + 0.6 * i;
    const r = Math.min(70, metres * own * eye.focus * width);
    const px = Math.floor(x + Math.cos(angle) * r);
    const py = Math.floor(y + Math.sin(angle) * r);
    if (px < 0 || py < 0 || px >= width || py >= height) continue;
    const nearer = distance - 1 / layers.depth[py * width + px]!;
    if (nearer > 0.15 && nearer < 7) hidden += 1 - nearer / 7;
  }
  return Math.max(0.15, 1 - 0.125 * hidden);
}

/** Paints a view of the scene: materials, sun and sky light, shadows, haze, sky, and (upright) the lake. */
export function renderScene(
  scene: Scene,
  maps: readonly ShadowMap[],
  width: number,
  height: number,
  mirror?: Light,
): Light {
  const view = cameraView(width, height, !mirror);
  const layers = rasterize(scene, view, false);
  const rgb = new Float32Array(width * height * 3);
  const f = eye.focus * width;
  const flip = mirror ? 1 : -1;
  const [halfW, halfH] = [width >> 1, height >> 1];
  const sky = new Float32Array(halfW * halfH * 3);
  const out = new Float64Array(3);
  const spot: Spot = {
    x: 0,
    y: 0,
    z: 0,
    nx: 0,
    ny: 0,
    nz: 0,
    u: 0,
    v: 0,
    seed: 0,
    distance: 0,
    r: 0,
    g: 0,
    b: 0,
    soft: 0,
    glow: 0,
  };
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const at = py * width + px;
      const [dx, dy] = [(px + 0.5 - width / 2) / f, (height * eye.horizon - py - 0.5) / f];
      const near = 1 / (layers.depth[at]! || 1e-9);
      const water = dy < 0 ? -eye.y / dy : 1e9;
      if (mirror && water < near && layers.kind[at] !== material.bird) {
        paintWater(dx * water, eye.z + water, dy, px, py, mirror, f, out);
      } else if (layers.kind[at] === material.sky) {
        const cell = ((py >> 1) * halfW + (px >> 1)) * 3;
        if (sky[cell] === 0) {
          const length = Math.hypot(dx, dy, 1);
          const jitter = hash(px >> 1, py >> 1, 5);
          skyColor(dx / length, Math.max(0.004, (dy * flip) / length), 1 / length, jitter, mirror ? 110 : 44, out);
          sky.set(out, cell);
        }
        out.set(sky.subarray(cell, cell + 3));
      } else {
        spot.x = eye.x + dx * near;
        spot.y = (eye.y + dy * near) * flip;
        spot.z = eye.z + near;
        spot.distance = near;
        spot.nx = layers.nx[at]!;
        spot.ny = layers.ny[at]!;
        spot.nz = layers.nz[at]!;
        spot.u = layers.u[at]!;
        spot.v = layers.v[at]!;
        spot.seed = layers.seed[at]!;
        const kind = layers.kind[at]!;
        if (kind === material.flag && spot.nz > 0) spot.nz = -spot.nz;
        paint(kind, spot);
        const turn = hash(px, py, 2);
        const open = mirror ? openness(layers, width, height, px, py, turn * 10) : 0.9;
        lightSpot(spot, maps, turn, open, dx, dy * flip, out);
      }
      rgb.set(out, at * 3);
    }
  }
  return { width, height, rgb };
}

/** Sun, sky light from above, light back from the ground, the spot's own glow, and the haze before it. */
function lightSpot(
  spot: Spot,
  maps: readonly ShadowMap[],
  turn: number,
  open: number,
  dx: number,
  dy: number,
  out: Float64Array,
): void {
  const length = Math.hypot(spot.nx, spot.ny, spot.nz) || 1;
  const [nx, ny, nz] = [spot.nx / length, spot.ny / length, spot.nz / length];
  const facing = nx * sun[0] + ny * sun[1] + nz * sun[2];
  let direct = Math.max(0, (facing + spot.soft) / (1 + spot.soft));
  if (direct > 0) direct *= sunlight(maps, spot.x, spot.y, spot.z, turn * 10, spot.soft > 0 ? 0.25 : 0.06);
  if (spot.distance > 260) direct *= 0.35 + 0.65 * smoothstep(-0.22, 0.12, fbm(spot.x / 700, spot.z / 900, 3, 99));
  direct *= 3.3;
  const above = (0.62 + 0.38 * ny) * open * 0.6;
  const below = (0.5 - 0.5 * ny) * open * 0.26;
  const haze = 1 - Math.exp(-Math.max(0, spot.distance - 60) / 8800 / (1 + Math.max(0, spot.y) / 2600));
  const warm = 0.5 + 0.5 * dx + dy;
  const glow = spot.glow * 1.05;
  out[0] = mix(spot.r * (direct * 1.02 + above * 0.46 + below * 0.55) + glow * 1.25, 0.56 + 0.2 * warm, haze);
  out[1] = mix(spot.g * (direct * 0.8 + above * 0.58 + below * 0.45) + glow * 0.52, 0.6 + 0.06 * warm, haze);
  out[2] = mix(spot.b * (direct * 0.54 + above * 0.82 + below * 0.25) + glow * 0.11, 0.76 - 0.06 * warm, haze);
}

/** The lake: ripples that break the mirror picture, dark depth where one looks down, a bright rim at the banks. */
function paintWater(
  x: number,
  z: number,
  dy: number,
  px: number,
  py: number,
  mirror: Light,
  f: number,
  out: Float64Array,
): void {
  const away = z - eye.z;
  const calm = 0.35 + 0.65 * smoothstep(-0.25, 0.35, fbm(x * 0.02, z * 0.045, 4, 120));
  const long = noise(x * 0.22, z * 0.5, 121) + 0.6 * noise(x * 0.5 + 4, z * 1.1, 122);
  const short = noise(x * 1.1, z * 2.4, 123) + 0.7 * noise(x * 2.6, z * 5.2, 124);
  const tiltX = (noise(x * 0.4, z * 0.9, 125) * 0.5 + noise(x * 1.6, z * 3, 126) * 0.5) * 0.012 * calm;
  const tiltZ = (long * 0.5 + short * 0.5 * smoothstep(220, 60, away)) * 0.021 * calm;
  const scale = mirror.width / (f / eye.focus);
  const sx = (px + tiltX * f * 0.9) * scale;
  const sy = (py + 0.5 + tiltZ * f * 1.5) * scale;
  const ix = clamp(Math.floor(sx), 0, mirror.width - 2);
  const iy = clamp(Math.floor(sy), 0, mirror.height - 2);
  const [tx, ty] = [clamp(sx - ix), clamp(sy - iy)];
  const steep = clamp(-dy + tiltZ * 3);
  const reflect = clamp(0.2 + 0.8 * (1 - steep) ** 5);
  const depth = waterDepth(x, z);
  const shallow = Math.exp(-depth * 0.9);
  const bed = 0.7 + 0.5 * fbm(x * 0.8, z * 0.8, 3, 127);
  const own = [mix(0.018, 0.16 * bed, shallow), mix(0.055, 0.15 * bed, shallow), mix(0.06, 0.09 * bed, shallow)];
  const rim = smoothstep(0.22, 0.02, depth + 0.08 * short) * 0.12;
  for (let i = 0; i < 3; i++) {
    const a = mirror.rgb[(iy * mirror.width + ix) * 3 + i]!;
    const b = mirror.rgb[(iy * mirror.width + ix + 1) * 3 + i]!;
    const c = mirror.rgb[((iy + 1) * mirror.width + ix) * 3 + i]!;
    const d = mirror.rgb[((iy + 1) * mirror.width + ix + 1) * 3 + i]!;
    out[i] = mix(own[i]!, mix(mix(a, b, tx), mix(c, d, tx), ty) * 0.93, reflect) + rim;
  }
}
