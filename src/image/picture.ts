/**
 * A picture as the dream handles it: planar RGB, `[3, height, width]` in row-major order, sRGB-encoded,
 * 0 (black) to 1 (white). Transparency does not dream; it travels beside the colours.
 */
export interface Picture {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `3 * height * width` values: all reds, then all greens, then all blues. */
  readonly data: Float32Array;
  /** `height * width` values from 0 (transparent) to 1 (opaque); absent when the picture is opaque. */
  readonly alpha?: Float32Array;
}
