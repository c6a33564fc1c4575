import { clamp, fbm, mix, noise, ridges, smoothstep } from './noise.js';
import { eye } from './raster.js';
import { material, type Scene } from './scene.js';

/** The middle of the castle's island, and how far the castle is turned. */
export const island = { x: 16, z: 160, turn: Math.PI / 6, top: 11 };

/** How far the near bank reaches into the lake. */
function nearShore(x: number): number {
  return 26 + 59 * smoothstep(4, -28, x) + 90 * smoothstep(-36, -100, x) + 5 * smoothstep(10, 26, x);
}

/** The far bank, which closes in on the right. */
function farShore(x: number): number {
  return 275 - 130 * smoothstep(62, 120, x) - 70 * smoothstep(-60, -150, x);
}

/** The way along the near bank to the bridge: its middle for a given z. */
export function pathX(z: number): number {
  return -0.37 * z - 0.4 + 1.9 * Math.sin(z * 0.12) * smoothstep(84, 60, z);
}

/** The height of the ground above the lake. */
export function groundHeight(x: number, z: number): number {
  const wobble = fbm(x * 0.035, z * 0.035, 3, 5);
  let height = -4;
  if (z < 260) {
    const land = nearShore(x) + 7 * wobble - z;
    height = land > 0 ? 9 * (1 - Math.exp(-land / 13)) : Math.max(-4, land * 0.3);
    height += 2.4 * Math.exp(-(z * z) / 150) + (land > 0 ? fbm(x * 0.12, z * 0.12, 4, 9) * Math.min(1, land / 9) : 0);
    height += 3.5 * smoothstep(-18, -60, x) * smoothstep(10, 40, land);
    height = mix(height, 9.9, Math.exp(-(((x + 33) / 10) ** 2) - ((z - 74) / 11) ** 2));
  }
  const away = Math.hypot(x - island.x, z - island.z) * (1 + 0.1 * wobble);
  if (away < 80) {
    const rise = smoothstep(57, 43, away);
    const crags = ridges(x * 0.11, z * 0.11, 5, 21) * 8 * smoothstep(62, 52, away) * smoothstep(41, 48, away);
    height = Math.max(height, -3 + (island.top + 3) * rise + crags - 3 * smoothstep(41, 48, away));
  }
  const beyond = z - farShore(x) + 26 * wobble;
  if (beyond > -20) {
    const hills = 0.11 * Math.min(beyond, 1300) * (0.25 + 0.75 * clamp(0.5 + fbm(x / 420, z / 420, 5, 40)));
    let far = beyond > 0 ? 3 * (1 - Math.exp(-beyond / 12)) + hills : beyond * 0.2;
    if (z > 1800) {
      const peaks = 0.3 + 0.55 * Math.exp(-(((x + 1350) / 1500) ** 2)) + 0.35 * Math.exp(-(((x - 2500) / 1100) ** 2));
      far += smoothstep(1800, 5600, z) * ridges(x / 2300 + 3.1, z / 2300, 9, 60) ** 1.35 * 2300 * peaks;
    }
    height = Math.max(height, far);
  }
  return height;
}

/** The ground as one net, fine near the viewer and coarse towards the mountains. */
export function addTerrain(scene: Scene): void {
  const rows = 680;
  const columns = 760;
  const reach = (i: number) => 6 * (9000 / 6) ** (i / rows);
  const heights = new Float64Array((rows + 1) * (columns + 1));
  const place = (i: number, j: number) => {
    const d = reach(i);
    return { x: (j / columns - 0.5) * 1.22 * (d + 4), z: eye.z + d };
  };
  for (let i = 0; i <= rows; i++) {
    for (let j = 0; j <= columns; j++) {
      const { x, z } = place(i, j);
      heights[i * (columns + 1) + j] = groundHeight(x, z);
    }
  }
  const at = (i: number, j: number) => heights[clamp(i, 0, rows) * (columns + 1) + clamp(j, 0, columns)]!;
  let first = -1;
  for (let i = 0; i <= rows; i++) {
    for (let j = 0; j <= columns; j++) {
      const { x, z } = place(i, j);
      const gapX = place(i, Math.min(columns, j + 1)).x - place(i, Math.max(0, j - 1)).x;
      const gapZ = place(Math.min(rows, i + 1), j).z - place(Math.max(0, i - 1), j).z;
      const nx = -(at(i, j + 1) - at(i, j - 1)) / gapX;
      const nz = -(at(i + 1, j) - at(i - 1, j)) / gapZ;
      const length = Math.hypot(nx, 1, nz);
      const id = scene.vertex(x, at(i, j), z, nx / length, 1 / length, nz / length, x, z);
      if (first < 0) first = id;
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const a = first + i * (columns + 1) + j;
      scene.quad(a, a + 1, a + columns + 2, a + columns + 1, material.terrain, 0);
    }
  }
}

/** A boulder: a lumpy ball with facets. */
export function addRock(scene: Scene, x: number, y: number, z: number, size: number, seed: number): void {
  const rings = size > 0.35 ? 40 : 14;
  const sides = size > 0.35 ? 60 : 20;
  const point = (i: number, k: number) => {
    const up = Math.cos((i / rings) * Math.PI);
    const out = Math.sin((i / rings) * Math.PI);
    const angle = ((k % sides) / sides) * Math.PI * 2;
    const dx = Math.cos(angle) * out;
    const dz = Math.sin(angle) * out;
    const broad = noise(dx * 1.5 + seed * 3.7, dz * 1.5 + up * 1.9, seed);
    const lump = 0.8 + 0.4 * broad + 0.3 * ridges(dx * 1.6 + up, dz * 1.6 - up * 0.8 + seed, 5, seed);
    return [x + dx * size * lump * 1.25, y + up * size * lump * 0.75, z + dz * size * lump] as const;
  };
  for (let i = 0; i < rings; i++) {
    for (let k = 0; k < sides; k++) {
      const [a, b, c, d] = [point(i, k), point(i, k + 1), point(i + 1, k + 1), point(i + 1, k)];
      let nx = (c[1] - a[1]) * (b[2] - d[2]) - (c[2] - a[2]) * (b[1] - d[1]);
      let ny = (c[2] - a[2]) * (b[0] - d[0]) - (c[0] - a[0]) * (b[2] - d[2]);
      let nz = (c[0] - a[0]) * (b[1] - d[1]) - (c[1] - a[1]) * (b[0] - d[0]);
      const facing = nx * (a[0] + c[0] - 2 * x) + ny * (a[1] + c[1] - 2 * y) + nz * (a[2] + c[2] - 2 * z) < 0 ? -1 : 1;
      const length = (Math.hypot(nx, ny, nz) || 1) * facing;
      nx /= length;
      ny /= length;
      nz /= length;
      const ids = [a, b, c, d].map((p) => scene.vertex(p[0], p[1], p[2], nx, ny, nz, p[0] + p[1] * 0.5, p[2] + p[1]));
      scene.quad(ids[0]!, ids[1]!, ids[2]!, ids[3]!, material.rock, seed);
    }
  }
}
