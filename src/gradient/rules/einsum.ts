import { GradientError } from '../../errors.js';
import { describeNode, einsumOf, type GraphBuilder, type Value } from '../../graph/index.js';
import { type GradientRules, type Site, variadic } from '../rule.js';

/** Sums of products over axes named by letters. */
export const einsum = {
  // Y = Σ A ⊙ B ⊙ …: dA is the same sum of products with dY in the place of A, and A's letters as its output.
  // A letter that only A has was summed over; its gradient is the same all along.
  Einsum: {
    [variadic]: (site, index) => {
      const { g, node, inputs, dY } = site;
      const { inputs: terms, output } = einsumOf(
        node,
        inputs.map((value) => value!.shape.length),
      );
      const own = terms[index]!;
      if (new Set(own).size !== own.length) throw repeated(site, own);
      const others = inputs.flatMap((value, i) => (i === index ? [] : [{ value: value!, term: terms[i]! }]));
      const known = new Set([...output, ...others.flatMap(({ term }) => term)]);
      const found = own.filter((symbol) => known.has(symbol));
      const left = [output, ...others.map(({ term }) => term)].map((term) => term.join('')).join(',');
      const product = g.op('Einsum', [dY, ...others.map(({ value }) => value)], {
        equation: `${left}->${found.join('')}`,
      });
      return found.length === own.length ? product : spread(g, product, inputs[index]!, own, known);
    },
  },
} satisfies GradientRules;

/** Puts the axes of letters that were summed over back, the same value all along. */
function spread(
  g: GraphBuilder,
  product: Value,
  input: Value,
  own: readonly string[],
  known: ReadonlySet<string>,
): Value {
  const sizes = own.filter((symbol) => known.has(symbol));
  const kept = own.map((symbol) => (known.has(symbol) ? product.shape[sizes.indexOf(symbol)]! : 1));
  const full = own.map((symbol, axis) => (known.has(symbol) ? kept[axis]! : input.shape[axis]!));
  return g.op('Expand', [g.op('Reshape', [product, g.ints(kept)]), g.ints(full)]);
}

function repeated({ node }: Site, term: readonly string[]): GradientError {
  return new GradientError(
    'gradient/missing-rule',
    `No gradient is known for: ${describeNode(node)}, which takes a diagonal ("${term.join('')}"). Choose a layer that comes before it.`,
  );
}
