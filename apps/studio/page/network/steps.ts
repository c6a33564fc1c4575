import type { NetworkLayer } from '../../engine/engine.js';

/** A place in the drawing of a network: a convolution, a pooling or a join, together with the activation behind it. */
export interface Step {
  /** Its block, or else its last layer; of the photo, the name of the network's input. */
  readonly name: string;
  /** The steps that it is computed from, by their names. */
  readonly inputs: readonly string[];
  /** Its layers, in the order of the network; the photo has none. */
  readonly layers: readonly NetworkLayer[];
}

/**
 * The network as it is drawn, from the photo on. A layer that only changes the values of the one before, which nothing
 * else reads, is one step with it.
 */
export function stepsOf(rows: readonly NetworkLayer[]): Step[] {
  const readers = new Map<string, number>();
  for (const { inputs } of rows) for (const name of inputs) readers.set(name, (readers.get(name) ?? 0) + 1);

  const groups = new Map<string, NetworkLayer[]>();
  for (const row of rows) {
    const [source = '', ...others] = row.inputs;
    const before = groups.get(source);
    const last = before?.at(-1);
    const joins = last && others.length === 0 && readers.get(source) === 1 && isPointwise(row, last);
    if (joins) before!.push(row);
    groups.set(row.name, joins ? before! : [row]);
  }

  const photos = new Set(rows.flatMap(({ inputs }) => inputs).filter((name) => !groups.has(name)));
  const nameOf = (layer: string): string => {
    const layers = groups.get(layer);
    return layers ? (layers.findLast(({ kind }) => kind === 'block') ?? layers.at(-1)!).name : layer;
  };
  return [
    ...[...photos].map((name) => ({ name, inputs: [], layers: [] })),
    ...[...new Set(groups.values())].map((layers) => ({
      name: nameOf(layers[0]!.name),
      inputs: [...new Set(layers[0]!.inputs.map(nameOf))],
      layers,
    })),
  ];
}

/** Whether a layer computes each element from the element of the other at the same place, channel by channel. */
function isPointwise(row: NetworkLayer, { channels, stride, receptiveField }: NetworkLayer): boolean {
  return (
    row.kernel === null && row.channels === channels && row.stride === stride && row.receptiveField === receptiveField
  );
}
