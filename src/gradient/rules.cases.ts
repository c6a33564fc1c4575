import { activationCases } from './rules/activation.cases.js';
import { arithmeticCases } from './rules/arithmetic.cases.js';
import { arrangementCases } from './rules/arrangement.cases.js';
import { convolutionCases } from './rules/convolution.cases.js';
import { einsumCases } from './rules/einsum.cases.js';
import { indexingCases } from './rules/indexing.cases.js';
import { linearCases } from './rules/linear.cases.js';
import { normalizationCases } from './rules/normalization.cases.js';
import { poolingCases } from './rules/pooling.cases.js';
import { quantizationCases } from './rules/quantization.cases.js';
import { reductionCases } from './rules/reduction.cases.js';
import { resizeCases } from './rules/resize.cases.js';
import { smoothActivationCases } from './rules/smooth-activation.cases.js';
import type { GradientCases } from './write.cases.js';

export { coarseRandom, type GradientCase, pseudoRandom } from './write.cases.js';

/** For every operator with a gradient rule, the ways to use it that could each go wrong on their own. */
export const gradientCases: GradientCases = {
  ...activationCases,
  ...smoothActivationCases,
  ...arithmeticCases,
  ...arrangementCases,
  ...indexingCases,
  ...resizeCases,
  ...convolutionCases,
  ...linearCases,
  ...einsumCases,
  ...normalizationCases,
  ...poolingCases,
  ...reductionCases,
  ...quantizationCases,
};
