import sharp from 'sharp';

/** What decodes the picture formats that are taken over HTTP: JPEG, PNG, WebP and AVIF. */
const decoders = [
  ...['VipsForeignLoadJpegBuffer', 'VipsForeignLoadJpegFile'],
  ...['VipsForeignLoadPngBuffer', 'VipsForeignLoadPngFile'],
  ...['VipsForeignLoadWebpBuffer', 'VipsForeignLoadWebpFile'],
  ...['VipsForeignLoadHeifBuffer', 'VipsForeignLoadHeifFile'],
];

/** The media types of the formats that are taken. */
export const pictureTypes: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heif: 'image/avif',
};

/** GIFs are movies, and no pictures here. */
const movieDecoders = ['VipsForeignLoadNsgifBuffer', 'VipsForeignLoadNsgifFile'];

/**
 * Turns off every decoder in this process but the few that are needed.
 *
 * @param what pictures, or movies as well
 */
export function allowDecoders(what: 'pictures' | 'movies' = 'pictures'): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: what === 'movies' ? [...decoders, ...movieDecoders] : decoders });
}
