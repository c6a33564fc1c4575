import { createRandom, fbm, hash, mix, smoothstep } from './noise.js';
import { eye } from './raster.js';
import { material, type Scene } from './scene.js';
import { addRock, groundHeight, island, pathX } from './terrain.js';

/** A bough or a trunk: a tapering tube from one point to another. */
function addLimb(
  scene: Scene,
  from: readonly number[],
  to: readonly number[],
  r0: number,
  r1: number,
  seed: number,
): void {
  const sides = 9;
  let last = [0, 0];
  for (let k = 0; k <= sides; k++) {
    const a = (k / sides) * Math.PI * 2;
    const c = Math.cos(a);
    const s = Math.sin(a);
    const next = [
      scene.vertex(from[0]! + c * r0, from[1]!, from[2]! + s * r0, c, 0, s, a * r0, from[1]!),
      scene.vertex(to[0]! + c * r1, to[1]!, to[2]! + s * r1, c, 0, s, a * r0, to[1]!),
    ];
    if (k) scene.quad(last[0]!, next[0]!, next[1]!, last[1]!, material.bark, seed);
    last = next;
  }
}

/** One cloud of leaves: splats strewn near the surface of a ball, lit as the ball and the crown are. */
function addLeafBall(
  scene: Scene,
  x: number,
  y: number,
  z: number,
  radius: number,
  crown: readonly number[],
  count: number,
  leaf: number,
  slim: number,
  tint: number,
  random: () => number,
): void {
  for (let i = 0; i < count; i++) {
    const up = random() * 2 - 1;
    const turn = random() * Math.PI * 2;
    const out = Math.sqrt(1 - up * up);
    const depth = radius * (0.45 + 0.65 * Math.sqrt(random()));
    const dx = Math.cos(turn) * out;
    const dz = Math.sin(turn) * out;
    const px = x + dx * depth * 1.15;
    const py = y + up * depth * 0.85;
    const pz = z + dz * depth;
    const away = Math.hypot(px - crown[0]!, py - crown[1]!, pz - crown[2]!) || 1;
    const nx = dx * 0.7 + ((px - crown[0]!) / away) * 0.5 + (random() - 0.5) * 0.7;
    const ny = up * 0.7 + ((py - crown[1]!) / away) * 0.5 + (random() - 0.3) * 0.7;
    const nz = dz * 0.7 + ((pz - crown[2]!) / away) * 0.5 + (random() - 0.5) * 0.7;
    const seed = tint + (random() - 0.5) * 0.3;
    scene.splats.push(px, py, pz, nx, ny, nz, leaf * (0.6 + 0.7 * random()), slim, random() * 6.3, material.leaf, seed);
  }
}

/** A broad-leaved tree: trunk, boughs and a crown of leaf balls. `fine` is the number of leaves. */
export function addTree(
  scene: Scene,
  x: number,
  z: number,
  height: number,
  fine: number,
  leaf: number,
  tint: number,
  seed: number,
): void {
  const random = createRandom(seed);
  const ground = groundHeight(x, z) - 0.3;
  const lean = (random() - 0.5) * 0.12 * height;
  const crown = [x + lean, ground + height * 0.62, z];
  const fork = [x + lean * 0.5, ground + height * 0.36, z];
  const girth = height * 0.032;
  addLimb(scene, [x, ground, z], fork, girth, girth * 0.72, seed);
  const balls = Math.round(7 + Math.min(26, fine / 110) + Math.min(7, fine / 4000));
  for (let i = 0; i < balls; i++) {
    const up = mix(-0.72, 0.95, (i + random()) / balls);
    const turn = i * 2.4 + random();
    const out = Math.sqrt(Math.max(0, 1 - up * up)) * (0.45 + 0.55 * random());
    const bx = crown[0]! + Math.cos(turn) * out * height * 0.36;
    const by = crown[1]! + up * height * 0.29;
    const bz = z + Math.sin(turn) * out * height * 0.36;
    if (fine > 300 && i % 2 === 0) {
      const elbow = [mix(fork[0]!, bx, 0.5), mix(fork[1]!, by, 0.42), mix(z, bz, 0.5)];
      addLimb(scene, fork, elbow, girth * 0.45, girth * 0.3, seed);
      addLimb(scene, elbow, [bx, by, bz], girth * 0.3, girth * 0.1, seed);
    }
    const radius = height * (0.085 + 0.08 * random()) * (balls < 12 ? 1.5 : balls < 40 ? 1.15 : 0.8);
    addLeafBall(
      scene,
      bx,
      by,
      bz,
      radius,
      crown,
      Math.round(fine / balls),
      leaf,
      leaf < 0.3 ? 0.5 : 0.8,
      tint + (random() - 0.5) * 0.16,
      random,
    );
  }
}

/** A conifer: tiers of drooping needle tufts around a straight trunk. */
export function addConifer(scene: Scene, x: number, z: number, height: number, fine: number, seed: number): void {
  const random = createRandom(seed);
  const ground = groundHeight(x, z) - 0.3;
  if (fine > 100) addLimb(scene, [x, ground, z], [x, ground + height * 0.9, z], height * 0.02, height * 0.004, seed);
  const tint = random();
  for (let i = 0; i < fine; i++) {
    const t = Math.sqrt(random());
    const tier = (t * height * 0.9) / (height * 0.075);
    const sag = tier % 1;
    const reach = height * 0.25 * t * (0.5 + 0.6 * sag) * (0.4 + 0.6 * Math.sqrt(random()));
    const turn = random() * Math.PI * 2;
    const c = Math.cos(turn);
    const s = Math.sin(turn);
    const y = ground + height * (1 - t * 0.93) - reach * 0.25;
    const size = Math.max(height * 0.02, (height * 0.56) / Math.sqrt(fine)) * (0.6 + 0.6 * random());
    const angle = (c > 0 ? 0.45 : -0.45) + (random() - 0.5) * 0.7;
    const bright = sag * 0.5 + 0.5 * (reach / (height * 0.25));
    const nx = c * 0.9 + (random() - 0.5) * 0.4;
    scene.splats.push(
      x + c * reach,
      y,
      z + s * reach,
      nx,
      0.25 + 0.5 * bright,
      s * 0.9,
      size,
      0.5,
      angle,
      material.needle,
      tint * 0.5 + random() * 0.35,
    );
  }
}

/** The woods: on the far hills, along the banks, and around the castle's rock. */
export function addWoods(scene: Scene): void {
  const random = createRandom(11);
  for (let i = 0; i < 15000; i++) {
    const d = 190 * 10 ** (random() * 1.02);
    const x = (random() - 0.5) * 1.06 * d;
    const z = eye.z + d;
    const y = groundHeight(x, z);
    const dense = fbm(x / 130, z / 130, 4, 80) + 0.25 * smoothstep(500, 200, d);
    if (y < 1 || dense < -0.12 + 0.3 * random()) continue;
    if (Math.hypot(x - island.x, z - island.z) < 60) continue;
    const fine = Math.round(Math.min(900, 46000 / d));
    const kind = fbm(x / 90, z / 90, 3, 90) + (random() - 0.5) * 0.5;
    if (kind > 0) addConifer(scene, x, z, 11 + 9 * random(), fine, i + 500);
    else addTree(scene, x, z, 8 + 6 * random(), fine, Math.max(0.42, d * 0.0021), hash(i, 3, 5), i + 500);
  }
  for (let i = 0; i < 260; i++) {
    const angle = random() * Math.PI * 2;
    const r = 40 + 15 * random();
    const x = island.x + Math.cos(angle) * r;
    const z = island.z + Math.sin(angle) * r;
    if (groundHeight(x, z) < 1 || Math.abs(angle - 4.19) < 0.3) continue;
    if (random() < 0.3) addConifer(scene, x, z, 4 + 5 * random(), 420, i + 90000);
    else addTree(scene, x, z, 2 + 3.6 * random(), 330, 0.24, random(), i + 90000);
  }
  for (let i = 0; i < 420; i++) {
    const z = 30 + 190 * random();
    const x = -32 - random() * 110;
    const clear = x + 0.52 * (z + 10) < 0 || z > 120;
    if (
      groundHeight(x, z) < 2 ||
      Math.abs(x - pathX(z)) < 7 ||
      fbm(x / 30, z / 30, 3, 7) < -0.05 ||
      (!clear && random() < 0.8)
    )
      continue;
    const fine = Math.round(Math.min(2600, 160000 / z));
    if (random() < 0.35) addConifer(scene, x, z, 8 + 8 * random(), fine, i + 70000);
    else addTree(scene, x, z, 5 + 6 * random(), fine, 0.26, random(), i + 70000);
  }
}

/** The big tree that frames the picture on the left, and the bushes around its foot. */
export function addFrame(scene: Scene): void {
  addTree(scene, -14.6, 18, 18, 50000, 0.125, 0.17, 4);
  addTree(scene, -19, 31, 12, 14000, 0.14, 0.85, 5);
  addConifer(scene, 19.5, 25.5, 12.5, 7000, 6);
  addConifer(scene, 24, 30, 9, 4000, 7);
  const random = createRandom(31);
  for (let i = 0; i < 26; i++) {
    const z = 12 + 45 * random();
    const x = (random() < 0.6 ? -1 : 1) * (0.22 + 0.28 * random()) * (z + 10);
    if (groundHeight(x, z) < 0.7 || Math.abs(x - pathX(z)) < 2.4) continue;
    addTree(scene, x, z, 1.3 + 1.6 * random(), 1500, 0.085, random(), i + 300);
  }
}

/** The meadow: blades of grass, flowers in drifts, and stones. */
export function addMeadow(scene: Scene): void {
  const random = createRandom(21);
  for (let i = 0; i < 210000; i++) {
    const d = 7.5 * 16 ** (random() ** 1.25);
    const x = (random() - 0.5) * 1.04 * d;
    const z = eye.z + d;
    const y = groundHeight(x, z);
    const onPath = Math.abs(x - pathX(z)) / (1.25 + 0.4 * fbm(x * 0.5, z * 0.5, 2, 3));
    if (y < 0.25 || z > 112 || onPath < 0.75 + 0.4 * random()) continue;
    const drift = fbm(x * 0.22, z * 0.22, 3, 33);
    const height = (0.2 + 0.38 * random()) * (0.75 + 0.7 * drift + 0.4 * smoothstep(1, 2.2, onPath)) * (1 + d * 0.005);
    const wide = 0.006 + d * 0.0009;
    const lean = (random() - 0.62) * height * 0.9;
    const turn = random() * Math.PI;
    const [c, s] = [Math.cos(turn) * wide, Math.sin(turn) * wide];
    const [nx, nz] = [(random() - 0.5) * 0.8, (random() - 0.5) * 0.8 - 0.2];
    const seed = random() * 0.6 + drift * 0.4;
    const at = (side: number, t: number) =>
      scene.vertex(x + lean * t * t + side * c, y + height * t * (1 - 0.15 * t), z + side * s, nx, 0.9, nz, side, t);
    const [a, b, e, f, tip] = [at(-1, 0), at(1, 0), at(0.75, 0.55), at(-0.75, 0.55), at(0, 1)];
    scene.quad(a, b, e, f, material.grass, seed);
    scene.triangle(f, e, tip, material.grass, seed);
  }
  for (let i = 0; i < 9000; i++) {
    const d = 8 * 7 ** random();
    const x = (random() - 0.5) * 1.04 * d;
    const z = eye.z + d;
    const y = groundHeight(x, z);
    const drift = fbm(x * 0.16 + 9, z * 0.16, 3, 51);
    if (y < 0.8 || Math.abs(x - pathX(z)) < 1.4 || drift + 0.35 * random() < 0.12) continue;
    const sort = Math.floor(hash(Math.round(x * 0.35 + drift * 4), Math.round(z * 0.3), 8) * 5 + random() * 0.8) % 5;
    addFlower(scene, x, y + 0.28 + 0.3 * random(), z, 0.022 + 0.02 * random() + d * 0.0006, sort, random);
  }
  for (let i = 0; i < 420; i++) {
    const d = 9 * 16 ** random();
    const x = (random() - 0.5) * 1.04 * d;
    const z = eye.z + d;
    const y = groundHeight(x, z);
    const shore = y > -0.6 && y < 1.2;
    if (!shore && (y < 0 || random() < 0.8 || Math.abs(x - pathX(z)) < 1)) continue;
    addRock(scene, x, y, z, (0.12 + 0.75 * random() ** 3) * (shore ? 1.3 : 1), i);
  }
  for (let i = 0; i < 320; i++) {
    const z = -2 + 30 * random() ** 2;
    const x = pathX(z) + (random() - 0.5) * 2.4;
    addRock(scene, x, groundHeight(x, z), z, 0.025 + 0.09 * random() ** 3, i + 900);
  }
  for (let i = 0; i < 90; i++) {
    const turn = Math.PI * (0.95 + 1.15 * random());
    const out = 49 + 7 * random();
    const [x, z] = [island.x + Math.cos(turn) * out, island.z + Math.sin(turn) * out];
    const y = groundHeight(x, z);
    if (y > -1.5) addRock(scene, x, y, z, 0.5 + 1.9 * random() ** 2, i + 600);
  }
}

/** A flower: petals around an eye, a few of them, tipped towards the viewer. */
function addFlower(
  scene: Scene,
  x: number,
  y: number,
  z: number,
  size: number,
  sort: number,
  random: () => number,
): void {
  const petals = sort === 1 ? 8 : 5;
  const start = random() * 6;
  for (let k = 0; k < petals; k++) {
    const a = start + (k / petals) * Math.PI * 2;
    const px = x + Math.cos(a) * size * 0.8;
    const py = y - Math.sin(a) * size * 0.6;
    scene.splats.push(
      px,
      py,
      z,
      0.2 * Math.cos(a),
      0.8,
      -0.6,
      size * 0.8,
      0.55,
      a,
      material.petal,
      sort + random() * 0.8,
    );
  }
  scene.splats.push(x, y, z - 0.02, 0, 0.7, -0.7, size * 0.45, 1, 0, material.petal, 5 + random() * 0.5);
  const stem = (side: number, t: number) =>
    scene.vertex(x + side * size * 0.12, y - t * 0.5, z, 0, 0.9, -0.4, 0, 1 - t);
  scene.quad(stem(-1, 0), stem(1, 0), stem(1, 1), stem(-1, 1), material.grass, 0.3);
}
