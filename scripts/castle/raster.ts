import { hash } from './noise.js';
import { material, type Scene, splatSize, triangleSize, vertexSize } from './scene.js';

/** How a point of the world falls on a picture: x, y, and a depth that grows towards the viewer. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly perspective: boolean;
  /** Three rows of four: what gives x, y and the distance (or, without perspective, the depth itself). */
  readonly rows: readonly number[];
  /** Show only what lies below the water, which in the mirrored world is all that stands above it. */
  readonly belowWater: boolean;
}

/** What each pixel of a view sees: the nearest surface, its depth, normal, texture place and seed. */
export interface Layers {
  readonly depth: Float32Array;
  readonly kind: Uint8Array;
  readonly nx: Float32Array;
  readonly ny: Float32Array;
  readonly nz: Float32Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
  readonly seed: Float32Array;
}

export const eye = { x: 0, y: 14, z: -10, focus: 1.0725, horizon: 0.535 };

/** The painter's view over the lake, or the same world upside down under the water. */
export function cameraView(width: number, height: number, mirrored: boolean): View {
  const f = eye.focus * width;
  const flip = mirrored ? -1 : 1;
  const cx = width / 2;
  const cy = height * eye.horizon;
  const rows = [f, 0, cx, -f * eye.x - cx * eye.z, 0, -f * flip, cy, f * eye.y - cy * eye.z, 0, 0, 1, -eye.z];
  return { width, height, perspective: true, rows, belowWater: mirrored };
}

/** Finds what a view sees. With `depthOnly` (shadows) the other layers stay empty. */
export function rasterize(scene: Scene, view: View, depthOnly: boolean): Layers {
  const size = view.width * view.height;
  const floats = () => new Float32Array(depthOnly ? 0 : size);
  const layers: Layers = {
    depth: new Float32Array(size).fill(view.perspective ? 0 : -1e9),
    kind: new Uint8Array(depthOnly ? 0 : size),
    nx: floats(),
    ny: floats(),
    nz: floats(),
    u: floats(),
    v: floats(),
    seed: floats(),
  };
  drawTriangles(scene, view, layers, depthOnly);
  drawSplats(scene, view, layers, depthOnly);
  return layers;
}

/** Whether a spot of a window or a gate lies outside its pointed arch. */
function outsideArch(u: number, v: number): boolean {
  const rise = v - 0.55;
  return rise > 0 && Math.abs(u) > Math.sqrt(Math.max(0, 1 - (rise / 0.45) ** 2));
}

function drawTriangles(scene: Scene, view: View, layers: Layers, depthOnly: boolean): void {
  const { width, height } = view;
  const data = scene.vertices.values;
  const { px, py, pw } = projectAll(view, data, scene.vertices.length / vertexSize, vertexSize);
  const faces = scene.triangles.values;
  const horizon = height * eye.horizon;
  const waterline = eye.y * eye.focus * width;
  for (let t = 0; t < scene.triangles.length; t += triangleSize) {
    const a = faces[t]!;
    const b = faces[t + 1]!;
    const c = faces[t + 2]!;
    const wa = pw[a]!;
    const wb = pw[b]!;
    const wc = pw[c]!;
    if (view.perspective && (wa < 0 || wb < 0 || wc < 0)) continue;
    const ax = px[a]!;
    const ay = py[a]!;
    const bx = px[b]! - ax;
    const by = py[b]! - ay;
    const cx = px[c]! - ax;
    const cy = py[c]! - ay;
    const area = bx * cy - by * cx;
    if (Math.abs(area) < 1e-9) continue;
    const share = 1 / area;
    const left = Math.max(0, Math.floor(ax + Math.min(0, bx, cx)));
    const right = Math.min(width - 1, Math.ceil(ax + Math.max(0, bx, cx)));
    const top = Math.max(0, Math.floor(ay + Math.min(0, by, cy)));
    const bottom = Math.min(height - 1, Math.ceil(ay + Math.max(0, by, cy)));
    const kind = faces[t + 3]!;
    const arched = kind === material.window || kind === material.gate;
    const ia = a * vertexSize;
    const ib = b * vertexSize;
    const ic = c * vertexSize;
    for (let y = top; y <= bottom; y++) {
      const qy = y + 0.5 - ay;
      for (let x = left; x <= right; x++) {
        const qx = x + 0.5 - ax;
        const tb = (qx * cy - qy * cx) * share;
        const tc = (bx * qy - by * qx) * share;
        const ta = 1 - tb - tc;
        if (ta < 0 || tb < 0 || tc < 0) continue;
        const w = ta * wa + tb * wb + tc * wc;
        const at = y * width + x;
        if (w <= layers.depth[at]!) continue;
        if (view.belowWater && y + 0.5 - horizon < waterline * w) continue;
        if (depthOnly) {
          layers.depth[at] = w;
          continue;
        }
        const fa = (ta * wa) / w;
        const fb = (tb * wb) / w;
        const fc = (tc * wc) / w;
        const u = fa * data[ia + 6]! + fb * data[ib + 6]! + fc * data[ic + 6]!;
        const v = fa * data[ia + 7]! + fb * data[ib + 7]! + fc * data[ic + 7]!;
        if (arched && outsideArch(u, v)) continue;
        layers.depth[at] = w;
        layers.kind[at] = kind;
        layers.nx[at] = fa * data[ia + 3]! + fb * data[ib + 3]! + fc * data[ic + 3]!;
        layers.ny[at] = fa * data[ia + 4]! + fb * data[ib + 4]! + fc * data[ic + 4]!;
        layers.nz[at] = fa * data[ia + 5]! + fb * data[ib + 5]! + fc * data[ic + 5]!;
        layers.u[at] = u;
        layers.v[at] = v;
        layers.seed[at] = faces[t + 4]!;
      }
    }
  }
}

/** Where every point of a list (each `step` numbers long) falls on the view. */
function projectAll(view: View, data: Float32Array, count: number, step: number) {
  const m = view.rows;
  const px = new Float32Array(count);
  const py = new Float32Array(count);
  const pw = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const x = data[i * step]!;
    const y = data[i * step + 1]!;
    const z = data[i * step + 2]!;
    const d = m[8]! * x + m[9]! * y + m[10]! * z + m[11]!;
    const w = view.perspective ? (d > 0.5 ? 1 / d : -1) : d;
    const scale = view.perspective ? w : 1;
    px[i] = (m[0]! * x + m[1]! * y + m[2]! * z + m[3]!) * scale;
    py[i] = (m[4]! * x + m[5]! * y + m[6]! * z + m[7]!) * scale;
    pw[i] = w;
  }
  return { px, py, pw };
}

/** Leaves, tufts and petals: turned ovals with pointed or ragged rims, bulging a little towards the viewer. */
function drawSplats(scene: Scene, view: View, layers: Layers, depthOnly: boolean): void {
  const { width, height } = view;
  const data = scene.splats.values;
  const count = scene.splats.length / splatSize;
  const { px, py, pw } = projectAll(view, data, count, splatSize);
  const zoom = view.perspective ? eye.focus * width : Math.hypot(view.rows[0]!, view.rows[1]!, view.rows[2]!);
  const waterline = eye.y * eye.focus * width;
  for (let i = 0; i < count; i++) {
    const w = pw[i]!;
    if (view.perspective && w < 0) continue;
    const o = i * splatSize;
    const radius = Math.max(0.6, data[o + 6]! * zoom * (view.perspective ? w : 1));
    const cx = px[i]!;
    const cy = py[i]!;
    if (cx + radius < 0 || cy + radius < 0 || cx - radius >= width || cy - radius >= height) continue;
    const slim = 1 / data[o + 7]!;
    const ca = Math.cos(data[o + 8]!) / radius;
    const sa = Math.sin(data[o + 8]!) / radius;
    const kind = data[o + 9]!;
    const pointed = kind === material.leaf && slim > 1.3;
    const left = Math.max(0, Math.floor(cx - radius));
    const right = Math.min(width - 1, Math.ceil(cx + radius));
    const top = Math.max(0, Math.floor(cy - radius));
    const bottom = Math.min(height - 1, Math.ceil(cy + radius));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const qx = x + 0.5 - cx;
        const qy = y + 0.5 - cy;
        const u = qx * ca + qy * sa;
        const v = (qy * ca - qx * sa) * slim;
        const rim = u * u + v * v;
        if (pointed ? Math.abs(v) > 1 - u * u : rim > 0.55 + 0.45 * hash(x, y, i)) continue;
        const at = y * width + x;
        if (w <= layers.depth[at]!) continue;
        if (view.belowWater && y + 0.5 - height * eye.horizon < waterline * w) continue;
        layers.depth[at] = w;
        if (depthOnly) continue;
        layers.kind[at] = kind;
        layers.nx[at] = data[o + 3]! + (qx / radius) * 0.4;
        layers.ny[at] = data[o + 4]! - (qy / radius) * 0.4 * (view.belowWater ? -1 : 1);
        layers.nz[at] = data[o + 5]!;
        layers.u[at] = u;
        layers.v[at] = v;
        layers.seed[at] = data[o + 10]!;
      }
    }
  }
}
