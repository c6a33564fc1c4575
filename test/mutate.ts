/** Damages files for tests, the same way every time: a mutant that fails is named by its seed. */

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that mean something to many formats: ends of ranges, signs, continuation bits. */
const tellingBytes = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x3a];

/**
 * A damaged copy: one to four times a bit is turned, a byte replaced, a run overwritten, cut out, doubled, or copied
 * from elsewhere in the file.
 */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let mutant = Uint8Array.from(bytes);
  for (let times = 1 + below(4); times > 0 && mutant.length > 0; times--) {
    const at = below(mutant.length);
    const run = Math.min(1 + below(16), mutant.length - at);
    const from = below(mutant.length - run + 1);
    const [before, after] = [mutant.slice(0, at), mutant.slice(at + run)];
    switch (below(6)) {
      case 0:
        mutant[at]! ^= 1 << below(8);
        break;
      case 1:
        mutant[at] = tellingBytes[below(tellingBytes.length)]!;
        break;
      case 2:
        for (let i = 0; i < run; i++) mutant[at + i] = below(256);
        break;
      case 3:
        mutant = Uint8Array.from([...before, ...after]);
        break;
      case 4:
        mutant = Uint8Array.from([...before, ...mutant.slice(at, at + run), ...mutant.slice(at)]);
        break;
      default:
        mutant = Uint8Array.from([...before, ...mutant.slice(from, from + run), ...after]);
    }
  }
  return mutant;
}
