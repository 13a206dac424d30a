// The copy that an informer keeps, and what each change of it means as events. Pure: no clock, no I/O.
import type { InformerEvent, Store } from './informer-types.ts';
import type { Resource } from './resource.ts';
import { type KubeObject, keyOf } from './types.ts';

export interface ObjectStore<T extends KubeObject> extends Store<T> {
  readonly entries: () => IterableIterator<[string, T]>;
  readonly put: (object: T) => InformerEvent<T>[];
  readonly remove: (object: T) => InformerEvent<T>[];
  /** Everything that exists now; what is not among it is gone. */
  readonly replace: (objects: readonly T[]) => InformerEvent<T>[];
}

export function objectStore<T extends KubeObject>({ apiVersion, kind }: Resource<T>): ObjectStore<T> {
  const objects = new Map<string, T>();

  function put(object: T): InformerEvent<T>[] {
    const key = keyOf(object);
    const previous = objects.get(key);
    const known = { ...object, apiVersion, kind };
    objects.set(key, known);
    if (previous === undefined) return [{ type: 'added', key, object: known }];
    if (previous.metadata?.uid !== object.metadata?.uid)
      return [
        { type: 'deleted', key, object: previous },
        { type: 'added', key, object: known },
      ];
    return previous.metadata?.resourceVersion === object.metadata?.resourceVersion
      ? []
      : [{ type: 'modified', key, object: known, previous }];
  }

  function removeKey(key: string, last?: T): InformerEvent<T>[] {
    const previous = objects.get(key);
    if (previous === undefined) return [];
    objects.delete(key);
    return [{ type: 'deleted', key, object: last ?? previous }];
  }

  return {
    get: (key) => objects.get(key),
    list: (namespace) => {
      const all = [...objects.values()];
      return namespace === undefined ? all : all.filter(({ metadata }) => metadata?.namespace === namespace);
    },
    get size() {
      return objects.size;
    },
    entries: () => objects.entries(),
    put,
    remove: (object) => removeKey(keyOf(object), { ...object, apiVersion, kind }),
    replace: (list) => {
      const kept = new Set(list.map(keyOf));
      const gone = [...objects.keys()].filter((key) => !kept.has(key)).flatMap((key) => removeKey(key));
      return [...gone, ...list.flatMap(put)];
    },
  };
}
