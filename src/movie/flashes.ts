import type { Picture } from '../image/index.js';

/** A second of a movie that flashes more often than is safe. */
export interface Flashing {
  /** When it begins, in seconds from the start of the movie. */
  readonly at: number;
  /** Flashes in that second, at the place where there are most; the last may be half of one. */
  readonly flashes: number;
}

/** Blocks a side of the picture, for each of which light is taken as one value. */
const blocks = 12;
/** Blocks a side of a field of 10°: WCAG takes 341×256 of 1024×768 pixels for one, a third of each side. */
const field = blocks / 3;
/** How many blocks of a field must flash: a quarter of its area. */
const enough = field ** 2 / 4;
/** The least change of relative luminance that counts, and how dark its darker side has to be. */
const leastChange = 0.1;
const darkEnough = 0.8;
/** Flashes a second that are allowed. */
const allowed = 3;

/** Seconds by which sums of frame times may be off. */
const slack = 1e-4;

/** How the light of one block goes. */
interface Block {
  /** The lightest and the darkest value since the last turn. */
  high: number;
  low: number;
  /** Whether the last change that counted went up or down. */
  direction: 'none' | 'up' | 'down';
  /** When changes began that go the other way than the one before them, within the last second. */
  turns: number[];
}

/**
 * Watches a movie for general flashes (WCAG 2.3.1, "Three flashes or below threshold"). A flash is a pair of opposing
 * changes of relative luminance of 0.1 or more each, the darker side of which is below 0.8. What counts is the mean of
 * each of 12×12 blocks of the picture; it flashes too often where at least a quarter of the blocks of some field of
 * 10° (4×4 blocks) have more than three flashes each within one second. Colours of red flashes are not told apart, and the
 * picture is taken for a whole screen. It is a warning, not a certificate.
 */
export class FlashMeter {
  #worst: Flashing | undefined;
  readonly #states: Block[] = [];

  /** The second with most flashes among those with more than three; undefined where there are none. */
  get worst(): Flashing | undefined {
    return this.#worst;
  }

  /**
   * Takes the next frame.
   *
   * @param seconds when it is shown; not before the last one
   */
  add(picture: Picture, seconds: number): void {
    for (const [i, light] of blockLights(picture).entries()) {
      const state = this.#states[i];
      if (state) follow(state, light, seconds);
      else this.#states.push({ high: light, low: light, direction: 'none', turns: [] });
    }
    const changes = mostInAField(this.#states);
    // Two changes are a flash.
    const flashes = Math.ceil(changes / 2);
    if (changes > 2 * allowed && flashes > (this.#worst?.flashes ?? 0)) {
      this.#worst = { at: Math.max(0, seconds - 1), flashes };
    }
  }
}

/** Follows the light of a block. A change counts once it is large enough, and goes on until it turns back as much. */
function follow(state: Block, light: number, seconds: number): void {
  state.turns = state.turns.filter((time) => time > seconds - 1 + slack);
  state.high = Math.max(state.high, light);
  state.low = Math.min(state.low, light);
  const rises = state.direction !== 'up' && light - state.low >= leastChange && state.low < darkEnough;
  const falls = state.direction !== 'down' && state.high - light >= leastChange && light < darkEnough;
  if (!rises && !falls) {
    // From here on only the way back counts.
    if (state.direction === 'up' && light === state.high) state.low = light;
    if (state.direction === 'down' && light === state.low) state.high = light;
    return;
  }
  state.direction = rises ? 'up' : 'down';
  state.high = light;
  state.low = light;
  state.turns.push(seconds);
}

/** How many changes a quarter of some field has had within the last second. */
function mostInAField(states: readonly Block[]): number {
  let most = 0;
  for (let top = 0; top <= blocks - field; top++) {
    for (let left = 0; left <= blocks - field; left++) {
      const changes = Array.from(
        { length: field ** 2 },
        (_, i) => states[(top + Math.floor(i / field)) * blocks + left + (i % field)]!.turns.length,
      );
      changes.sort((a, b) => b - a);
      most = Math.max(most, changes[enough - 1]!);
    }
  }
  return most;
}

/** The mean relative luminance of every block, 0 to 1. */
function blockLights({ width, height, data }: Picture): Float64Array {
  const area = width * height;
  const [sums, counts] = [new Float64Array(blocks ** 2), new Float64Array(blocks ** 2)];
  for (let i = 0; i < area; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const block = Math.floor((y * blocks) / height) * blocks + Math.floor((x * blocks) / width);
    const [red, green, blue] = [data[i]!, data[area + i]!, data[2 * area + i]!];
    sums[block]! += 0.2126 * lightOf(red) + 0.7152 * lightOf(green) + 0.0722 * lightOf(blue);
    counts[block]! += 1;
  }
  return sums.map((sum, i) => (counts[i]! === 0 ? 0 : sum / counts[i]!));
}

/** The light of an sRGB value in 8 bits, 0 to 1 (IEC 61966-2-1, as WCAG's "relative luminance" has it). */
const lights = Float64Array.from({ length: 256 }, (_, i) =>
  i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4,
);

function lightOf(value: number): number {
  return lights[Math.round(255 * Math.min(Math.max(value, 0), 1))]!;
}
