import type { Raster, StoredRaster } from '../image/index.js';

/** How a gradient becomes a step; see {@link createOptimizer}. */
export type OptimizerName = 'ascent' | 'momentum' | 'adam';

/** What an optimizer remembers between steps. */
export interface OptimizerState {
  /** Steps that it has made. */
  readonly steps: number;
  /** What it knows of every value of the gradient. */
  readonly memory: readonly Raster[];
}

/** Turns the gradient of each step into the direction to move in; keeps what it must remember between steps. */
export interface Optimizer {
  /** Begins a step. */
  begin(): void;
  /**
   * The direction for some values of the gradient, each of them once a step.
   *
   * @param start index of the first of them in the whole gradient
   */
  direction(gradient: Float32Array, start: number): Float32Array;
  /** What it remembers now. */
  readonly state: OptimizerState;
}

/** Adam's constants, as its paper has them. */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** How many rasters an optimizer keeps, each as large as the gradient. */
export const memoryRasters: Readonly<Record<OptimizerName, number>> = { ascent: 0, momentum: 1, adam: 2 };

/**
 * - `ascent`: the gradient itself
 * - `momentum`: `v ← μ v + g` (Polyak 1964); moves by `v`
 * - `adam`: Kingma and Ba 2015, with β₁ 0.9, β₂ 0.999, ε 1e-8; every value moves by about 1
 *
 * @param name which of them
 * @param momentum μ, 0 to 1; used by `momentum` alone
 * @param memory room for what it remembers: rasters as large as the gradient, as many as {@link memoryRasters} says, 0
 *   everywhere or as they were after `steps` steps
 * @param steps that were made before
 */
export function createOptimizer(
  name: OptimizerName,
  momentum: number,
  memory: readonly StoredRaster[],
  steps = 0,
): Optimizer {
  const counted = { steps, memory };
  const begin = (): void => {
    counted.steps++;
  };
  const optimizer = (direction: Optimizer['direction']): Optimizer => ({ begin, direction, state: counted });
  switch (name) {
    case 'ascent':
      return optimizer((gradient) => gradient);
    case 'momentum':
      return optimizer((gradient, start) => {
        const [velocities] = memory as [StoredRaster];
        const velocity = velocities.read(start, gradient.length);
        for (let i = 0; i < velocity.length; i++) velocity[i] = momentum * velocity[i]! + gradient[i]!;
        velocities.write(start, velocity);
        return velocity;
      });
    case 'adam':
      return optimizer((gradient, start) => adamDirection(gradient, start, counted.steps, memory));
  }
}

function adamDirection(
  gradient: Float32Array,
  start: number,
  step: number,
  memory: readonly StoredRaster[],
): Float32Array {
  const [firsts, seconds] = memory as [StoredRaster, StoredRaster];
  const first = firsts.read(start, gradient.length);
  const second = seconds.read(start, gradient.length);
  const scale1 = 1 / (1 - adam.beta1 ** step);
  const scale2 = 1 / (1 - adam.beta2 ** step);
  const direction = new Float32Array(gradient.length);
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i]!;
    first[i] = adam.beta1 * first[i]! + (1 - adam.beta1) * g;
    second[i] = adam.beta2 * second[i]! + (1 - adam.beta2) * g * g;
    direction[i] = (first[i]! * scale1) / (Math.sqrt(second[i]! * scale2) + adam.epsilon);
  }
  firsts.write(start, first);
  seconds.write(start, second);
  return direction;
}
