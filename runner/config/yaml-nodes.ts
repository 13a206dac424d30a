// What a YAML file may do and a charter.yaml may not: keys given twice, aliases of what is not complete, endless nesting.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Place } from './places.ts';
import type { Problem } from './problem.ts';

export interface NodeProblem {
  readonly kind: 'duplicate-key' | 'alias' | 'depth';
  readonly problem: Problem;
}

const maxDepth = 32;

interface Walk {
  readonly at: (offset: number) => Place;
  readonly found: NodeProblem[];
  /** Anchors whose value is complete; an alias of any other is unknown or leads into itself. */
  readonly anchors: Set<string>;
}

export function inspectNodes(document: Document, at: (offset: number) => Place): readonly NodeProblem[] {
  const walk: Walk = { at, found: [], anchors: new Set() };
  visit(document.contents, '', 0, walk);
  return walk.found;
}

function visit(node: unknown, path: string, depth: number, walk: Walk): void {
  if (!isNode(node)) return;
  if (depth > maxDepth) {
    report(walk, 'depth', path, node, `at most ${maxDepth} levels`, 'values nested deeper');
    return;
  }
  if (isAlias(node) && !walk.anchors.has(node.source)) {
    report(walk, 'alias', path, node, 'an alias of an anchor that ends before it', `*${node.source}`);
    return;
  }
  if (isMap(node)) visitPairs(node.items, path, depth, walk);
  if (isSeq(node))
    for (const [index, item] of node.items.entries()) visit(item, `${path}[${index}]`, depth + 1, walk);
  if (!isAlias(node) && node.anchor !== undefined) walk.anchors.add(node.anchor);
}

function visitPairs(pairs: readonly Pair[], path: string, depth: number, walk: Walk): void {
  const firstLine = new Map<string, number>();
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? String(key.value) : '';
    const own = path === '' ? name : `${path}.${name}`;
    const first = firstLine.get(name);
    if (isNode(key)) {
      if (first === undefined) firstLine.set(name, placeOf(walk, key).line);
      else report(walk, 'duplicate-key', own, key, 'each key once', `the same key as on line ${first}`);
    }
    visit(value, own, depth + 1, walk);
  }
}

function placeOf(walk: Walk, node: Node): Place {
  return walk.at(node.range?.[0] ?? 0);
}

function report(
  walk: Walk,
  kind: NodeProblem['kind'],
  path: string,
  node: Node,
  expected: string,
  got: string,
): void {
  walk.found.push({ kind, problem: { path, ...placeOf(walk, node), expected, got } });
}
