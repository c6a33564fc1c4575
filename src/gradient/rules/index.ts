import type { GradientRules } from '../rule.js';
import { activation } from './activation.js';
import { arithmetic } from './arithmetic.js';
import { arrangement } from './arrangement.js';
import { convolution } from './convolution.js';
import { linear } from './linear.js';
import { normalization } from './normalization.js';
import { pooling } from './pooling.js';
import { reduction } from './reduction.js';

/** The gradient of every operator known here, by operator type. */
export const gradientRules: GradientRules = {
  ...activation,
  ...arithmetic,
  ...arrangement,
  ...convolution,
  ...linear,
  ...normalization,
  ...pooling,
  ...reduction,
};
