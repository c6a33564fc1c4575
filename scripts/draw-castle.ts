/**
 * Draws `examples/castle.jpg`, the picture that the examples dream on: a castle on a lake, built from triangles and
 * leaves, lit by a low sun, and painted point by point. Nothing is loaded; the same code gives the same picture.
 *
 *   node dist/scripts/draw-castle.js [path]
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { addCastle } from './castle/castle.js';
import { clamp, hash, noise } from './castle/noise.js';
import { addFrame, addMeadow, addWoods } from './castle/plants.js';
import { castShadows, type Light, renderScene } from './castle/render.js';
import { material, Scene } from './castle/scene.js';
import { addTerrain } from './castle/terrain.js';

const width = 1200;
const height = 800;

/** A few birds, each two bent wings. */
function addBirds(scene: Scene): void {
  for (let i = 0; i < 11; i++) {
    const x = -44 + 34 * hash(i, 1, 70) + i * 1.6;
    const y = 52 + 15 * hash(i, 2, 70);
    const z = 150 + 20 * hash(i, 3, 70);
    const lift = (hash(i, 4, 70) - 0.35) * 1.1;
    const at = (dx: number, dy: number) => scene.vertex(x + dx, y + dy, z, 0, 0.7, -0.7, 0, 0);
    for (const side of [-1, 1]) {
      scene.quad(at(0, 0), at(side * 0.75, lift), at(side * 0.8, lift - 0.2), at(0, -0.3), material.bird, 0);
      scene.triangle(at(side * 0.75, lift), at(side * 1.75, lift * 0.5), at(side * 0.8, lift - 0.2), material.bird, 0);
    }
  }
}

/** From light to film: shrinks by two, bends the bright end, darkens the corners, adds grain. */
function develop(light: Light): Uint8Array {
  const bytes = new Uint8Array(width * height * 3);
  const film = (value: number) => {
    const v = value * 0.82;
    return Math.min(1, (v * (2.51 * v + 0.03)) / (v * (2.43 * v + 0.59) + 0.14));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = Math.hypot((x - width / 2) / width, (y - height / 2) / height);
      const grain = (hash(x, y, 1) + hash(x, y, 2) - 1) * 6 + noise(x * 0.45, y * 0.45, 3) * 3;
      for (let i = 0; i < 3; i++) {
        let sum = 0;
        for (let k = 0; k < 4; k++) {
          sum += film(light.rgb[((y * 2 + (k >> 1)) * light.width + x * 2 + (k & 1)) * 3 + i]!);
        }
        const value = (sum / 4) ** (1 / 2.2) * 255 * (1 - 0.55 * edge ** 2.4) + grain + (hash(x, y, 10 + i) - 0.5) * 3;
        bytes[(y * width + x) * 3 + i] = Math.round(clamp(value, 0, 255));
      }
    }
  }
  return bytes;
}

const scene = new Scene();
addTerrain(scene);
addCastle(scene);
addWoods(scene);
addFrame(scene);
addMeadow(scene);
addBirds(scene);
const shadows = [
  castShadows(scene, 10, 40, 62, 2400),
  castShadows(scene, 0, 130, 170, 3400),
  castShadows(scene, 0, 3500, 5200, 2600),
];
const reflection = renderScene(scene, shadows, width, height);
const picture = develop(renderScene(scene, shadows, width * 2, height * 2, reflection));
const path = process.argv[2] ?? 'examples/castle.jpg';
await mkdir(dirname(path), { recursive: true });
await sharp(picture, { raw: { width, height, channels: 3 } })
  .jpeg({ quality: 89, chromaSubsampling: '4:4:4' })
  .toFile(path);
