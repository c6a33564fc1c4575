import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { constrainedMemory, memoryUsage } from 'node:process';

/**
 * Bytes of memory that this process may still take: what the kernel calls available, and less where a container
 * limits it.
 */
export function freeMemoryBytes(): number {
  const limit = constrainedMemory();
  const available = availableBytes();
  // Without a limit Node answers 0 or a number beyond any machine.
  return limit > 0 && limit < 2 ** 60 ? Math.min(available, Math.max(0, limit - memoryUsage.rss())) : available;
}

/** Linux counts memory used for file caches as taken in `freemem`; `MemAvailable` gives it back. */
function availableBytes(): number {
  try {
    const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    if (kibibytes) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return freemem();
}
