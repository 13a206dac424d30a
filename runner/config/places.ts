// Where in the file a value stands: from the path of a value to line and column, and to its text as written.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

export type KeyPath = readonly (string | number)[];

/** Both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Places {
  /** Of the value; where there is none, of the nearest key around it. */
  readonly placeOf: (path: KeyPath) => Place;
  /** Of the key itself. */
  readonly placeOfKey: (path: KeyPath) => Place;
  /** A scalar as the file has it: `13.10`, not 13.1. */
  readonly written: (path: KeyPath) => string | undefined;
}

interface Found {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

export function placesOf(document: Document, at: (offset: number) => Place): Places {
  const place = (node: Node | undefined): Place | undefined => (node?.range ? at(node.range[0]) : undefined);
  const keyOrValue = ({ key, value }: Found) => place(key) ?? place(value);
  const around = (path: KeyPath): Place => {
    for (let length = path.length - 1; length > 0; length--) {
      const found = find(document, path.slice(0, length));
      const nearest = found && keyOrValue(found);
      if (nearest !== undefined) return nearest;
    }
    return { line: 1, column: 1 };
  };
  return {
    placeOf: (path) => {
      const found = find(document, path);
      // An empty value (`url:`) has no place of its own worth pointing at.
      const isEmpty = isScalar(found?.value) && found.value.source === '';
      return (isEmpty ? place(found?.key) : place(found?.value)) ?? around(path);
    },
    placeOfKey: (path) => {
      const found = find(document, path);
      return (found && keyOrValue(found)) ?? around(path);
    },
    written: (path) => {
      const value = resolved(document, find(document, path)?.value);
      return isScalar(value) ? (value.source ?? String(value.value)) : undefined;
    },
  };
}

function find(document: Document, path: KeyPath): Found | undefined {
  let found: Found = { key: undefined, value: document.contents ?? undefined };
  for (const step of path) {
    const node = resolved(document, found.value);
    const next = isMap(node) ? pairOf(node.items, step) : isSeq(node) ? itemOf(node.items, step) : undefined;
    if (next === undefined) return undefined;
    found = next;
  }
  return found;
}

function pairOf(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  step: string | number,
): Found | undefined {
  const pair = pairs.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
  return (
    pair && {
      key: isNode(pair.key) ? pair.key : undefined,
      value: isNode(pair.value) ? pair.value : undefined,
    }
  );
}

function itemOf(items: readonly unknown[], step: string | number): Found | undefined {
  const item = typeof step === 'number' ? items[step] : undefined;
  return isNode(item) ? { key: undefined, value: item } : undefined;
}

function resolved(document: Document, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}
