import { arrayRaster, type Size, type StoredRaster, storeRaster } from '../image/index.js';
import type { Platform } from '../platform/platform.js';

/** Where the pictures of a dream lie: in memory, or in scratch files. */
export type Storage = 'memory' | 'scratch';

/** Makes room for the rasters of a dream, and gives all of it back at the end. */
export class RasterRoom {
  readonly #platform: Platform;
  readonly #storage: Storage;
  readonly #open = new Set<StoredRaster>();

  constructor(platform: Platform, storage: Storage) {
    this.#platform = platform;
    this.#storage = storage;
  }

  /**
   * A new raster, 0 everywhere.
   *
   * @throws PlatformError `platform/scratch` when there is no room for it
   */
  create(size: Size, planes = 3): StoredRaster {
    const count = planes * size.width * size.height;
    const store = this.#storage === 'scratch' ? this.#platform.createScratch?.(4 * count) : undefined;
    const raster = store ? storeRaster(store, size, planes) : arrayRaster(new Float32Array(count), size);
    const close = (): void => {
      this.#open.delete(tracked);
      raster.close();
    };
    const tracked: StoredRaster = { ...raster, close };
    this.#open.add(tracked);
    return tracked;
  }

  /** Gives back what has not been closed yet. */
  close(): void {
    for (const raster of this.#open) raster.close();
  }
}
