import {
  blurredRaster,
  lumaRaster,
  mappedRaster,
  type Raster,
  type RasterPicture,
  resizedRaster,
  type Size,
} from '../image/index.js';

/**
 * Where a picture dreams, from a grey picture of any size: white dreams, black stays, grey dreams in part. Transparent
 * parts count as black.
 *
 * @param feather sigma of a Gaussian that softens the edge, in pixels of `size`
 * @returns one plane of `size`, 0 to 1, computed as it is read
 */
export function maskPlane({ colours, alpha }: RasterPicture, size: Size, feather: number): Raster {
  const light = lumaRaster(colours);
  const visible = alpha
    ? mappedRaster(light, (rows, { top, bottom }) => {
        const cover = alpha.rows(0, top, bottom);
        return rows.map((value, i) => value * cover[i]!);
      })
    : light;
  return blurredRaster(maskAt(visible, size), feather);
}

/**
 * A mask at another size. Resizing overshoots at edges; black is to stay black, so what lies outside is cut.
 *
 * @param mask one plane, 0 to 1
 */
export function maskAt(mask: Raster, to: Size): Raster {
  return mappedRaster(resizedRaster(mask, to), (rows) => rows.map((value) => Math.min(Math.max(value, 0), 1)));
}
