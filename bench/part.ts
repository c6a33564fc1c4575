import type { Size } from '../src/image/index.js';
import type { Machine } from './machine.js';

/** What the parts of the bench are told. */
export interface BenchOptions {
  /** The pictures' sizes. */
  readonly sizes: readonly Size[];
  /** How often each thing is timed; medians are told. */
  readonly rounds: number;
  readonly threads: number;
}

/** What a part found out. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** What has to be known to read it. */
  readonly notes: readonly string[];
}

/** A table with what it is of, as it is kept in bench/results/. */
export interface Finding extends Table {
  readonly part: string;
  readonly about: string;
  readonly machine: Machine;
}

/** One question that the bench answers. */
export interface Part {
  readonly name: string;
  readonly about: string;
  run(options: BenchOptions): Promise<Table>;
}
