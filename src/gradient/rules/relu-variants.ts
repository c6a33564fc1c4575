import type { Value } from '../../graph/index.js';
import type { GradientRules, Site } from '../rule.js';

const positive = ({ g }: Site, value: Value): Value => g.op('Greater', [value, g.scalar(0)]);
const passed = ({ g, dY }: Site, where: Value): Value => g.op('Where', [where, dY, g.scalar(0)]);

/**
 * Guided backpropagation (Springenberg et al. 2015): only positive gradients pass, and only where the output is
 * positive. Spread over the rules to use it.
 */
export const guidedRelu = {
  Relu: { X: (site) => passed(site, site.g.op('And', [positive(site, site.y), positive(site, site.dY)])) },
} satisfies GradientRules;

/**
 * Lucid's redirected gradient (`redirected_relu_grad`): where the ordinary gradient of a whole ReLU is blocked, what
 * would push a negative input up passes as well, so that a dream can start from where nothing is active.
 */
export const redirectedRelu = {
  Relu: {
    X: (site) => {
      const { g, y, dY } = site;
      const plain = passed(site, positive(site, y));
      const redirected = passed(site, g.op('Or', [positive(site, y), positive(site, dY)]));
      const strength = g.op('ReduceSum', [g.op('Abs', [plain])], { keepdims: 0 });
      return g.op('Where', [positive(site, strength), plain, redirected]);
    },
  },
} satisfies GradientRules;
