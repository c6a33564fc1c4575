import { parameterValues, type QuantisedGraph, type Slot, steps } from '../graph/index.js';
import type { FloatTensor, Session } from '../platform/platform.js';

/** A range that was too small grows by this; how far it is too small, its bytes do not tell. */
const growth = 1.25;
/** A range that is too large shrinks by this in a step, but not below what is needed and some room. */
const decay = 0.95;
const room = 1.05;

/**
 * The ranges of a step in bytes: measured by a float32 step, then following the largest bytes of each step. They are the
 * same for all tiles of a step, and only what the steps before have shown decides them.
 */
export class ByteRanges {
  readonly #graph: Pick<QuantisedGraph, 'slots' | 'parameters' | 'ranges' | 'peaks'>;
  readonly #ranges: Map<Slot, number>;
  /** The largest steps from zero that bytes of this step have reached. */
  readonly #reached = new Map<Slot, number>();

  constructor(graph: Pick<QuantisedGraph, 'slots' | 'parameters' | 'ranges' | 'peaks'>, from?: readonly number[]) {
    this.#graph = graph;
    this.#ranges = new Map(graph.slots.map((slot, i) => [slot, from?.[i] ?? 0]));
  }

  /** The largest magnitude of each slot; all that has to be kept to go on. */
  get values(): number[] {
    return [...this.#ranges.values()];
  }

  /** A session of the float32 step, at which ranges are measured. */
  measuring(session: Session): Session {
    return {
      run: async (feeds) => {
        const outputs = await session.run(feeds);
        const measured = outputs['ranges']!.data;
        this.#graph.ranges.forEach(({ slot }, i) => void raise(this.#ranges, slot.root, measured[i]!));
        return outputs;
      },
      close: () => session.close(),
    };
  }

  /** A session of the step in bytes, fed with the ranges as they are. */
  feeding(session: Session): Session {
    return {
      run: async (feeds) => {
        const outputs = await session.run({ ...feeds, quantisation: this.#quantisation() });
        const peaks = outputs['peaks']!.data;
        this.#graph.peaks.forEach((slot, i) => void raise(this.#reached, slot, Math.abs(peaks[i]! - slot.zero)));
        return outputs;
      },
      close: () => session.close(),
    };
  }

  /** Adapts the ranges to what a step has shown, when all its tiles have run. */
  follow(): void {
    for (const [slot, reached] of this.#reached) {
      const range = this.#ranges.get(slot)!;
      const part = reached / steps(slot);
      this.#ranges.set(slot, part >= 1 ? range * growth : Math.max(range * part * room, range * decay));
    }
    this.#reached.clear();
  }

  #quantisation(): FloatTensor {
    const data = parameterValues(this.#graph.parameters, (slot) => this.#ranges.get(slot)!);
    return { dims: [data.length], data };
  }
}

function raise(largest: Map<Slot, number>, slot: Slot, value: number): void {
  largest.set(slot, Math.max(largest.get(slot) ?? 0, value));
}
