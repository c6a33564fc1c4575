import { type Picture, resize, type Size } from '../image/index.js';
import type { CameraMove } from './keyframes.js';
import { resampled } from './resample.js';

/**
 * Where a frame sees another picture: the place (x, y) of the frame shows the place
 * (`xx`·x + `xy`·y + `x0`, `yx`·x + `yy`·y + `y0`) of the picture. Places are pixels from the middle.
 */
export interface View {
  /** How far to the right a pixel to the right goes in the picture. */
  readonly xx: number;
  /** How far to the right a pixel down goes. */
  readonly xy: number;
  /** How far to the right of its middle the picture is seen in the middle of the frame. */
  readonly x0: number;
  /** How far down a pixel to the right goes. */
  readonly yx: number;
  /** How far down a pixel down goes. */
  readonly yy: number;
  /** How far below its middle the picture is seen in the middle of the frame. */
  readonly y0: number;
}

/** Where a frame sees the one before it when the camera makes a move. */
export function viewOf({ zoom, rotate, panX, panY }: CameraMove): View {
  const angle = (rotate * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  return { xx: cos, xy: sin, x0: panX, yx: -sin, yy: cos, y0: panY };
}

/** Two views, one after the other: where a frame sees what is seen in `second` by what it sees itself in `first`. */
export function composed(first: View, second: View): View {
  return {
    xx: second.xx * first.xx + second.xy * first.yx,
    xy: second.xx * first.xy + second.xy * first.yy,
    x0: second.xx * first.x0 + second.xy * first.y0 + second.x0,
    yx: second.yx * first.xx + second.yy * first.yx,
    yy: second.yx * first.xy + second.yy * first.yy,
    y0: second.yx * first.x0 + second.yy * first.y0 + second.y0,
  };
}

/** The way back. */
export function inverse({ xx, xy, x0, yx, yy, y0 }: View): View {
  const area = xx * yy - xy * yx;
  return {
    xx: yy / area,
    xy: -xy / area,
    x0: (xy * y0 - yy * x0) / area,
    yx: -yx / area,
    yy: xx / area,
    y0: (yx * x0 - xx * y0) / area,
  };
}

/**
 * What a frame of a picture's size sees of the picture, which is mirrored beyond its border; see {@link resampled}. A
 * view that changes nothing gives the very same values. What is seen smaller is shrunk first, so that it does not flicker.
 */
export function seen(picture: Picture, view: View): Picture {
  const scale = Math.sqrt(Math.abs(view.xx * view.yy - view.xy * view.yx));
  if (scale < leastShrinking) return sampled(picture, view, picture);
  const small = {
    width: Math.max(1, Math.round(picture.width / scale)),
    height: Math.max(1, Math.round(picture.height / scale)),
  };
  const [across, down] = [small.width / picture.width, small.height / picture.height];
  const { xx, xy, x0, yx, yy, y0 } = view;
  const scaled = { xx: xx * across, xy: xy * across, x0: x0 * across, yx: yx * down, yy: yy * down, y0: y0 * down };
  return sampled({ ...small, data: resize(picture.data, picture, small) }, scaled, picture);
}

/** From here on pixels would be skipped. */
const leastShrinking = 1.5;

function sampled({ data, ...from }: Picture, view: View, size: Size): Picture {
  const { width, height } = from;
  const moved = resampled(data, from, size, (x, y, at) => {
    const [fromMiddleX, fromMiddleY] = [x + 0.5 - size.width / 2, y + 0.5 - size.height / 2];
    at[0] = view.xx * fromMiddleX + view.xy * fromMiddleY + view.x0 + width / 2 - 0.5;
    at[1] = view.yx * fromMiddleX + view.yy * fromMiddleY + view.y0 + height / 2 - 0.5;
  });
  return { width: size.width, height: size.height, data: moved };
}
