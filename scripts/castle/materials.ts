import { clamp, fbm, hash, mix, noise, ridges, smoothstep } from './noise.js';
import { material } from './scene.js';
import { groundHeight, pathX } from './terrain.js';

/** One visible spot: where it is, how it is turned, and (after `paint`) its own colour and how it takes light. */
export interface Spot {
  x: number;
  y: number;
  z: number;
  nx: number;
  ny: number;
  nz: number;
  u: number;
  v: number;
  seed: number;
  distance: number;
  r: number;
  g: number;
  b: number;
  /** How much light goes through or around (leaves, grass). */
  soft: number;
  /** Light of its own: lit windows. */
  glow: number;
}

function color(spot: Spot, r: number, g: number, b: number): void {
  spot.r = r;
  spot.g = g;
  spot.b = b;
}

function tint(spot: Spot, r: number, g: number, b: number, amount: number): void {
  spot.r = mix(spot.r, r, amount);
  spot.g = mix(spot.g, g, amount);
  spot.b = mix(spot.b, b, amount);
}

function scale(spot: Spot, k: number): void {
  spot.r *= k;
  spot.g *= k;
  spot.b *= k;
}

/** Tilts the surface: `along` its level direction, `up` its steepest one. */
function tilt(spot: Spot, along: number, up: number): void {
  const level = Math.hypot(spot.nx, spot.nz) || 1;
  spot.nx += (along * spot.nz) / level;
  spot.nz -= (along * spot.nx) / level;
  spot.ny += up;
}

/** Courses of hewn stone, each block with its own tone, tilt and worn edge; stains run down, moss climbs up. */
function paintStone(spot: Spot): void {
  const { x, y, z, u, v, seed } = spot;
  const key = Math.floor(seed * 7) + 3;
  const rough = noise(u * 1.3, v * 1.3, 3) * 0.09;
  const course = v / 0.62 + rough;
  const row = Math.floor(course);
  const width = 1.05 + 0.5 * hash(row, key, 12);
  const block = u / width + hash(row, key, 11) * 7 + rough;
  const column = Math.floor(block);
  const [fx, fy] = [(block - column) * width, (course - row) * 0.62];
  const edge = Math.min(fx, width - fx, fy, 0.62 - fy);
  const tone = hash(row, column, key);
  const hue = hash(column, row, key + 9);
  color(spot, mix(0.45, 0.56, hue), mix(0.38, 0.43, hue), mix(0.31, 0.28, hue));
  const quarry = hash(Math.floor(seed), 2, 2);
  if (quarry < 0.4) tint(spot, 0.36, 0.36, 0.37, 0.55);
  else if (quarry > 0.75) tint(spot, 0.56, 0.4, 0.27, 0.4);
  scale(spot, 0.55 + 0.65 * tone ** 1.2 + 0.16 * fbm(u * 2.6, v * 2.6, 4, 6));
  if (hue > 0.93) tint(spot, 0.4, 0.22, 0.14, 0.5);
  const joint = smoothstep(0.075, 0.015, edge);
  scale(spot, 1 - 0.62 * joint);
  const streak = smoothstep(0.05, 0.75, fbm(u * 0.9, v * 0.09 + seed, 4, 16) + 0.12);
  tint(spot, 0.12, 0.105, 0.095, streak * 0.62);
  const pale = smoothstep(0.15, 0.6, fbm(u * 0.25 + 3, v * 0.25, 4, 26));
  tint(spot, 0.66, 0.6, 0.47, pale * 0.35);
  const damp = smoothstep(9, 0, y - 9 - 5 * fbm(x * 0.2 + z * 0.2, y * 0.1, 3, 36));
  tint(spot, 0.12, 0.15, 0.06, damp * 0.55 * clamp(0.6 + fbm(u * 0.8, v * 0.8, 4, 46)));
  tilt(
    spot,
    (tone - 0.5) * 0.3 + (fx < 0.14 ? -0.5 : fx > width - 0.14 ? 0.5 : 0),
    (hue - 0.5) * 0.3 + (fy < 0.12 ? -0.4 : fy > 0.5 ? 0.5 : 0),
  );
}

/** Rows of overlapping shingles with round ends. */
function paintRoof(spot: Spot, slate: boolean): void {
  const { u, v } = spot;
  const course = v / 0.5;
  const row = Math.floor(course);
  const place = u / 0.46 + (row % 2) * 0.5;
  const column = Math.floor(place);
  const [fx, fy] = [place - column - 0.5, course - row];
  const under = fy < 0.55 * fx * fx * 4 ? 1 : 0;
  const tone = hash(row - under, column, slate ? 4 : 5);
  const hue = hash(column, row - under, 6);
  if (slate) color(spot, mix(0.13, 0.2, hue), mix(0.19, 0.24, hue), mix(0.31, 0.32, hue));
  else color(spot, mix(0.42, 0.56, hue), mix(0.17, 0.24, hue), 0.1);
  scale(spot, (0.5 + 0.85 * tone) * (under ? 0.6 : 0.75 + 0.4 * (1 - fy)) * (1 + 0.4 * fbm(u * 0.4, v * 0.3, 4, 4)));
  const lichen = smoothstep(0.2, 0.55, fbm(u * 0.6, v * 0.6, 4, 14));
  tint(spot, 0.3, 0.29, 0.12, lichen * 0.45);
  tilt(spot, fx * 0.5 + (tone - 0.5) * 0.25, -0.1 + (hue - 0.5) * 0.3);
}

/** A pointed window: a pale stone frame, and leaded glass that is dark, mirrors the sky, or is lit from inside. */
function paintWindow(spot: Spot): void {
  const { u, v, seed } = spot;
  const rise = Math.max(0, (v - 0.55) / 0.45);
  const rim = Math.min(1 - Math.hypot(u, rise), v * 2.4);
  if (rim < 0.24) {
    color(spot, 0.62, 0.55, 0.43);
    scale(spot, 0.75 + 0.5 * hash(Math.floor(v * 7), u > 0 ? 1 : 0, 3));
    return;
  }
  const lead = Math.abs(u) < 0.07 || Math.abs(((v * 4.2) % 1) - 0.5) > 0.44;
  color(spot, 0.03, 0.04, 0.06);
  if (lead) scale(spot, 0.4);
  else if (seed > 0.7) spot.glow = 0.75 + 0.6 * hash(Math.floor(u * 2), Math.floor(v * 4.2), 5);
  else tint(spot, 0.25, 0.33, 0.45, 0.35 * hash(Math.floor(u * 2), Math.floor(v * 4.2), Math.floor(seed * 99)));
  if (rim < 0.36 && u > 0) scale(spot, 0.5);
}

/** The gate: a ring of wedge stones around dark planks and a raised portcullis. */
function paintGate(spot: Spot): void {
  const { u, v } = spot;
  const rise = Math.max(0, (v - 0.55) / 0.45);
  const rim = 1 - Math.hypot(u, rise);
  if (rim < 0.16) {
    const wedge = v > 0.55 ? Math.atan2(rise, u) * 5 : v * 12;
    color(spot, 0.6, 0.52, 0.4);
    scale(spot, (0.7 + 0.5 * hash(Math.floor(wedge), 2, 2)) * (wedge % 1 < 0.12 ? 0.45 : 1));
    return;
  }
  color(spot, 0.05, 0.035, 0.025);
  const bars = Math.abs(((u * 4) % 1) + (u < 0 ? 1 : 0) - 0.5) > 0.36 || Math.abs(((v * 9) % 1) - 0.5) > 0.36;
  if (v > 0.62 && bars) color(spot, 0.16, 0.14, 0.12);
  if (v < 0.4) spot.glow = 0.16 * smoothstep(0.4, 0, v) * (1 - Math.abs(u));
}

/** Grass, earth, the path, shingle at the water, crags on steep ground, woods and snow far away. */
function paintTerrain(spot: Spot): void {
  const { x, y, z, distance } = spot;
  const broad = fbm(x * 0.06, z * 0.06, 4, 70);
  const fine = fbm(x * 0.9, z * 0.9, 4, 71);
  color(spot, 0.07, 0.11, 0.025);
  tint(spot, 0.18, 0.17, 0.05, clamp(0.5 + broad * 0.9));
  scale(spot, 0.75 + 0.55 * fine);
  const steep = smoothstep(0.86, 0.66, spot.ny + 0.1 * fine);
  if (steep > 0 && distance < 1500) {
    const layer = ridges(x * 0.16 + y * 0.1, y * 0.42 + z * 0.16, 5, 72);
    const crack = ridges(x * 0.5 + z * 0.2, y * 0.5, 4, 73);
    const grain = fbm(x * 2.3 + y, y * 2.9 + z, 4, 77);
    const bright = (0.08 + 1.25 * layer * layer) * (1 + 0.5 * grain);
    tint(spot, 0.4 * bright, 0.35 * bright, 0.29 * bright, steep);
    scale(spot, 1 - 0.72 * steep * smoothstep(0.55, 0.8, crack));
    tint(spot, 0.13, 0.16, 0.05, steep * 0.6 * smoothstep(0.1, 0.5, broad + 0.3 * fine));
    tilt(spot, (layer - 0.5 + grain * 0.5) * 1.7 * steep, (crack - 0.5 + grain * 0.4) * 1.3 * steep);
  } else {
    spot.nx += fbm(x * 1.7, z * 1.7, 3, 74) * 0.5;
    spot.nz += fbm(x * 1.7, z * 1.7, 3, 75) * 0.5;
  }
  if (z < 110) {
    const worn = Math.abs(x - pathX(z)) / (1.25 + 0.4 * fbm(x * 0.5, z * 0.5, 2, 3));
    const grit = fbm(x * 6, z * 6, 4, 76);
    const way = smoothstep(1.15, 0.7, worn + 0.25 * fine);
    const rut = smoothstep(0.28, 0.05, Math.abs(worn - 0.48)) * 0.35 + smoothstep(0.1, 0.5, broad) * 0.2;
    const dust = (1 - rut) * (0.8 + 0.75 * grit + 0.3 * fine);
    tint(spot, 0.4 * dust, 0.31 * dust, 0.205 * dust, way);
    spot.nx += grit * 0.5 * way;
    spot.nz += fbm(x * 5, z * 5, 3, 86) * 0.5 * way;
    if (way > 0.3 && hash(Math.floor(x * 7), Math.floor(z * 5), 9) > 0.8)
      scale(spot, 0.6 + 0.8 * hash(Math.floor(x * 7), Math.floor(z * 5), 10));
  }
  const wet = smoothstep(1.1, 0.1, y + 0.4 * fine);
  tint(spot, 0.2 + 0.1 * fine, 0.17 + 0.08 * fine, 0.12, distance < 900 ? wet : 0);
  if (distance > 900) paintMountains(spot);
}

/** Far ground: dark woods below, bare rock above, snow where it can lie. */
function paintMountains(spot: Spot): void {
  const { x, y, z, distance } = spot;
  const far = smoothstep(1200, 2200, distance);
  const patch = fbm(x / 110, z / 110, 6, 78);
  const wood = smoothstep(900, 350, y + 260 * patch);
  const crag = ridges(x / 190 + y / 300, y / 160 + z / 260, 7, 79);
  const gully = ridges(x / 52 + y / 120, y / 95 + z / 80, 5, 85);
  const bright = 0.02 + 1.1 * crag * crag + 0.35 * gully;
  tint(spot, 0.3 * bright, 0.26 * bright, 0.225 * bright, far);
  tint(spot, 0.07 + 0.05 * patch, 0.11 + 0.06 * patch, 0.04, far * wood * 0.9);
  tilt(spot, ((crag - 0.5) * 1.5 + (gully - 0.5) * 1.1) * far, (patch * 0.3 + (gully - 0.5) * 0.5) * far);
  const snow =
    smoothstep(640, 760, y + 420 * patch + 460 * (spot.ny - 0.72) + 240 * (gully - 0.5)) *
    smoothstep(0.42, 0.58, spot.ny + 0.3 * patch);
  tint(spot, 0.93, 0.94, 0.97, snow * far);
}

/** Leaves in greens, with some trees turning yellow, rust and red. */
function paintLeaf(spot: Spot): void {
  const { u, v, seed } = spot;
  const t = clamp(seed);
  if (t < 0.72) color(spot, mix(0.03, 0.16, t / 0.72), mix(0.085, 0.21, t / 0.72), mix(0.022, 0.03, t / 0.72));
  else color(spot, mix(0.22, 0.4, (t - 0.72) * 3.5), mix(0.2, 0.11, (t - 0.72) * 3.5), 0.025);
  scale(spot, 0.85 + 0.35 * u - (Math.abs(v) < 0.12 ? -0.2 : 0));
  spot.soft = 0.45;
}

const petals = [
  [0.72, 0.06, 0.03],
  [0.85, 0.84, 0.8],
  [0.85, 0.6, 0.05],
  [0.32, 0.16, 0.62],
  [0.75, 0.28, 0.5],
  [0.75, 0.5, 0.06],
];

/** Gives a spot its own colour, small bumps and glow. */
export function paint(kind: number, spot: Spot): void {
  const { u, v, seed } = spot;
  spot.soft = 0;
  spot.glow = 0;
  if (kind === material.terrain) paintTerrain(spot);
  else if (kind === material.stone) paintStone(spot);
  else if (kind === material.slate || kind === material.tile) paintRoof(spot, kind === material.slate);
  else if (kind === material.window) paintWindow(spot);
  else if (kind === material.gate) paintGate(spot);
  else if (kind === material.leaf) paintLeaf(spot);
  else if (kind === material.needle) {
    color(spot, 0.05 + 0.07 * seed, 0.1 + 0.1 * seed, 0.045);
    scale(spot, 0.7 + 0.6 * hash(Math.floor(u * 3 + seed * 50), Math.floor(v * 6), 3));
    spot.soft = 0.3;
  } else if (kind === material.grass) {
    color(spot, mix(0.04, 0.2, clamp(seed)), mix(0.1, 0.23, clamp(seed)), mix(0.02, 0.04, clamp(seed)));
    if (hash(Math.floor(seed * 9999), 1, 1) > 0.86) tint(spot, 0.42, 0.33, 0.14, 0.8);
    scale(spot, 0.15 + 1.15 * v);
    spot.soft = 0.5;
  } else if (kind === material.petal) {
    const [r, g, b] = petals[Math.floor(seed) % 6]!;
    color(spot, r!, g!, b!);
    scale(spot, 0.75 + 0.4 * (seed % 1) + 0.2 * u);
    spot.soft = 0.4;
  } else if (kind === material.rock) {
    const grain = fbm(u * 3, v * 3, 5, 80);
    color(spot, 0.27, 0.245, 0.215);
    scale(spot, 0.75 + 0.5 * grain + 0.4 * hash(Math.floor(seed), 1, 1));
    tint(spot, 0.16, 0.19, 0.06, smoothstep(0.1, 0.5, fbm(u * 1.2, v * 1.2, 4, 81)) * 0.7 * clamp(spot.ny + 0.4));
    spot.nx += grain * 0.4;
    spot.ny += fbm(u * 5, v * 5, 3, 82) * 0.4;
  } else if (kind === material.bark) {
    const groove = ridges(u * 5, v * 0.9, 4, 83);
    color(spot, 0.2 * (0.4 + groove), 0.15 * (0.4 + groove), 0.11 * (0.4 + groove));
    tint(spot, 0.14, 0.17, 0.06, 0.5 * smoothstep(0, 0.5, fbm(u, v, 4, 84)));
    tilt(spot, (groove - 0.5) * 1.2, 0);
  } else if (kind === material.flag) {
    if (u > 0.5 === v > 0.5) color(spot, 0.8, 0.6, 0.14);
    else if (Math.floor(seed) % 2) color(spot, 0.05, 0.1, 0.42);
    else color(spot, 0.6, 0.05, 0.06);
    spot.soft = 0.4;
  } else if (kind === material.bird) color(spot, 0.05, 0.05, 0.06);
  else color(spot, 0.17, 0.12, 0.08);
}

/** How deep the lake is at a place. */
export function waterDepth(x: number, z: number): number {
  return Math.max(0, -groundHeight(x, z));
}
