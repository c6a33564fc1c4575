/** Between RGB and the planes that video codecs work on. */

/** Where a colour space puts luma: the shares of red and blue in it (ITU-R H.273, table 4). */
const matrices = {
  bt709: [0.2126, 0.0722],
  bt601: [0.299, 0.114],
  bt2020: [0.2627, 0.0593],
} as const;

/** A matrix between RGB and YCbCr. */
export type YuvMatrix = keyof typeof matrices;

/** How the samples of a YCbCr picture lie in memory and what they mean. */
export interface YuvLayout {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Chroma samples are shared by 2^x columns. */
  readonly shiftX: 0 | 1;
  /** Chroma samples are shared by 2^y rows. */
  readonly shiftY: 0 | 1;
  /** Bits a sample; more than 8 take two bytes each, low byte first. */
  readonly bits: number;
  /** Whether blue and red differences alternate in one plane (NV12) and have no planes of their own. */
  readonly interleaved: boolean;
  /** The matrix. */
  readonly matrix: YuvMatrix;
  /** Whether black is 0 and white the greatest value; otherwise 16 and 235 (of 255). */
  readonly fullRange: boolean;
}

/** One plane: where it starts, and the bytes from row to row. */
export interface Plane {
  readonly offset: number;
  readonly stride: number;
}

/** The colour space of what is written here: BT.709 with 16 for black and 235 for white, as players expect of video. */
export const bt709 = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;

/** Bytes of a {@link rgbToYuv420} picture. */
export function yuv420Bytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/** From RGB in 0..255 to {@link bt709}: the shares of the colours in luma, and the scales of luma and differences. */
const [red, blue] = matrices.bt709;
const green = 1 - red - blue;
const luma = 219 / 255;
const toBlue = 224 / 255 / (2 * (1 - blue));
const toRed = 224 / 255 / (2 * (1 - red));

/**
 * RGB to three planes of full size in {@link bt709}.
 *
 * @param rgb `[height, width, 3]`, 8 bits
 */
export function rgbToYuv444(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const area = width * height;
  const yuv = new Uint8Array(3 * area);
  for (let i = 0, from = 0; i < area; i++, from += 3) {
    const [r, g, b] = [rgb[from]!, rgb[from + 1]!, rgb[from + 2]!];
    const grey = red * r + green * g + blue * b;
    yuv[i] = 16.5 + luma * grey;
    yuv[area + i] = 128.5 + toBlue * (b - grey);
    yuv[2 * area + i] = 128.5 + toRed * (r - grey);
  }
  return yuv;
}

/**
 * RGB to planar 4:2:0 in {@link bt709}: luma, then blue difference, then red difference. A chroma sample lies between
 * two rows and on the left of its two columns, where H.264, VP9 and AV1 expect it.
 *
 * @param rgb `[height, width, 3]`, 8 bits
 * @returns planes of `height × width`, then twice `⌈height/2⌉ × ⌈width/2⌉`, without padding
 */
export function rgbToYuv420(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const yuv = new Uint8Array(yuv420Bytes(width, height));
  for (let i = 0, from = 0; i < width * height; i++, from += 3) {
    yuv[i] = 16.5 + luma * (red * rgb[from]! + green * rgb[from + 1]! + blue * rgb[from + 2]!);
  }
  // Two rows added together: red, green and blue of every column.
  const pair = new Float32Array(3 * width);
  const uStart = width * height;
  const vStart = uStart + halfWidth * halfHeight;
  for (let y = 0; y < halfHeight; y++) {
    const upper = 2 * y * width * 3;
    const lower = Math.min(2 * y + 1, height - 1) * width * 3;
    for (let i = 0; i < pair.length; i++) pair[i] = rgb[upper + i]! + rgb[lower + i]!;
    for (let x = 0; x < halfWidth; x++) {
      const here = 6 * x;
      const left = Math.max(here - 3, 0);
      const right = Math.min(here + 3, pair.length - 3);
      const r = (pair[left]! + 2 * pair[here]! + pair[right]!) / 8;
      const g = (pair[left + 1]! + 2 * pair[here + 1]! + pair[right + 1]!) / 8;
      const b = (pair[left + 2]! + 2 * pair[here + 2]! + pair[right + 2]!) / 8;
      const grey = red * r + green * g + blue * b;
      const to = y * halfWidth + x;
      yuv[uStart + to] = 128.5 + toBlue * (b - grey);
      yuv[vStart + to] = 128.5 + toRed * (r - grey);
    }
  }
  return yuv;
}

/** Where the planes of {@link rgbToYuv420} are. */
export function yuv420Planes(width: number, height: number): Plane[] {
  const half = Math.ceil(width / 2);
  const u = width * height;
  return [
    { offset: 0, stride: width },
    { offset: u, stride: half },
    { offset: u + half * Math.ceil(height / 2), stride: half },
  ];
}

/**
 * YCbCr planes to RGB. Chroma is interpolated between its samples, which lie as {@link rgbToYuv420} says.
 *
 * @param bytes the memory that holds all planes
 * @param planes luma, blue difference, red difference; luma and both differences where they are interleaved
 * @returns `[height, width, 3]`, 8 bits
 */
export function yuvToRgb(bytes: Uint8Array, planes: readonly Plane[], layout: YuvLayout): Uint8Array {
  const { width, height, bits, interleaved, fullRange } = layout;
  const [shareOfRed, shareOfBlue] = matrices[layout.matrix];
  const shareOfGreen = 1 - shareOfRed - shareOfBlue;
  const unit = 2 ** (bits - 8);
  const black = fullRange ? 0 : 16 * unit;
  const lumaScale = 255 / (fullRange ? 2 ** bits - 1 : 219 * unit);
  const chromaScale = 255 / (fullRange ? 2 ** bits - 1 : 224 * unit);
  const redOfV = 2 * (1 - shareOfRed);
  const blueOfU = 2 * (1 - shareOfBlue);
  const greenOfU = (-blueOfU * shareOfBlue) / shareOfGreen;
  const greenOfV = (-redOfV * shareOfRed) / shareOfGreen;
  const sample = reader(bytes, planes[0]!, bits, 1, 0);
  const u = reader(bytes, planes[1]!, bits, interleaved ? 2 : 1, 0);
  const v = reader(bytes, interleaved ? planes[1]! : planes[2]!, bits, interleaved ? 2 : 1, interleaved ? 1 : 0);
  // Some decoders leave out the last chroma column of an odd width.
  const room = Math.floor(planes[1]!.stride / ((bits > 8 ? 2 : 1) * (interleaved ? 2 : 1)));
  const columns = Math.min((width + layout.shiftX) >> layout.shiftX, Math.max(room, 1));
  const us = new Float32Array(width);
  const vs = new Float32Array(width);
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    chromaRow(u, y, us, layout, columns);
    chromaRow(v, y, vs, layout, columns);
    for (let x = 0; x < width; x++, to += 3) {
      const grey = (sample(x, y) - black) * lumaScale;
      const du = us[x]! * chromaScale;
      const dv = vs[x]! * chromaScale;
      rgb[to] = grey + redOfV * dv;
      rgb[to + 1] = grey + greenOfU * du + greenOfV * dv;
      rgb[to + 2] = grey + blueOfU * du;
    }
  }
  return new Uint8Array(rgb.buffer);
}

/** The sample at a column and row of a plane. */
type Sample = (x: number, y: number) => number;

function reader(bytes: Uint8Array, plane: Plane, bits: number, step: number, first: number): Sample {
  const { offset, stride } = plane;
  if (bits === 8) return (x, y) => bytes[offset + y * stride + x * step + first]!;
  return (x, y) => {
    const at = offset + y * stride + 2 * (x * step + first);
    return bytes[at]! | (bytes[at + 1]! << 8);
  };
}

/** One row of a colour difference at full width, grey being 0. */
function chromaRow(sample: Sample, y: number, row: Float32Array, layout: YuvLayout, columns: number): void {
  const { width, height, shiftX, shiftY, bits } = layout;
  const middle = 2 ** (bits - 1);
  const lastY = ((height + shiftY) >> shiftY) - 1;
  const near = y >> shiftY;
  // Between two rows of samples, a quarter of the way from the near one.
  const far = shiftY === 0 ? near : Math.min(Math.max(near + (y % 2 === 0 ? -1 : 1), 0), lastY);
  const at = (x: number) => 0.75 * sample(x, near) + 0.25 * sample(x, far) - middle;
  let here = at(0);
  if (shiftX === 0) {
    for (let x = 0; x < width; x++) row[x] = at(x);
    return;
  }
  for (let x = 0; 2 * x < width; x++) {
    const next = x + 1 < columns ? at(x + 1) : here;
    row[2 * x] = here;
    if (2 * x + 1 < width) row[2 * x + 1] = (here + next) / 2;
    here = next;
  }
}
