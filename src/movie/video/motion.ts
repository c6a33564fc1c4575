import type { Picture } from '../../image/index.js';
import { type FlowField, type FlowFinder, lightOf, warped } from './flow.js';
import { sceneChange } from './scene-change.js';

/** What became of a frame's places in the next frame. */
export interface Motion {
  /** From the later frame back to the earlier one. */
  readonly flow: FlowField;
  /** `[height, width]`: 1 where the earlier frame shows the same thing, 0 where it was hidden or nothing fits. */
  readonly visible: Float32Array;
}

/**
 * How the picture moved between two frames that follow one another.
 *
 * @param cut the change from which on it is another scene, 0 to 1; see {@link sceneChange}
 * @returns undefined at a cut
 */
export async function motionBetween(
  before: Picture,
  now: Picture,
  finder: FlowFinder,
  cut: number,
): Promise<Motion | undefined> {
  if (sceneChange(before, now) >= cut) return undefined;
  const [earlier, later] = [lightOf(before), lightOf(now)];
  const flow = await finder.find(later, earlier);
  return { flow, visible: visibleIn(flow, await finder.find(earlier, later)) };
}

/**
 * Which places of the later picture are seen in the earlier one: those from where the way back and the way there lead
 * home, and that are not at the border between two motions. This is the test of Sundaram, Brox and Keutzer ("Dense point
 * trajectories by GPU-accelerated large displacement optical flow", 2010, (5) and (6)), with the numbers that Ruder,
 * Dosovitskiy and Brox ("Artistic style transfer for videos", 2016) use as well. What comes from outside of the picture
 * is not seen either.
 *
 * @param back the flow from the later picture to the earlier one
 * @param there the flow from the earlier picture to the later one
 */
export function visibleIn(back: FlowField, there: FlowField): Float32Array {
  const { width, height, x: u, y: v } = back;
  const returning = warped(both(there), back);
  const area = width * height;
  return Float32Array.from({ length: area }, (_, i) => {
    const [x, y] = [(i % width) + u[i]!, Math.floor(i / width) + v[i]!];
    if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return 0;
    const [uThere, vThere] = [returning[i]!, returning[area + i]!];
    const length = u[i]! ** 2 + v[i]! ** 2;
    const off = (u[i]! + uThere) ** 2 + (v[i]! + vThere) ** 2;
    if (off > 0.01 * (length + uThere ** 2 + vThere ** 2) + 0.5) return 0;
    return steepness(u, i, width, height) + steepness(v, i, width, height) > 0.01 * length + 0.002 ? 0 : 1;
  });
}

function both({ x, y }: FlowField): Float32Array {
  const planes = new Float32Array(2 * x.length);
  planes.set(x);
  planes.set(y, x.length);
  return planes;
}

/** The square of the gradient's length, by central differences. */
function steepness(plane: Float32Array, i: number, width: number, height: number): number {
  const x = i % width;
  const [left, right] = [x > 0 ? i - 1 : i, x < width - 1 ? i + 1 : i];
  const [above, below] = [i >= width ? i - width : i, i < width * (height - 1) ? i + width : i];
  const across = (plane[right]! - plane[left]!) / Math.max(1, right - left);
  const down = (plane[below]! - plane[above]!) / Math.max(1, (below - above) / width);
  return across ** 2 + down ** 2;
}
