/**
 * Cycles of a serialization graph: the strongest kind that there is, and a short one of it.
 *
 * The kinds of edges are added one after the other. A strongly connected component of the ww edges alone is
 * a G0; if there is none, one of ww and wr edges is a G1c; if there is none of those either, then a cycle
 * needs rw edges. Whether one rw edge is enough (G-single) asks for a way back from its head to its tail by ww
 * and wr edges, edge by edge; that search is given a budget, and beyond it the cycle is named by what it is.
 */
import { type EdgeKind, type Graph, RW, topologicalOrder, WR, WW } from './graph.ts';

/** A cycle: its transactions, and the kind of the edge from each to the next (from the last to the first). */
export interface Cycle {
  readonly transactions: readonly number[];
  readonly kinds: readonly EdgeKind[];
}

/** Edges looked at in one search for a cycle; a fraction of a second. */
const BUDGET = 20_000_000;
/** How many edges of a component a short cycle is sought through. */
const TRIES = 64;

/** A cycle of the strongest kind that the graph has, by edges of the kinds up to `most`. */
export function strongestCycle(graph: Graph, most: EdgeKind): Cycle | undefined {
  for (const kind of [WW, WR, RW] as const) {
    if (kind > most) return undefined;
    const component = components(graph, kind);
    const members = smallestCyclic(component);
    if (members.length === 0) continue;
    const single = kind === RW ? singleAntiDependency(graph, component) : undefined;
    return label(graph, kind, single ?? shortCycle(graph, kind, component, members));
  }
  return undefined;
}

/** The strongly connected component of each node, as a number (Tarjan 1972, without recursion). */
function components({ nodes, from, to, ends }: Graph, kind: EdgeKind): Int32Array {
  const end = ends[kind];
  const component = new Int32Array(nodes).fill(-1);
  const index = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const edge = from.slice(0, nodes);
  const path = new Int32Array(nodes); // the nodes that are being visited, outermost first
  const stack = new Int32Array(nodes); // visited, but in no component yet
  let depth = 0;
  let height = 0;
  let visited = 0;
  let found = 0;
  const enter = (node: number) => {
    index[node] = low[node] = visited++;
    path[depth++] = node;
    stack[height++] = node;
  };
  for (let root = 0; root < nodes; root++) {
    if (index[root] >= 0) continue;
    enter(root);
    while (depth > 0) {
      const node = path[depth - 1];
      if (edge[node] < end[node]) {
        const next = to[edge[node]++];
        if (index[next] < 0) enter(next);
        else if (component[next] < 0) low[node] = Math.min(low[node], index[next]);
        continue;
      }
      depth--;
      if (depth > 0) low[path[depth - 1]] = Math.min(low[path[depth - 1]], low[node]);
      if (low[node] !== index[node]) continue;
      do component[stack[--height]] = found;
      while (stack[height] !== node);
      found++;
    }
  }
  return component;
}

/** The members, ascending, of the smallest component that has a cycle; none if there is no such. */
function smallestCyclic(component: Int32Array): number[] {
  const sizes = new Int32Array(component.length);
  for (const c of component) sizes[c]++;
  let smallest = -1;
  for (let c = 0; c < sizes.length; c++) {
    if (sizes[c] > 1 && (smallest < 0 || sizes[c] < sizes[smallest])) smallest = c;
  }
  const members: number[] = [];
  component.forEach((c, node) => {
    if (c === smallest) members.push(node);
  });
  return members;
}

/** The shortest cycle through one of the first few edges inside a component. */
function shortCycle(graph: Graph, kind: EdgeKind, component: Int32Array, members: number[]): number[] {
  const { from, to, ends } = graph;
  const search = new Search(graph, kind, component);
  let best: number[] = [];
  let tries = 0;
  for (const tail of members) {
    for (let e = from[tail]; e < ends[kind][tail]; e++) {
      if (component[to[e]] !== component[tail]) continue;
      const way = search.way(to[e], tail);
      if (way !== undefined && (best.length === 0 || way.length < best.length)) best = way;
      if (best.length === 2 || ++tries === TRIES || search.spent > BUDGET) return best;
    }
  }
  return best;
}

/** A cycle of one rw edge and otherwise ww and wr edges, if one is found within the budget. */
function singleAntiDependency(graph: Graph, component: Int32Array): number[] | undefined {
  const { nodes, from, to, ends } = graph;
  const order = topologicalOrder(graph, WR);
  if (order === undefined) return undefined;
  const position = new Int32Array(nodes);
  order.forEach((t, at) => {
    position[t] = at;
  });
  const search = new Search(graph, WR, component);
  let best: number[] | undefined;
  for (let tail = 0, found = 0; tail < nodes; tail++) {
    for (let e = ends[WR][tail]; e < from[tail + 1]; e++) {
      // The way back goes by ww and wr edges, hence forward in their order.
      if (component[to[e]] !== component[tail] || position[to[e]] > position[tail]) continue;
      const way = search.way(to[e], tail, position);
      if (way !== undefined && (best === undefined || way.length < best.length)) best = way;
      if (best?.length === 2 || (way !== undefined && ++found === TRIES)) return best;
      if (search.spent > BUDGET) return best;
    }
  }
  return best;
}

/** Breadth-first search inside a component, many times over the same graph. */
class Search {
  /** Edges looked at so far. */
  spent = 0;

  readonly #graph: Graph;
  readonly #end: Int32Array;
  readonly #component: Int32Array;
  readonly #queue: Int32Array;
  readonly #parent: Int32Array;
  readonly #seen: Int32Array;
  #round = 0;

  constructor(graph: Graph, kind: EdgeKind, component: Int32Array) {
    this.#graph = graph;
    this.#end = graph.ends[kind];
    this.#component = component;
    this.#queue = new Int32Array(graph.nodes);
    this.#parent = new Int32Array(graph.nodes);
    this.#seen = new Int32Array(graph.nodes);
  }

  /** The nodes of a shortest way from `start` to `goal`, if there is one; past the goal's position is none. */
  way(start: number, goal: number, position?: Int32Array): number[] | undefined {
    const { from, to } = this.#graph;
    const component = this.#component;
    const round = ++this.#round;
    let [read, written] = [0, 0];
    this.#queue[written++] = start;
    this.#seen[start] = round;
    while (read < written) {
      const node = this.#queue[read++];
      if (node === goal) return this.#trace(start, goal);
      this.spent += this.#end[node] - from[node] + 1;
      for (let e = from[node]; e < this.#end[node]; e++) {
        const next = to[e];
        if (this.#seen[next] === round || component[next] !== component[goal]) continue;
        if (position !== undefined && position[next] > position[goal]) continue;
        this.#seen[next] = round;
        this.#parent[next] = node;
        this.#queue[written++] = next;
      }
    }
    return undefined;
  }

  #trace(start: number, goal: number): number[] {
    const way = [goal];
    for (let node = goal; node !== start; ) {
      node = this.#parent[node];
      way.push(node);
    }
    return way.reverse();
  }
}

/** Gives each edge of a cycle its strongest kind, and starts at the smallest transaction. */
function label(graph: Graph, most: EdgeKind, nodes: number[]): Cycle {
  const start = nodes.indexOf(nodes.reduce((least, t) => Math.min(least, t)));
  const transactions = [...nodes.slice(start), ...nodes.slice(0, start)];
  const kinds = transactions.map((tail, i) => {
    const head = transactions[(i + 1) % transactions.length];
    return kindOf(graph, most, tail, head);
  });
  return { transactions, kinds };
}

function kindOf({ from, to, ends }: Graph, most: EdgeKind, tail: number, head: number): EdgeKind {
  for (let e = from[tail]; e < ends[most][tail]; e++) {
    if (to[e] === head) return e < ends[WW][tail] ? WW : e < ends[WR][tail] ? WR : RW;
  }
  throw new Error(`there is no edge from ${tail} to ${head}`);
}
