// The promise of an informer, apart from how it is kept.

import type { KubeClient, Selection } from './client-types.ts';
import type { Clock } from './clock.ts';
import type { KubeApiError } from './errors.ts';
import type { Resource } from './resource.ts';
import type { KubeObject } from './types.ts';

/**
 * `deleted` is told for every object that was in the store and is no more, `object` is its last known state; an object that was
 * deleted and created again under the same name while nobody was looking is told as `deleted` and then `added` (its uid says so).
 */
export type InformerEvent<T extends KubeObject> =
  | { readonly type: 'added'; readonly key: string; readonly object: T }
  | { readonly type: 'modified'; readonly key: string; readonly object: T; readonly previous: T }
  | { readonly type: 'deleted'; readonly key: string; readonly object: T };

export interface Store<T extends KubeObject> {
  /** By `namespace/name`, or `name` for a resource of the cluster. The object is shared: never change it. */
  readonly get: (key: string) => T | undefined;
  readonly list: (namespace?: string) => T[];
  readonly size: number;
}

/**
 * Keeps a copy of a selection of objects and tells every change of it, once, in the order of the store.
 *
 * What holds:
 * - `synced` resolves once the first list has been delivered. It never resolves on an error: an API server that cannot be read is
 *   never an empty store. It rejects only when the informer is stopped before.
 * - The store follows every break (closed connection, silence, 410 Gone, 429, 5xx, an API server that is killed and comes back): the
 *   informer watches again from where it was, or lists again, with exponential backoff and full jitter up to `maxBackoffMs`. A relist
 *   delivers what was missed: additions, changes, deletions.
 * - While it cannot read, the store keeps its last state and `trouble` says why; handlers are not called.
 * - Handlers are called after the store has changed, synchronously, and must return at once. One that throws is told to `onError`
 *   and hinders nobody else.
 * - A handler that comes late gets `added` for everything that is in the store.
 */
export interface Informer<T extends KubeObject> {
  readonly resource: Resource<T>;
  readonly store: Store<T>;
  readonly synced: Promise<void>;
  readonly hasSynced: () => boolean;
  /** Why it cannot read at present; undefined while the watch stands. */
  readonly trouble: () => KubeApiError | undefined;
  /** Returns what ends it. */
  readonly on: (handler: (event: InformerEvent<T>) => void) => () => void;
  readonly start: () => void;
  /** Resolves once no handler will be called any more. */
  readonly stop: () => Promise<void>;
}

export interface InformerOptions<T extends KubeObject> extends Selection {
  readonly client: KubeClient;
  readonly resource: Resource<T>;
  readonly clock?: Clock;
  /** Every failed list or watch, and handlers that throw. For logs; the informer goes on by itself. */
  readonly onError?: (error: unknown) => void;
  /** 30,000 when not given. */
  readonly maxBackoffMs?: number;
  /** See WatchOptions.idleMs. */
  readonly idleMs?: number;
  /** Between 0 and 1; Math.random when not given. */
  readonly random?: () => number;
}
