import { ModelError } from '../../errors.js';
import { type Node, quoted } from '../../onnx/index.js';
import { describeNode, stringAttribute } from '../attributes.js';
import { input, misshaped, type ShapeRule } from './site.js';

/** An Einsum equation with one symbol for every axis: `...` is written out with symbols of its own. */
export interface Einsum {
  /** The symbols of each input. */
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * Reads the equation of an Einsum node. Without `->` the output has every symbol that occurs once, in the order of the
 * alphabet, after what `...` stands for.
 *
 * @param ranks number of axes of each input
 * @throws ModelError `model/format` when the equation does not fit the inputs
 */
export function einsumOf(node: Node, ranks: readonly number[]): Einsum {
  const equation = stringAttribute(node, 'equation', '').replaceAll(' ', '');
  const refuse = (): never => {
    const fact = `equation ${quoted(equation)} does not fit inputs of ${ranks.join(', ')} axes`;
    throw new ModelError('model/format', `${describeNode(node)}: ${fact}. Export the model again.`);
  };
  const match = /^([a-zA-Z.,]*)(?:->([a-zA-Z.]*))?$/.exec(equation) ?? refuse();
  const terms = match[1]!.split(',');
  if (terms.length !== ranks.length) refuse();
  const lettersOf = (term: string): string[] => [...term.replace('...', '')];
  const hidden = terms.map((term, i) => (term.includes('...') ? ranks[i]! - lettersOf(term).length : 0));
  const most = Math.max(...hidden);
  if (hidden.some((count) => count < 0)) refuse();
  // The axes behind `...` are aligned at the last one.
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((letter) => !equation.includes(letter));
  if (most > free.length) refuse();
  const writtenOut = (term: string, count: number): string[] => {
    const [before, after, ...more] = term.split('...');
    if (more.length > 0 || `${before}${after}`.includes('.')) refuse();
    return after === undefined ? [...before!] : [...before!, ...free.slice(most - count, most), ...after];
  };
  const inputs = terms.map((term, i) => writtenOut(term, hidden[i]!));
  if (inputs.some((term, i) => term.length !== ranks[i])) refuse();
  const all = inputs.flat();
  const once = all.filter((symbol, i) => all.indexOf(symbol) === i && all.lastIndexOf(symbol) === i);
  const implied = [...free.slice(0, most), ...once.filter((symbol) => !free.slice(0, most).includes(symbol)).sort()];
  const output = match[2] === undefined ? implied : writtenOut(match[2], most);
  if (new Set(output).size !== output.length || output.some((symbol) => !all.includes(symbol))) refuse();
  return { inputs, output };
}

/** Sums of products over axes named by letters. */
export const einsumShapes = {
  Einsum: (site) => {
    const values = site.inputs.map((_, i) => input(site, i));
    const { inputs, output } = einsumOf(
      site.node,
      values.map(({ shape }) => shape.length),
    );
    const sizes = new Map<string, number>();
    inputs.forEach((term, i) => {
      term.forEach((symbol, axis) => {
        const [known, size] = [sizes.get(symbol) ?? 1, values[i]!.shape[axis]!];
        if (known !== size && known !== 1 && size !== 1)
          throw misshaped(site, `axis "${symbol}" has ${known} and ${size}`);
        sizes.set(symbol, known === 1 ? size : known);
      });
    });
    return [{ dtype: values[0]!.dtype, shape: output.map((symbol) => sizes.get(symbol)!) }];
  },
} satisfies Record<string, ShapeRule>;
