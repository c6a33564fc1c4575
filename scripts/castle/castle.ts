import { addBox, addCurtain, addHouse, addMerlons, addTower, addWindow, addWindowRow, toWorld } from './masonry.js';
import { addFace, addLathe, material, type Scene } from './scene.js';

/** The stone bridge from the gate to the near bank: round arches on piers with cutwaters, and a parapet. */
function addBridge(scene: Scene): void {
  const deck = 10.2;
  const half = 2.7;
  const span = 9.4;
  const pier = 2.4;
  const steps = 18;
  for (let arch = 0; arch < 5; arch++) {
    const start = -39 - arch * (span + pier);
    for (let i = 0; i < steps; i++) {
      const edge = (k: number) => start - pier - (k / steps) * span;
      const low = (k: number) => 3.2 + 5 * Math.sqrt(Math.max(0, 1 - ((k / steps) * 2 - 1) ** 2));
      const [z0, z1, y0, y1] = [edge(i), edge(i + 1), low(i), low(i + 1)];
      for (const x of [-half, half]) {
        addFace(
          scene,
          [toWorld(x, y0, z0), toWorld(x, y1, z1), toWorld(x, deck, z1), toWorld(x, deck, z0)],
          toWorld(0, 9, z0),
          material.stone,
          70,
        );
      }
      const vault = [toWorld(-half, y0, z0), toWorld(half, y0, z0), toWorld(half, y1, z1), toWorld(-half, y1, z1)];
      addFace(scene, vault, toWorld(0, deck, z0), material.stone, 71);
    }
    addBox(scene, { x: 0, z: start - pier / 2, halfX: half, halfZ: pier / 2, from: -4, to: deck }, material.stone, 70);
    for (const x of [-half, half]) {
      const [wx, , wz] = toWorld(x, 0, start - pier / 2);
      addLathe(
        scene,
        wx,
        wz,
        [
          [1.5, -4],
          [1.3, 4.5],
          [0.1, 6.6],
        ],
        14,
        material.stone,
        73,
      );
    }
  }
  const reach = 5 * (span + pier) + 8;
  const middle = -36 - reach / 2;
  addBox(scene, { x: 0, z: middle, halfX: half, halfZ: reach / 2, from: deck - 0.5, to: deck }, material.stone, 72);
  for (const x of [-half, half]) {
    addBox(scene, { x, z: middle, halfX: 0.3, halfZ: reach / 2, from: deck - 0.3, to: deck + 1 }, material.stone, 74);
    addBox(scene, { x, z: middle, halfX: 0.45, halfZ: reach / 2, from: deck + 1, to: deck + 1.2 }, material.stone, 75);
  }
  addBox(scene, { x: 0, z: -36 - reach, halfX: half, halfZ: 6, from: -2, to: deck }, material.stone, 70);
}

/** The gatehouse: two round towers around a block with the gate and its rows of windows. */
function addGatehouse(scene: Scene): void {
  const z = -27;
  addBox(scene, { x: 0, z, halfX: 5.5, halfZ: 4, from: 5, to: 27 }, material.stone, 40);
  addMerlons(scene, -5, z - 4.2, 5, z - 4.2, 27, 41);
  addMerlons(scene, 5.2, z - 4, 5.2, z + 4, 27, 42);
  addBox(scene, { x: 0, z: z - 4.1, halfX: 5, halfZ: 0.5, from: 24.5, to: 27 }, material.stone, 43);
  addWindow(scene, 0, z - 4, 0, -1, 10.3, 2.5, 7.6, material.gate, 0.5);
  addWindowRow(scene, -3.8, z - 4, 3.8, z - 4, 20.3, 3, 3, 44);
  for (const x of [-6.6, 6.6]) addTower(scene, { x, z: z - 2.6, radius: 3.7, top: 31, roof: 11, flag: x > 0 }, 45 + x);
}

/** The whole castle on its island, with the bridge. */
export function addCastle(scene: Scene): void {
  const wall = 21;
  const corners = [
    [-27, -27],
    [27, -27],
    [29, 25],
    [-27, 27],
  ] as const;
  corners.forEach(([x, z], i) => {
    const [nextX, nextZ] = corners[(i + 1) % 4]!;
    addCurtain(scene, x, z, nextX, nextZ, wall, 10 + i);
  });
  addTower(scene, { x: -27, z: -27, radius: 5, top: 30 }, 20);
  addTower(scene, { x: 27, z: -27, radius: 5.6, top: 31, roof: 13, roofKind: material.tile }, 21);
  addTower(scene, { x: 29, z: 25, radius: 5, top: 33, flag: true }, 22);
  addTower(scene, { x: -27, z: 27, radius: 4.6, top: 34, roof: 12 }, 23);
  addTower(scene, { x: 28, z: -1, radius: 3.6, top: 29, roof: 9 }, 24);
  addGatehouse(scene);
  addBridge(scene);
  // The keep, with a turret on each corner.
  addBox(scene, { x: 5, z: 8, halfX: 9, halfZ: 8.5, from: 5, to: 46 }, material.stone, 30);
  addBox(scene, { x: 5, z: 8, halfX: 9.7, halfZ: 9.2, from: 43.2, to: 46 }, material.stone, 31);
  for (const [x0, z0, x1, z1] of [
    [-4.4, -0.9, 14.4, -0.9],
    [14.4, -0.9, 14.4, 16.9],
    [-4.4, 16.9, -4.4, -0.9],
  ] as const) {
    addMerlons(scene, x0, z0, x1, z1, 46, 32);
  }
  for (let y = 17; y < 42; y += 6.2) {
    addWindowRow(scene, -4, -0.5, 14, -0.5, y, 5, 3.1, Math.round(y));
    addWindowRow(scene, 14, -0.5, 14, 16.5, y, 5, 3.1, Math.round(y) + 3);
  }
  for (const [x, z] of [
    [-4, -0.5],
    [14, -0.5],
    [14, 16.5],
    [-4, 16.5],
  ] as const) {
    addTower(scene, { x, z, radius: 2.2, top: 50, roof: 8.5, sides: 24, base: 40 }, 33 + x);
  }
  addTower(scene, { x: 6, z: 12, radius: 3.2, top: 54, roof: 10, flag: true, base: 45 }, 36);
  // The tall towers behind and beside it.
  addTower(scene, { x: -13, z: 4, radius: 5.2, top: 51, roof: 15, flag: true }, 50);
  addTower(scene, { x: 19, z: -9, radius: 3.3, top: 42, roof: 12, flag: true }, 51);
  addTower(scene, { x: -19, z: -9, radius: 4, top: 36, roof: 17, sides: 8, roofKind: material.slate }, 52);
  addTower(scene, { x: 20, z: 16, radius: 4, top: 44 }, 53);
  // Halls and houses inside the walls.
  addHouse(scene, { x: 9, z: -17, halfX: 11, halfZ: 5, from: 8, to: 26 }, 8, material.slate, 60);
  addHouse(scene, { x: -15, z: -17, halfX: 5, halfZ: 6.5, from: 8, to: 24 }, 7, material.tile, 61, true);
  addHouse(scene, { x: 22, z: 6, halfX: 4.5, halfZ: 8, from: 8, to: 25 }, 6, material.tile, 62, true);
  addHouse(scene, { x: -19, z: 14, halfX: 6, halfZ: 8, from: 8, to: 27 }, 8, material.slate, 63, true);
  // A lone tower down by the water.
  addTower(scene, { x: 39, z: -22, radius: 3.6, top: 17, roof: 8, roofKind: material.tile, base: 4 }, 54);
}
