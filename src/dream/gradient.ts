import { ImageError, MemoryError } from '../errors.js';
import type { Size } from '../image/index.js';
import type { Network } from '../models/index.js';
import type { Platform } from '../platform/platform.js';
import { parseOptions } from './option.js';
import { type DreamOptions, dreamOptions } from './options.js';
import { type PlanLimits, planDream } from './plan.js';

/** What is differentiated; each field means what the dream option of its name means. */
export interface GradientOptions extends PlanLimits {
  /** Layers with optional weights, such as `mixed3,mixed5:0.5`; default: as for a dream. */
  readonly layers?: DreamOptions['layers'] | undefined;
  /** What is taken of each layer: the mean of its activations (the default), or of their squares. */
  readonly objective?: DreamOptions['objective'] | undefined;
  /** Elements along each border of a layer that do not count; default 0. */
  readonly border?: DreamOptions['border'] | undefined;
}

/** The objective of a picture, and how it changes with every value of that picture. */
export interface ImageGradient {
  /** The weighted sum of the layers' means. */
  readonly objective: number;
  /** `[3, H, W]` in the network's channel order: d(objective)/d(value) in units of the network's range. */
  readonly gradient: Float32Array;
}

/**
 * Computes d(objective)/d(picture) once, for the picture as a whole: no tiles, no jitter, nothing normalised. It is
 * what a dream climbs, laid open for whoever wants to check it or use it otherwise.
 *
 * @param values `[3, H, W]` in the network's channel order and range, row-major; left as they are
 * @param size of the picture in pixels
 * @throws ImageError `image/format` when the values do not fit the size or are not all finite, `image/too-small`
 *   when the picture is too small for the layers
 * @throws OptionError for layers the network does not have, and for options out of range
 * @throws GradientError when an operator before the layers has no known gradient
 * @throws MemoryError when it would take more memory than the options allow
 * @throws PlatformError when the runtime fails
 */
export async function imageGradient(
  network: Network,
  values: Float32Array,
  size: Size,
  options: GradientOptions,
  platform: Platform,
): Promise<ImageGradient> {
  const { width, height } = size;
  if (values.length !== 3 * width * height) {
    throw new ImageError(
      'image/format',
      `The picture: expected 3 × ${height} × ${width} values, got ${values.length}. Give its size as it is.`,
    );
  }
  const strange = values.find((value) => !Number.isFinite(value));
  if (strange !== undefined) {
    throw new ImageError('image/format', `The picture: expected finite values, got ${strange}. Take such values out.`);
  }
  const { layers, objective, border, memoryBytes = Number.POSITIVE_INFINITY } = options;
  const whole = { layers, objective, border, octaves: 1, octavesAbove: 0, size: 0, tile: 0 };
  const plan = planDream(network, size, parseOptions(dreamOptions, whole));
  if (plan.peakBytes > memoryBytes) {
    const [needed, free] = [plan.peakBytes, memoryBytes].map((bytes) => Math.round(bytes / 1e6));
    throw new MemoryError(
      'memory/too-large',
      `The gradient of a picture of ${width}×${height}, untiled, needs about ${needed} MB of memory, ${free} MB are free. Use a smaller picture.`,
    );
  }
  const session = await platform.createSession(plan.octaves[0]!.graph.toBytes(platform));
  try {
    const outputs = await session.run({ [network.inputName]: { dims: [1, 3, height, width], data: values.slice() } });
    return { objective: outputs['objective']!.data[0]!, gradient: outputs['gradient']!.data };
  } finally {
    await session.close();
  }
}
