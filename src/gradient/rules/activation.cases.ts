import { float } from '../../graph/index.js';
import { apply, type GradientCase, type GradientCases, random } from '../write.cases.js';

/** Activation functions with a kink: for every operator the ways to use it that could each go wrong on their own. */
export const activationCases: GradientCases = {
  Relu: [
    { name: 'away from 0', shape: [2, 3, 4], write: apply('Relu'), values: 'apart' },
    { name: 'at 0', shape: [4], write: apply('Relu'), kink: { values: [-1, 0, -0, 2], gradient: [0, 0, 0, 1] } },
  ],
  LeakyRelu: [
    { name: 'default slope', shape: [2, 3, 4], write: apply('LeakyRelu'), values: 'apart' },
    { name: 'slope 1/4', shape: [2, 3, 4], write: apply('LeakyRelu', { alpha: float(0.25) }), values: 'apart' },
    { name: 'negative slope', shape: [2, 3, 4], write: apply('LeakyRelu', { alpha: float(-0.5) }), values: 'apart' },
    {
      name: 'at 0',
      shape: [3],
      write: apply('LeakyRelu', { alpha: float(0.25) }),
      kink: { values: [-1, 0, 1], gradient: [0.25, 0.25, 1] },
    },
  ],
  Clip: [
    {
      name: 'both bounds',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Clip', [x, g.scalar(-5), g.scalar(6)]),
      values: 'apart',
    },
    { name: 'only a minimum', shape: [2, 3, 4], write: (g, x) => g.op('Clip', [x, g.scalar(-5)]), values: 'apart' },
    {
      name: 'only a maximum',
      shape: [2, 3, 4],
      write: (g, x) => g.op('Clip', [x, undefined, g.scalar(6)]),
      values: 'apart',
    },
    { name: 'no bounds', shape: [2, 3, 4], write: apply('Clip'), values: 'apart' },
    {
      name: 'at its bounds',
      shape: [5],
      write: (g, x) => g.op('Clip', [x, g.scalar(0), g.scalar(6)]),
      kink: { values: [-1, 0, 3, 6, 7], gradient: [0, 1, 1, 1, 0] },
    },
  ],
  HardSigmoid: [
    { name: 'default slope', shape: [2, 3, 4], write: apply('HardSigmoid', { beta: float(0.4) }), values: 'apart' },
    {
      name: 'its own slope and middle',
      shape: [2, 3, 4],
      write: apply('HardSigmoid', { alpha: float(0.0625), beta: float(0.25) }),
      values: 'apart',
    },
    {
      name: 'at its corners',
      shape: [5],
      write: apply('HardSigmoid'),
      kink: { values: [-3, -2.5, 0, 2.5, 3], gradient: [0, 0, 0.2, 0, 0] },
    },
  ],
  PRelu: [
    { name: 'one slope', shape: [2, 3, 4], write: (g, x) => g.op('PRelu', [x, g.scalar(0.25)]), values: 'apart' },
    {
      name: 'a slope for each channel',
      shape: [2, 3, 4, 5],
      write: (g, x) => g.op('PRelu', [x, random(g, [3, 1, 1])]),
      values: 'apart',
    },
    {
      name: 'the slope',
      shape: [3, 1, 1],
      write: (g, x) => g.op('PRelu', [random(g, [2, 3, 4, 5]), x]),
      reads: ['slope'],
    },
    {
      name: 'at 0',
      shape: [3],
      write: (g, x) => g.op('PRelu', [x, g.scalar(0.25)]),
      kink: { values: [-1, 0, 1], gradient: [0.25, 0.25, 1] },
    },
  ],
  ThresholdedRelu: [
    { name: 'default threshold', shape: [2, 3, 4], write: apply('ThresholdedRelu'), values: 'apart' },
    { name: 'threshold 3', shape: [2, 3, 4], write: apply('ThresholdedRelu', { alpha: float(3) }), values: 'apart' },
  ],
  HardSwish: [
    { name: 'all pieces', shape: [2, 3, 4], write: apply('HardSwish'), values: 'apart', curved: true },
    { name: 'around 0', shape: [2, 3, 4], write: apply('HardSwish'), curved: true },
    {
      name: 'at its corners',
      shape: [3],
      write: apply('HardSwish'),
      kink: { values: [-4, 0, 4], gradient: [0, 0.5, 1] },
    },
  ],
  ...Object.fromEntries(
    ['Elu', 'Selu', 'Celu'].map((op): [string, GradientCase[]] => [
      op,
      [
        { name: 'default numbers', shape: [2, 3, 4], write: apply(op), values: 'apart', curved: true },
        {
          name: 'its own alpha',
          shape: [2, 3, 4],
          write: apply(op, { alpha: float(1.5) }),
          values: 'apart',
          curved: true,
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    ['Floor', 'Ceil', 'Sign'].map((op): [string, GradientCase[]] => [
      op,
      [
        {
          name: 'is flat',
          shape: [2, 3],
          write: (g, x) => g.op('Add', [g.op(op, [x]), x]),
          values: 'apart',
        },
      ],
    ]),
  ),
  Round: [
    {
      name: 'is flat',
      shape: [4],
      write: (g, x) => g.op('Add', [g.op('Round', [x]), x]),
      kink: { values: [-1.25, 0.25, 0.5, 2], gradient: [1, 1, 1, 1] },
    },
  ],
};
