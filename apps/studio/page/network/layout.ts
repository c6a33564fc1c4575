/** A node of a graph without circles, and what it is computed from. */
export interface GraphNode {
  readonly name: string;
  readonly inputs: readonly string[];
}

/** Where a node is drawn: columns from left to right; lanes above and below a line through the middle, which is 0. */
export interface Place {
  readonly name: string;
  readonly column: number;
  readonly lane: number;
}

/** A line from one node to another. Where it passes columns between them, it does so in its lane. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly lane: number;
}

/** A graph as it is drawn: branch after branch, in the order in which they are joined. */
export interface Layout {
  readonly places: readonly Place[];
  readonly lines: readonly Line[];
  /** The nodes on the middle line, each alone in its column. */
  readonly trunk: readonly string[];
  /** How many lanes the widest part has. */
  readonly lanes: number;
}

/**
 * Lays out what the deepest node of a graph is computed from. Nodes that everything passes through stand on the middle
 * line; the branches between two of them lie in lanes of their own, each as far to the left as its inputs let it.
 *
 * @param nodes in the order in which they are computed, the first of them the one that all others come from
 */
export function layOut(nodes: readonly GraphNode[]): Layout {
  const graph = new Graph(nodes);
  const places = new Map<string, Place>();
  const lines: Line[] = [];
  let lanes = 1;
  const trunk = graph.trunkTo(graph.deepest());
  const put = (name: string, lane: number) => places.set(name, { name, column: graph.column(name), lane });
  put(trunk[0]!, 0);
  for (const end of trunk.slice(1)) {
    const section = branchesOf(graph, end, places);
    const middle = (section.lanes - 1) / 2;
    for (const { name, lane } of section.places) put(name, lane - middle);
    for (const { from, to, lane } of section.lines) lines.push({ from, to, lane: lane - middle });
    put(end, 0);
    lanes = Math.max(lanes, section.lanes);
  }
  return { places: [...places.values()], lines, trunk, lanes };
}

/** The part of a graph that ends in a node and begins with the nearest one before it that everything passes through. */
export function partBefore<Node extends GraphNode>(nodes: readonly Node[], end: string): Node[] {
  const graph = new Graph(nodes);
  const [start = end] = graph.trunkTo(end).slice(-2);
  const wanted = new Set([end]);
  for (const { name, inputs } of nodes.toReversed()) {
    if (wanted.has(name) && name !== start) for (const input of inputs) wanted.add(input);
  }
  return nodes
    .filter(({ name }) => wanted.has(name))
    .map((node) => (node.name === start ? { ...node, inputs: [] } : node));
}

/** The branches that lead to a node from what is placed, in lanes from 0. */
function branchesOf(graph: Graph, end: string, placed: ReadonlyMap<string, Place>): Omit<Layout, 'trunk'> {
  const places: Place[] = [];
  const lines: Line[] = [];
  const taken: (readonly [from: number, to: number])[][] = [];
  const isPlaced = (name: string) => placed.has(name) || places.some((place) => place.name === name);

  const laneBetween = (from: number, to: number): number => {
    if (to - from === 1) return 0;
    const free = taken.findIndex((spans) => spans.every(([start, stop]) => stop <= from || start >= to));
    const lane = free < 0 ? taken.push([]) - 1 : free;
    taken[lane]!.push([from, to]);
    return lane;
  };

  /** Follows an input back to what is placed already, then the other inputs of what stands on the way. */
  const lead = (to: string, inputs: readonly string[]): void => {
    for (const input of inputs) {
      const way: string[] = [];
      let from = input;
      while (!isPlaced(from)) {
        way.unshift(from);
        from = graph.inputs(from)[0]!;
      }
      const lane = laneBetween(graph.column(from), graph.column(to));
      for (const name of way) places.push({ name, column: graph.column(name), lane });
      const stops = [from, ...way, to];
      for (let i = 1; i < stops.length; i++) lines.push({ from: stops[i - 1]!, to: stops[i]!, lane });
      for (const name of way.toReversed()) lead(name, graph.inputs(name).slice(1));
    }
  };
  lead(end, graph.inputs(end));
  return { places, lines, lanes: Math.max(1, taken.length) };
}

/** Questions about a graph that are answered once for each node. */
class Graph {
  readonly #nodes = new Map<string, GraphNode & { readonly column: number; readonly trunk: readonly string[] }>();

  constructor(nodes: readonly GraphNode[]) {
    for (const node of nodes) {
      const sources = node.inputs.map((name) => this.#nodes.get(name)!);
      const [first = [], ...others] = sources.map(({ trunk }) => trunk);
      let shared = first.length;
      for (const other of others) {
        const differs = first.findIndex((name, i) => name !== other[i]);
        if (differs >= 0) shared = Math.min(shared, differs);
      }
      this.#nodes.set(node.name, {
        ...node,
        column: 1 + Math.max(-1, ...sources.map(({ column }) => column)),
        trunk: [...first.slice(0, shared), node.name],
      });
    }
  }

  inputs(name: string): readonly string[] {
    return this.#nodes.get(name)!.inputs;
  }

  /** The number of nodes on the longest way to a node. */
  column(name: string): number {
    return this.#nodes.get(name)!.column;
  }

  /** The nodes that every way to a node passes through, and itself, in order. */
  trunkTo(name: string): readonly string[] {
    return this.#nodes.get(name)!.trunk;
  }

  /** The node with the longest way to it. */
  deepest(): string {
    const all = [...this.#nodes.values()];
    return all.reduce((best, node) => (node.column > best.column ? node : best)).name;
  }
}
