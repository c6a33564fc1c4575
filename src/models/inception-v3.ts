import type { KerasLayer } from './keras.js';

/** The blocks of InceptionV3 that dreams are made of, from the first to the last. */
export const inceptionV3Outputs: readonly string[] = Array.from({ length: 11 }, (_, i) => `mixed${i}`);

type Size = readonly [number, number];

/** How a convolution differs from one with stride 1 that keeps the size. */
interface ConvolutionSettings {
  readonly strides?: Size;
  readonly padding?: 'same' | 'valid';
}

/**
 * The layers of Keras's InceptionV3 without its classifier, from `input_1` to `mixed10`, under the names and in the
 * order that Keras gives them.
 *
 * After keras.applications.inception_v3, which follows Szegedy et al., "Rethinking the Inception Architecture for
 * Computer Vision" (2015).
 */
export function inceptionV3Layers(): KerasLayer[] {
  const layers: KerasLayer[] = [];
  const counts = new Map<string, number>();
  const numbered = (stem: string): string => {
    const count = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, count);
    return `${stem}_${count}`;
  };
  const layer = (
    name: string,
    class_name: string,
    sources: readonly string[],
    config: KerasLayer['config'],
  ): string => {
    layers.push({
      name,
      class_name,
      config,
      inbound_nodes: sources.length > 0 ? [sources.map((source) => [source])] : [],
    });
    return name;
  };
  /** Convolution, normalisation without γ, ReLU. */
  const conv = (
    source: string,
    filters: number,
    kernel_size: Size,
    { strides = [1, 1], padding = 'same' }: ConvolutionSettings = {},
  ): string => {
    const config = { filters, kernel_size, strides, padding, use_bias: false, activation: 'linear' };
    const convolved = layer(numbered('conv2d'), 'Conv2D', [source], config);
    const normalized = layer(numbered('batch_normalization'), 'BatchNormalization', [convolved], {
      axis: 3,
      epsilon: 0.001,
      scale: false,
    });
    return layer(numbered('activation'), 'Activation', [normalized], { activation: 'relu' });
  };
  const maxPool = (source: string): string =>
    layer(numbered('max_pooling2d'), 'MaxPooling2D', [source], {
      pool_size: [3, 3],
      strides: [2, 2],
      padding: 'valid',
    });
  const averagePool = (source: string): string =>
    layer(numbered('average_pooling2d'), 'AveragePooling2D', [source], {
      pool_size: [3, 3],
      strides: [1, 1],
      padding: 'same',
    });
  const concatenate = (name: string, sources: readonly string[]): string =>
    layer(name, 'Concatenate', sources, { axis: 3 });
  const halving: ConvolutionSettings = { strides: [2, 2], padding: 'valid' };

  let x = layer('input_1', 'InputLayer', [], {});
  x = conv(x, 32, [3, 3], halving);
  x = conv(x, 32, [3, 3], { padding: 'valid' });
  x = maxPool(conv(x, 64, [3, 3]));
  x = conv(x, 80, [1, 1], { padding: 'valid' });
  x = maxPool(conv(x, 192, [3, 3], { padding: 'valid' }));

  for (const [block, pooled] of [32, 64, 64].entries()) {
    const narrow = conv(x, 64, [1, 1]);
    const five = conv(conv(x, 48, [1, 1]), 64, [5, 5]);
    const three = conv(conv(conv(x, 64, [1, 1]), 96, [3, 3]), 96, [3, 3]);
    x = concatenate(`mixed${block}`, [narrow, five, three, conv(averagePool(x), pooled, [1, 1])]);
  }

  const coarse = conv(x, 384, [3, 3], halving);
  const coarseDouble = conv(conv(conv(x, 64, [1, 1]), 96, [3, 3]), 96, [3, 3], halving);
  x = concatenate('mixed3', [coarse, coarseDouble, maxPool(x)]);

  for (const [block, inner] of [128, 160, 160, 192].entries()) {
    const narrow = conv(x, 192, [1, 1]);
    const seven = conv(conv(conv(x, inner, [1, 1]), inner, [1, 7]), 192, [7, 1]);
    const twice = conv(conv(conv(x, inner, [1, 1]), inner, [7, 1]), inner, [1, 7]);
    const double = conv(conv(twice, inner, [7, 1]), 192, [1, 7]);
    x = concatenate(`mixed${4 + block}`, [narrow, seven, double, conv(averagePool(x), 192, [1, 1])]);
  }

  const last = conv(conv(x, 192, [1, 1]), 320, [3, 3], halving);
  const lastSeven = conv(conv(conv(x, 192, [1, 1]), 192, [1, 7]), 192, [7, 1]);
  x = concatenate('mixed8', [last, conv(lastSeven, 192, [3, 3], halving), maxPool(x)]);

  for (const block of [0, 1]) {
    const narrow = conv(x, 320, [1, 1]);
    const split = conv(x, 384, [1, 1]);
    const first = concatenate(`mixed9_${block}`, [conv(split, 384, [1, 3]), conv(split, 384, [3, 1])]);
    const deep = conv(conv(x, 448, [1, 1]), 384, [3, 3]);
    const second = concatenate(numbered('concatenate'), [conv(deep, 384, [1, 3]), conv(deep, 384, [3, 1])]);
    x = concatenate(`mixed${9 + block}`, [narrow, first, second, conv(averagePool(x), 192, [1, 1])]);
  }
  return inOrderOfDepth(layers);
}

/** Keras lists the layers farthest from the output first; its weight files follow that order. */
function inOrderOfDepth(layers: readonly KerasLayer[]): KerasLayer[] {
  const depths = new Map<string, number>();
  for (const { name, inbound_nodes } of layers.toReversed()) {
    const depth = depths.get(name) ?? 0;
    for (const [source] of inbound_nodes[0] ?? []) depths.set(source, Math.max(depths.get(source) ?? 0, depth + 1));
  }
  // Layers of the same depth stay in the order in which they were made: the sort is stable.
  return layers.toSorted((a, b) => (depths.get(b.name) ?? 0) - (depths.get(a.name) ?? 0));
}
