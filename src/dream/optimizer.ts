/** How a gradient becomes a step; see {@link createOptimizer}. */
export type OptimizerName = 'ascent' | 'momentum' | 'adam';

/** Turns the gradient of each step into the direction to move in; keeps what it must remember between steps. */
export type Optimizer = (gradient: Float32Array) => Float32Array;

/** Adam's constants, as its paper has them. */
const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * - `ascent`: the gradient itself
 * - `momentum`: `v ← μ v + g` (Polyak 1964); moves by `v`
 * - `adam`: Kingma and Ba 2015, with β₁ 0.9, β₂ 0.999, ε 1e-8; every value moves by about 1
 *
 * @param name which of them
 * @param momentum μ, 0 to 1; used by `momentum` alone
 */
export function createOptimizer(name: OptimizerName, momentum: number): Optimizer {
  switch (name) {
    case 'ascent':
      return (gradient) => gradient;
    case 'momentum': {
      let velocity: Float32Array | undefined;
      return (gradient) => {
        velocity = velocity ? velocity.map((value, i) => momentum * value + gradient[i]!) : gradient.slice();
        return velocity;
      };
    }
    case 'adam':
      return createAdam();
  }
}

function createAdam(): Optimizer {
  let first: Float32Array | undefined;
  let second: Float32Array | undefined;
  let step = 0;
  return (gradient) => {
    first ??= new Float32Array(gradient.length);
    second ??= new Float32Array(gradient.length);
    step++;
    const scale1 = 1 / (1 - adam.beta1 ** step);
    const scale2 = 1 / (1 - adam.beta2 ** step);
    const direction = new Float32Array(gradient.length);
    for (let i = 0; i < gradient.length; i++) {
      const g = gradient[i]!;
      first[i] = adam.beta1 * first[i]! + (1 - adam.beta1) * g;
      second[i] = adam.beta2 * second[i]! + (1 - adam.beta2) * g * g;
      direction[i] = (first[i]! * scale1) / (Math.sqrt(second[i]! * scale2) + adam.epsilon);
    }
    return direction;
  };
}
