// Where keys come from: the changes of an informer, or calls of the program itself.
import type { Informer, InformerEvent, KubeObject } from '../kube/index.ts';
import type { Source } from './types.ts';

export interface InformerSourceOptions<T extends KubeObject> {
  readonly informer: Informer<T>;
  /** The keys that a change concerns, e.g. of the owner; the object's own when not given. */
  readonly keysOf?: (event: InformerEvent<T>) => readonly string[];
  /** Which changes matter; all when not given. See {@link specChanged}. */
  readonly when?: (event: InformerEvent<T>) => boolean;
  /** `shared`: others use the informer too, so it is started, but stopped by whoever made it. `owned` when not given. */
  readonly lifetime?: 'owned' | 'shared';
}

/** Starts the informer, and stops it too unless it is shared. */
export function informerSource<T extends KubeObject>(options: InformerSourceOptions<T>): Source {
  const { informer, keysOf = ({ key }) => [key], when = () => true, lifetime = 'owned' } = options;
  return {
    name: `${informer.resource.plural}.${informer.resource.apiVersion}`,
    start: (enqueue) => {
      const off = informer.on((event) => {
        if (when(event)) for (const key of keysOf(event)) enqueue(key);
      });
      informer.start();
      return {
        synced: informer.synced,
        stop: async () => {
          off();
          if (lifetime === 'owned') await informer.stop();
        },
      };
    },
  };
}

/**
 * For a controller's own kind: not called back for what it writes into the status itself, else a failing reconcile that says so in its
 * status would undo its own backoff. What counts: generation, deletion, labels, annotations and finalizers.
 */
export function specChanged<T extends KubeObject>(event: InformerEvent<T>): boolean {
  if (event.type !== 'modified') return true;
  const [now, before] = [event.object.metadata ?? {}, event.previous.metadata ?? {}];
  return (
    now.generation !== before.generation ||
    now.generation === undefined ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    different(now.labels, before.labels) ||
    different(now.annotations, before.annotations) ||
    different(now.finalizers, before.finalizers)
  );
}

/** The API server gives maps in one order, so equal ones have equal texts. */
function different(one: object | undefined, other: object | undefined): boolean {
  return JSON.stringify(one ?? {}) !== JSON.stringify(other ?? {});
}

export interface KeyChannel extends Source {
  readonly tell: (key: string) => void;
}

/** Keys that the program tells itself, e.g. a cluster that joined. What is told before the start is kept. */
export function keyChannel(name: string): KeyChannel {
  const early = new Set<string>();
  const listeners = new Set<(key: string) => void>();
  return {
    name,
    tell: (key) => {
      if (listeners.size === 0) early.add(key);
      for (const listener of listeners) listener(key);
    },
    start: (enqueue) => {
      listeners.add(enqueue);
      for (const key of early) enqueue(key);
      early.clear();
      return { synced: Promise.resolve(), stop: async () => void listeners.delete(enqueue) };
    },
  };
}
