import { arrangementShapes } from './arrangement.js';
import { einsumShapes } from './einsum.js';
import { elementwiseShapes } from './elementwise.js';
import { indexingShapes } from './indexing.js';
import { linearShapes } from './linear.js';
import { normalizationShapes } from './normalization.js';
import { reductionShapes } from './reduction.js';
import { resizeShapes } from './resize.js';
import type { ShapeRule } from './site.js';
import { windowShapes } from './window.js';

/** How the output types of each known operator follow from its inputs, in the form it has from opset 18 on. */
export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...elementwiseShapes,
  ...windowShapes,
  ...arrangementShapes,
  ...indexingShapes,
  ...reductionShapes,
  ...linearShapes,
  ...einsumShapes,
  ...normalizationShapes,
  ...resizeShapes,
};
