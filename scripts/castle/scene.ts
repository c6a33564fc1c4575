/** What a surface is made of; `materials.ts` knows how each looks. */
export const material = {
  sky: 0,
  terrain: 1,
  stone: 2,
  slate: 3,
  tile: 4,
  window: 5,
  gate: 6,
  wood: 7,
  flag: 8,
  rock: 9,
  bark: 10,
  leaf: 11,
  needle: 12,
  grass: 13,
  petal: 14,
  bird: 15,
} as const;

/** A list of numbers that grows in place. */
export class NumberList {
  values = new Float32Array(1 << 16);
  length = 0;

  push(...numbers: number[]): void {
    if (this.length + numbers.length > this.values.length) {
      const larger = new Float32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    for (const number of numbers) this.values[this.length++] = number;
  }
}

export const vertexSize = 8;
export const triangleSize = 5;
export const splatSize = 11;

/** Everything that stands in the landscape: triangles, and flat splats for leaves and petals. */
export class Scene {
  /** x y z, normal, u v */
  readonly vertices = new NumberList();
  /** three vertex numbers, material, seed */
  readonly triangles = new NumberList();
  /** x y z, normal, radius, width relative to length, turn, material, seed */
  readonly splats = new NumberList();

  vertex(x: number, y: number, z: number, nx: number, ny: number, nz: number, u: number, v: number): number {
    this.vertices.push(x, y, z, nx, ny, nz, u, v);
    return this.vertices.length / vertexSize - 1;
  }

  triangle(a: number, b: number, c: number, kind: number, seed: number): void {
    this.triangles.push(a, b, c, kind, seed);
  }

  /** Two triangles between four vertices that go around. */
  quad(a: number, b: number, c: number, d: number, kind: number, seed: number): void {
    this.triangle(a, b, c, kind, seed);
    this.triangle(a, c, d, kind, seed);
  }
}

export type Point = readonly [number, number, number];

/** A flat face through its corners, turned away from `inside`; its texture in metres, u level and v up the face. */
export function addFace(scene: Scene, corners: readonly Point[], inside: Point, kind: number, seed: number): void {
  const [a, b] = corners as [Point, Point];
  const d = corners[corners.length - 1] as Point;
  let nx = (b[1] - a[1]) * (d[2] - a[2]) - (b[2] - a[2]) * (d[1] - a[1]);
  let ny = (b[2] - a[2]) * (d[0] - a[0]) - (b[0] - a[0]) * (d[2] - a[2]);
  let nz = (b[0] - a[0]) * (d[1] - a[1]) - (b[1] - a[1]) * (d[0] - a[0]);
  const outward = nx * (a[0] - inside[0]) + ny * (a[1] - inside[1]) + nz * (a[2] - inside[2]) < 0 ? -1 : 1;
  const length = (Math.hypot(nx, ny, nz) || 1) * outward;
  nx /= length;
  ny /= length;
  nz /= length;
  const level = Math.hypot(nx, nz);
  const tx = level > 0.05 ? nz / level : 1;
  const tz = level > 0.05 ? -nx / level : 0;
  const stretch = level > 0.05 ? 1 / level : 1;
  const ids = corners.map(([x, y, z]) =>
    scene.vertex(x, y, z, nx, ny, nz, x * tx + z * tz, level > 0.05 ? y * stretch : z),
  );
  for (let i = 2; i < ids.length; i++) {
    scene.triangle(ids[0] as number, ids[i - 1] as number, ids[i] as number, kind, seed);
  }
}

/** A round body: a profile of [radius, y] turned around the upright axis through (x, z). */
export function addLathe(
  scene: Scene,
  x: number,
  z: number,
  profile: readonly (readonly [number, number])[],
  sides: number,
  kind: number,
  seed: number,
): void {
  let along = profile[0]?.[1] ?? 0;
  for (let i = 1; i < profile.length; i++) {
    const [r0, y0] = profile[i - 1] as [number, number];
    const [r1, y1] = profile[i] as [number, number];
    const length = Math.hypot(r1 - r0, y1 - y0) || 1;
    const ny = (r0 - r1) / length;
    const out = (y1 - y0) / length;
    const around = Math.max(r0, r1);
    let last = [-1, -1];
    for (let k = 0; k <= sides; k++) {
      const angle = (k / sides) * Math.PI * 2 + Math.PI / 2;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      const u = -(angle - Math.PI) * around;
      const next = [
        scene.vertex(x + c * r0, y0, z + s * r0, c * out, ny, s * out, u, along),
        scene.vertex(x + c * r1, y1, z + s * r1, c * out, ny, s * out, u, along + length),
      ];
      if (k) scene.quad(last[0] as number, next[0] as number, next[1] as number, last[1] as number, kind, seed);
      last = next;
    }
    along += length;
  }
}
