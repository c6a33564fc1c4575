import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Where and when something was measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Instruction sets that decide how fast numbers are multiplied, where the system tells. */
  readonly instructions: readonly string[];
  readonly memoryGiB: number;
  readonly node: string;
  /** Year, month and day. */
  readonly date: string;
}

/** This machine, today. */
export function machine(): Machine {
  return {
    processor: cpus()[0]!.model,
    cores: cpus().length,
    instructions: instructions(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}

function instructions(): string[] {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
    return ['avx2', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_bf16', 'amx_int8'].filter((name) =>
      flags.includes(name),
    );
  } catch {
    // Not Linux.
    return [];
  }
}
