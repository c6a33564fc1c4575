import { expect, test } from 'vitest';
import { listLayers, loadNetwork } from '../../../../src/platform/node/index.js';
import { type GraphNode, type Layout, layOut, partBefore } from './layout.js';
import { neighbour } from './neighbour.js';
import { stepsOf } from './steps.js';

/** Nodes as `c<a,b` : c is computed from a and b. */
function graph(text: string): GraphNode[] {
  return text.split(' ').map((node) => {
    const [name = '', inputs] = node.split('<');
    return { name, inputs: inputs?.split(',') ?? [] };
  });
}

/** A drawing in words: each place as `name column/lane`. */
const told = ({ places }: Layout) => places.map(({ name, column, lane }) => `${name} ${column}/${lane}`);

/** Boxes that lie on each other, and lines that run through a box. */
function collisions({ places, lines }: Layout): string[] {
  const at = (column: number, lane: number) => places.filter((each) => each.column === column && each.lane === lane);
  const column = (name: string) => places.find((each) => each.name === name)!.column;
  return [
    ...places.filter((place) => at(place.column, place.lane).length > 1).map(({ name }) => name),
    ...lines.flatMap(({ from, to, lane }) => {
      const passed = Array.from({ length: column(to) - column(from) - 1 }, (_, i) => column(from) + 1 + i);
      return passed.flatMap((each) => at(each, lane).map(({ name }) => `${from}-${to} through ${name}`));
    }),
  ];
}

const networks = {
  chain: graph('x a<x b<a c<b'),
  residual: graph('x a<x b<a sum<b,x c<sum d<c sum2<sum,d'),
  inception: graph('x one<x five0<x five<five0 d0<x d1<d0 d2<d1 pool<x p<pool cat<one,five,d2,p'),
  nested: graph('x a<x b<a b1<b b2<b bb<b1,b2 p<x cat<a,bb,p'),
  skips: graph('x a<x b<a c<b d<c,b e<d,a f<e,x'),
  aside: graph('x a<x b<a side<a c<b d<c'),
};

test('a chain is one lane, and branches lie around the middle in the order in which they are joined', () => {
  expect(told(layOut(networks.chain))).toEqual(['x 0/0', 'a 1/0', 'b 2/0', 'c 3/0']);
  expect(told(layOut(networks.inception))).toEqual([
    'x 0/0',
    'one 1/-1.5',
    ...['five0 1/-0.5', 'five 2/-0.5'],
    ...['d0 1/0.5', 'd1 2/0.5', 'd2 3/0.5'],
    ...['pool 1/1.5', 'p 2/1.5'],
    'cat 4/0',
  ]);
  expect(layOut(networks.inception).lanes).toBe(4);
});

test('what skips over others has a lane of its own, and what leads nowhere is left out', () => {
  const { places, lines } = layOut(networks.residual);
  expect(places.map(({ name, lane }) => `${name} ${lane}`)).toContain('sum 0');
  expect(lines.find(({ from, to }) => from === 'x' && to === 'sum')).toEqual({ from: 'x', to: 'sum', lane: 0.5 });
  expect(layOut(networks.aside).places.map(({ name }) => name)).toEqual(['x', 'a', 'b', 'c', 'd']);
});

test.each(Object.entries(networks))('%s: every input is a line, and nothing lies on anything', (_, nodes) => {
  const layout = layOut(nodes);
  const shown = new Set(layout.places.map(({ name }) => name));
  const wanted = nodes
    .filter(({ name }) => shown.has(name))
    .flatMap(({ name, inputs }) => inputs.map((i) => `${i}-${name}`));
  expect(layout.lines.map(({ from, to }) => `${from}-${to}`).sort()).toEqual(wanted.sort());
  expect(collisions(layout)).toEqual([]);
});

test('the part before a node goes back to where its branches come from', () => {
  expect(partBefore(networks.residual, 'sum2')).toEqual(graph('sum c<sum d<c sum2<sum,d'));
  expect(partBefore(networks.chain, 'b')).toEqual(graph('a b<a'));
  expect(partBefore(networks.chain, 'x')).toEqual(graph('x'));
});

test('arrow keys go along the lines and from branch to branch', () => {
  const layout = layOut(networks.inception);
  const go = (name: string, ...keys: string[]) => keys.reduce((at, key) => neighbour(layout, at, key) ?? at, name);
  expect(go('x', 'ArrowRight')).toBe('one');
  expect(go('one', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight')).toBe('cat');
  expect(go('one', 'ArrowDown', 'ArrowDown', 'ArrowRight')).toBe('d1');
  expect(go('p', 'ArrowUp', 'ArrowLeft', 'ArrowLeft')).toBe('x');
  expect([go('five', 'Home'), go('five', 'End')]).toEqual(['x', 'cat']);
  expect([neighbour(layout, 'x', 'ArrowLeft'), neighbour(layout, 'one', 'a')]).toEqual([undefined, undefined]);
});

test('the built-in network is drawn whole: its convolutions with their ReLUs, its poolings and its joins', async () => {
  const rows = listLayers(await loadNetwork(), { width: 299, height: 299 });
  const steps = stepsOf(rows);
  expect(steps.flatMap(({ layers }) => layers)).toHaveLength(rows.length);
  expect(steps).toHaveLength(1 + 70 + 10 + 8);
  expect(steps.find(({ name }) => name === 'activation_10')!.layers.map(({ name }) => name)).toEqual([
    'batch_normalization_10',
    'activation_10',
  ]);
  const layout = layOut(steps);
  expect(collisions(layout)).toEqual([]);
  expect(layout.lanes).toBe(4);
  expect(layout.trunk).toEqual([
    steps[0]!.name,
    ...['activation_1', 'activation_2', 'activation_3', 'max_pooling2d_1', 'activation_4', 'activation_5'],
    ...['max_pooling2d_2', 'mixed0', 'mixed1', 'mixed2', 'mixed3', 'mixed4', 'mixed5', 'mixed6', 'mixed7'],
  ]);
  expect(partBefore(steps, 'mixed4').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['mixed3', 'average_pooling2d_4', 'activation_40', 'mixed4']),
  );
});
