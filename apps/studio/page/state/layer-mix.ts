/** A layer, or channels or a neuron of one, and how much it counts. */
export interface MixedLayer {
  /** Such as `mixed4`, or `mixed4[12]`. */
  readonly target: string;
  readonly weight: number;
}

/** The targets in a `layers` option, such as `mixed3,mixed5:0.5`; what stands in brackets is left as it is. */
export function parseMix(layers: string): MixedLayer[] {
  return layers
    .split(/,(?![^[\]]*\])/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, target, weight] = /^(.*):(-?[\d.]+(?:e-?\d+)?)$/i.exec(part) ?? [];
      return target === undefined ? { target: part, weight: 1 } : { target, weight: Number(weight) };
    });
}

/** The `layers` option of a mix. */
export function formatMix(mix: readonly MixedLayer[]): string {
  return mix.map(({ target, weight }) => (weight === 1 ? target : `${target}:${Number(weight.toFixed(3))}`)).join(',');
}

/** A mix with a layer added, or taken out where it was in it as a whole. The last one stays. */
export function toggled(mix: readonly MixedLayer[], name: string): readonly MixedLayer[] {
  const without = mix.filter(({ target }) => target !== name);
  if (without.length === mix.length) return [...mix, { target: name, weight: 1 }];
  return without.length === 0 ? mix : without;
}

/** A mix with another weight for one of its targets. A weight of 0 would be nothing; it becomes the next one to it. */
export function reweighed(mix: readonly MixedLayer[], target: string, weight: number): readonly MixedLayer[] {
  return mix.map((each) => (each.target === target ? { target, weight: weight === 0 ? 0.05 : weight } : each));
}

/** How a channel of a layer is called in a mix. */
export function channelTarget(layer: string, channel: number): string {
  return `${layer}[${channel}]`;
}
