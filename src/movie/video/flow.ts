import { luma, type Picture, type Size } from '../../image/index.js';
import { resampled } from '../resample.js';

/** How far off everything in one picture is seen in another (dense optical flow). */
export interface FlowField extends Size {
  /** Pixels to the right, `[height, width]`. */
  readonly x: Float32Array;
  /** Pixels down, `[height, width]`. */
  readonly y: Float32Array;
}

/** The light of a picture, as flow is found by it. */
export interface LightPicture extends Size {
  /** `[height, width]`, 8 bits. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What finds optical flow; the machine brings it. */
export interface FlowFinder {
  /**
   * Finds where everything has gone.
   *
   * @param from the picture that the flow has a value for every pixel of
   * @param to a picture of the same size
   * @throws PlatformError `platform/runtime` when it fails
   */
  find(from: LightPicture, to: LightPicture): Promise<FlowField>;
  /** Frees what it holds. */
  close(): Promise<void>;
}

/** The luma of a picture in 8 bits. */
export function lightOf({ width, height, data }: Picture): LightPicture {
  return { width, height, data: Uint8Array.from(luma(data), (value) => 255 * Math.min(Math.max(value, 0), 1) + 0.5) };
}

/**
 * Brings planes to where the flow says: every pixel takes what is seen of its place in them.
 *
 * @param data planes of the flow's size, one after the other
 * @param flow from the result to the planes
 */
export function warped(data: Float32Array, flow: FlowField): Float32Array {
  return resampled(data, flow, flow, (x, y, at) => {
    const i = y * flow.width + x;
    at[0] = x + flow.x[i]!;
    at[1] = y + flow.y[i]!;
  });
}
