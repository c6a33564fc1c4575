import type { GradientRules } from '../rule.js';
import { activation } from './activation.js';
import { arithmetic } from './arithmetic.js';
import { arrangement } from './arrangement.js';
import { convolution } from './convolution.js';
import { einsum } from './einsum.js';
import { indexing } from './indexing.js';
import { linear } from './linear.js';
import { normalization } from './normalization.js';
import { pooling } from './pooling.js';
import { quantization } from './quantization.js';
import { reduction } from './reduction.js';
import { resize } from './resize.js';
import { smoothActivation } from './smooth-activation.js';

/** The gradient of every operator known here, by operator type. */
export const gradientRules: GradientRules = {
  ...activation,
  ...smoothActivation,
  ...arithmetic,
  ...arrangement,
  ...indexing,
  ...resize,
  ...convolution,
  ...linear,
  ...einsum,
  ...normalization,
  ...pooling,
  ...reduction,
  ...quantization,
};
