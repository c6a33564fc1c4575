import { hash } from './noise.js';
import { addFace, addLathe, material, type Point, type Scene } from './scene.js';
import { island } from './terrain.js';

const cos = Math.cos(island.turn);
const sin = Math.sin(island.turn);

/** From the castle's own plan (the gate looks towards -z) to the world. */
export function toWorld(x: number, y: number, z: number): Point {
  return [island.x + x * cos + z * sin, y, island.z - x * sin + z * cos];
}

interface Box {
  readonly x: number;
  readonly z: number;
  readonly halfX: number;
  readonly halfZ: number;
  readonly from: number;
  readonly to: number;
}

/** A block of masonry or wood, turned about its own middle. */
export function addBox(scene: Scene, box: Box, kind: number, seed: number, turn = 0): void {
  const c = Math.cos(turn);
  const s = Math.sin(turn);
  const corner = (i: number, y: number) => {
    const dx = i === 1 || i === 2 ? box.halfX : -box.halfX;
    const dz = i > 1 ? box.halfZ : -box.halfZ;
    return toWorld(box.x + dx * c + dz * s, y, box.z - dx * s + dz * c);
  };
  const inside = toWorld(box.x, (box.from + box.to) / 2, box.z);
  for (let i = 0; i < 4; i++) {
    const j = (i + 1) % 4;
    addFace(
      scene,
      [corner(i, box.from), corner(j, box.from), corner(j, box.to), corner(i, box.to)],
      inside,
      kind,
      seed,
    );
  }
  addFace(
    scene,
    [0, 1, 2, 3].map((i) => corner(i, box.to)),
    inside,
    kind,
    seed,
  );
}

/** A row of merlons from one point of the plan to another. */
export function addMerlons(
  scene: Scene,
  x0: number,
  z0: number,
  x1: number,
  z1: number,
  y: number,
  seed: number,
): void {
  const length = Math.hypot(x1 - x0, z1 - z0);
  const count = Math.round(length / 1.9);
  const turn = Math.atan2(z0 - z1, x1 - x0);
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) / count;
    const x = x0 + (x1 - x0) * t;
    const z = z0 + (z1 - z0) * t;
    const to = y + 1.25 + 0.2 * hash(i, seed, 4);
    addBox(scene, { x, z, halfX: 0.55, halfZ: 0.4, from: y, to }, material.stone, seed + i * 0.01, turn);
  }
}

/** A pointed window (or a door) on a wall that looks towards (nx, nz) of the plan. */
export function addWindow(
  scene: Scene,
  x: number,
  z: number,
  nx: number,
  nz: number,
  y: number,
  half: number,
  height: number,
  kind: number,
  seed: number,
): void {
  const [wx, , wz] = toWorld(x + nx * 0.1, 0, z + nz * 0.1);
  const ax = nx * cos + nz * sin;
  const az = -nx * sin + nz * cos;
  const corner = (u: number, v: number) =>
    scene.vertex(wx - az * half * u, y + height * v, wz + ax * half * u, ax, 0, az, u, v);
  scene.quad(corner(-1, 0), corner(1, 0), corner(1, 1), corner(-1, 1), kind, seed);
}

/** A row of windows on a straight wall of the plan. */
export function addWindowRow(
  scene: Scene,
  x0: number,
  z0: number,
  x1: number,
  z1: number,
  y: number,
  count: number,
  height: number,
  seed: number,
): void {
  const length = Math.hypot(x1 - x0, z1 - z0);
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) / count;
    const lit = hash(i, seed, 8);
    const x = x0 + (x1 - x0) * t;
    const z = z0 + (z1 - z0) * t;
    addWindow(scene, x, z, (z1 - z0) / length, (x0 - x1) / length, y, height * 0.27, height, material.window, lit);
  }
}

/** A pole with a waving cloth. */
function addFlag(scene: Scene, x: number, z: number, y: number, seed: number): void {
  const [wx, , wz] = toWorld(x, 0, z);
  addLathe(
    scene,
    wx,
    wz,
    [
      [0.13, y],
      [0.09, y + 6.2],
      [0.22, y + 6.3],
      [0.02, y + 6.7],
    ],
    6,
    material.wood,
    seed,
  );
  const steps = 14;
  let last = [0, 0];
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const wave = Math.sin(t * 7 + seed * 2) * 0.5 * t;
    const sag = t * t * 0.7 + 0.18 * Math.sin(t * 6 + seed);
    const nz = -1;
    const nx = -Math.cos(t * 7 + seed * 2) * 0.8;
    const half = 1.15 * (1 - 0.25 * t);
    const next = [-1, 1].map((side) =>
      scene.vertex(wx - t * 4.6, y + 4.9 - sag + side * half, wz + wave, nx, 0, nz, t, side * 0.5 + 0.5),
    );
    if (i) scene.quad(last[0]!, next[0]!, next[1]!, last[1]!, material.flag, seed);
    last = next;
  }
}

interface Tower {
  readonly x: number;
  readonly z: number;
  readonly radius: number;
  readonly top: number;
  /** The height of a pointed roof; without one, the tower ends in a crown of merlons. */
  readonly roof?: number;
  readonly roofKind?: number;
  readonly sides?: number;
  readonly flag?: boolean;
  readonly base?: number;
}

/** A round (or many-sided) tower: battered foot, string courses, corbelled crown, windows, and a roof or merlons. */
export function addTower(scene: Scene, tower: Tower, seed: number): void {
  const { x, z, radius: r, top, roof, sides = 40 } = tower;
  const base = tower.base ?? island.top;
  const [wx, , wz] = toWorld(x, 0, z);
  const waist = base + (top - base) * 0.52;
  const body: [number, number][] = [
    [r * 1.2, base - 7],
    [r * 1.03, base + 4],
    [r, base + 4.4],
  ];
  if (top - base > 15) body.push([r, waist], [r + 0.22, waist + 0.15], [r + 0.22, waist + 0.5], [r, waist + 0.65]);
  body.push(
    [r, top - 3],
    [r + 0.35, top - 2.8],
    [r + 0.35, top - 2.4],
    [r + 0.85, top - 1.5],
    [r + 0.85, top + 1],
    [r + 0.2, top + 1],
  );
  addLathe(scene, wx, wz, body, sides, material.stone, seed);
  const ring = Math.round(r * 4.2);
  for (let i = 0; i < ring; i++) {
    const a = (i / ring) * Math.PI * 2;
    const at = { x: x + Math.cos(a) * (r + 0.5), z: z + Math.sin(a) * (r + 0.5) };
    addBox(
      scene,
      { ...at, halfX: 0.42, halfZ: 0.22, from: top - 3.3, to: top - 1.6 },
      material.stone,
      seed + i * 0.03,
      -a,
    );
  }
  const windows = Math.max(5, Math.round(r * 2));
  for (let level = base + 6; level < top - 5; level += 5.2) {
    for (let i = 0; i < windows; i++) {
      const lit = hash(i, Math.round(level * 10), seed * 31);
      if (hash(i, Math.round(level), seed * 17) < 0.45) continue;
      const a = ((i + ((level * 0.37) % 1)) / windows) * Math.PI * 2;
      const slim = hash(i, Math.round(level), 99) < 0.35;
      const [c, s] = [Math.cos(a), Math.sin(a)];
      addWindow(scene, x + c * r, z + s * r, c, s, level, slim ? 0.3 : 0.72, 2.6, material.window, slim ? 0.2 : lit);
    }
  }
  if (roof === undefined) {
    const count = Math.round(((r + 0.6) * Math.PI * 2) / 2);
    for (let i = 0; i < count; i++) {
      const a = (i / count) * Math.PI * 2;
      const at = { x: x + Math.cos(a) * (r + 0.5), z: z + Math.sin(a) * (r + 0.5) };
      const to = top + 2.3 + 0.2 * hash(i, seed, 6);
      addBox(scene, { ...at, halfX: 0.36, halfZ: 0.58, from: top + 1, to }, material.stone, seed + i * 0.02, -a);
    }
    addLathe(
      scene,
      wx,
      wz,
      [
        [r + 0.2, top + 0.2],
        [0, top + 0.2],
      ],
      sides,
      material.stone,
      seed,
    );
  } else {
    const eaves = top + 0.7;
    const kind = tower.roofKind ?? material.slate;
    addLathe(
      scene,
      wx,
      wz,
      [
        [r, eaves + 0.3],
        [r + 1.5, eaves],
      ],
      sides,
      material.wood,
      seed,
    );
    const cone: [number, number][] = [
      [r + 1.5, eaves],
      [r + 0.75, eaves + 1.3],
      [r * 0.55, eaves + roof * 0.42],
      [0.12, eaves + roof],
    ];
    addLathe(scene, wx, wz, cone, sides, kind, seed);
    addLathe(
      scene,
      wx,
      wz,
      [
        [0.12, eaves + roof - 0.6],
        [0.42, eaves + roof - 0.1],
        [0.05, eaves + roof + 1.5],
      ],
      8,
      material.wood,
      seed,
    );
  }
  if (tower.flag) addFlag(scene, x, z, roof === undefined ? top : top + roof, seed);
}

/** A house: stone walls with rows of windows under a gabled roof whose ridge runs along x (or z). */
export function addHouse(scene: Scene, box: Box, rise: number, kind: number, seed: number, alongZ = false): void {
  addBox(scene, box, material.stone, seed);
  const { x, z, halfX, halfZ, from, to } = box;
  const long = alongZ ? halfZ : halfX;
  const wide = alongZ ? halfX : halfZ;
  const at = (l: number, w: number, y: number) => (alongZ ? toWorld(x + w, y, z + l) : toWorld(x + l, y, z + w));
  const inside = at(0, 0, to);
  for (const side of [-1, 1]) {
    const low = to - 0.5;
    const eave = (wide + 0.7) * side;
    const reach = long + 0.6;
    addFace(
      scene,
      [at(-reach, eave, low), at(reach, eave, low), at(reach, 0, to + rise), at(-reach, 0, to + rise)],
      inside,
      kind,
      seed,
    );
    const gable = [at(long * side, -wide, to), at(long * side, wide, to), at(long * side, 0, to + rise - 0.4)];
    addFace(scene, gable, inside, material.stone, seed);
    for (let i = -1; i <= 1; i++) addDormer(scene, at, (i * long) / 1.7, eave, low, rise / (wide + 0.7), kind, seed);
  }
  const rows = Math.max(1, Math.floor((to - from - 5) / 4.2));
  for (let k = 0; k < rows; k++) {
    const y = to - 3.6 - k * 4.2;
    addWindowRow(scene, x - halfX, z - halfZ, x + halfX, z - halfZ, y, Math.round(halfX / 1.3), 2.4, seed + k);
    addWindowRow(scene, x + halfX, z - halfZ, x + halfX, z + halfZ, y, Math.round(halfZ / 1.3), 2.4, seed + k + 9);
  }
}

/** A small gable standing out of a roof. */
function addDormer(
  scene: Scene,
  at: (l: number, w: number, y: number) => Point,
  l: number,
  eave: number,
  low: number,
  pitch: number,
  kind: number,
  seed: number,
): void {
  const front = eave * 0.8;
  const sill = low + Math.abs(eave - front) * pitch;
  const back = front - Math.sign(eave) * (2.4 / pitch);
  const inside = at(l, back, sill + 1);
  const face = [
    at(l - 0.8, front, sill),
    at(l + 0.8, front, sill),
    at(l + 0.8, front, sill + 1.5),
    at(l, front, sill + 2.6),
    at(l - 0.8, front, sill + 1.5),
  ];
  addFace(scene, face, inside, material.stone, seed);
  for (const side of [-1, 1]) {
    const edge = l + side * 1.05;
    addFace(
      scene,
      [
        at(edge, front * 1.05, sill + 1.3),
        at(edge, back, sill + 1.3),
        at(l, back, sill + 2.8),
        at(l, front * 1.05, sill + 2.8),
      ],
      inside,
      kind,
      seed,
    );
    addFace(
      scene,
      [
        at(l + side * 0.8, front, sill),
        at(l + side * 0.8, back, sill),
        at(l + side * 0.8, back, sill + 1.5),
        at(l + side * 0.8, front, sill + 1.5),
      ],
      inside,
      material.stone,
      seed,
    );
  }
}

/** A curtain wall with its wall walk, merlons and arrow slits, from one point of the plan to another. */
export function addCurtain(
  scene: Scene,
  x0: number,
  z0: number,
  x1: number,
  z1: number,
  top: number,
  seed: number,
): void {
  const length = Math.hypot(x1 - x0, z1 - z0);
  const turn = Math.atan2(z0 - z1, x1 - x0);
  const middle = { x: (x0 + x1) / 2, z: (z0 + z1) / 2, halfX: length / 2 };
  addBox(scene, { ...middle, halfZ: 1.3, from: island.top - 8, to: top }, material.stone, seed, turn);
  addBox(scene, { ...middle, halfZ: 1.6, from: top - 1.3, to: top - 0.8 }, material.stone, seed + 0.4, turn);
  const ux = ((z1 - z0) / length) * 1.1;
  const uz = ((x0 - x1) / length) * 1.1;
  addMerlons(scene, x0 + ux, z0 + uz, x1 + ux, z1 + uz, top, seed);
  addWindowRow(
    scene,
    x0 + ux * 1.2,
    z0 + uz * 1.2,
    x1 + ux * 1.2,
    z1 + uz * 1.2,
    top - 4.6,
    Math.round(length / 6),
    1.7,
    seed + 50,
  );
  for (let i = 0.5; i < length / 7; i++) {
    const t = (i * 7) / length;
    const at = { x: x0 + (x1 - x0) * t + ux, z: z0 + (z1 - z0) * t + uz };
    addBox(
      scene,
      { ...at, halfX: 0.8, halfZ: 0.9, from: island.top - 8, to: top - 3.2 },
      material.stone,
      seed + i,
      turn,
    );
  }
}
