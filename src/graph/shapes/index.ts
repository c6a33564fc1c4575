import { arrangementShapes } from './arrangement.js';
import { elementwiseShapes } from './elementwise.js';
import { linearShapes } from './linear.js';
import type { ShapeRule } from './site.js';
import { windowShapes } from './window.js';

/** How the output types of each known operator follow from its inputs, in the form it has from opset 18 on. */
export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...elementwiseShapes,
  ...windowShapes,
  ...arrangementShapes,
  ...linearShapes,
};
