/** Differentiation of ONNX graphs: a table of rules, and the driver that writes a gradient with them. */
export { type DifferentiateOptions, differentiate } from './differentiate.js';
export type { GradientRule, GradientRules, InputGradient, Site } from './rule.js';
export { byteForms } from './rules/byte-forms.js';
export { gradientRules } from './rules/index.js';
export { guidedRelu, redirectedRelu } from './rules/relu-variants.js';
