// List, watch, and list again whenever that is needed. The promise is in informer-types.ts.
import { backoffMs } from './backoff.ts';
import type { WatchEvent } from './client-types.ts';
import { pause, systemClock } from './clock.ts';
import { isKubeError, type KubeApiError } from './errors.ts';
import type { Informer, InformerEvent, InformerOptions } from './informer-types.ts';
import { objectStore } from './store.ts';
import type { KubeObject } from './types.ts';

/** After these the watch goes on from where it was; after any other error the world is listed anew. */
const resumable = ['CHR_KUBE_UNREACHABLE', 'CHR_KUBE_TIMEOUT', 'CHR_KUBE_TOO_MANY_REQUESTS'] as const;
/** A watch that ended sooner, with nothing said, is no sign of health. */
const healthyMs = 5_000;

export function informer<T extends KubeObject>(options: InformerOptions<T>): Informer<T> {
  const { client, resource, clock = systemClock, random = Math.random, onError = () => {} } = options;
  const { namespace, labelSelector, fieldSelector, idleMs, maxBackoffMs = 30_000 } = options;
  const selection = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  const store = objectStore<T>(resource);
  const handlers = new Set<(event: InformerEvent<T>) => void>();
  const stopped = new AbortController();
  const synced = Promise.withResolvers<void>();
  // Nobody has to wait for it.
  synced.promise.catch(() => {});
  let hasSynced = false;
  let trouble: KubeApiError | undefined;
  let running: Promise<void> | undefined;
  let version = '';
  let failures = 0;

  function tell(events: readonly InformerEvent<T>[]): void {
    for (const event of events) for (const handler of handlers) call(handler, event);
  }

  function call(handler: (event: InformerEvent<T>) => void, event: InformerEvent<T>): void {
    try {
      handler(event);
    } catch (error) {
      onError(error);
    }
  }

  async function relist(): Promise<void> {
    const list = await client.list(resource, { ...selection, signal: stopped.signal });
    version = list.resourceVersion;
    tell(store.replace(list.items));
    if (!hasSynced) {
      hasSynced = true;
      synced.resolve();
    }
  }

  async function follow(): Promise<void> {
    // Spread, so that the watches of many informers do not end together.
    const timeoutSeconds = Math.round(240 + 240 * random());
    let began = Number.POSITIVE_INFINITY;
    let heard = false;
    const watch = client.watch(resource, {
      ...selection,
      ...{ resourceVersion: version, timeoutSeconds, signal: stopped.signal },
      ...(idleMs === undefined ? {} : { idleMs }),
      onBegin: () => {
        began = clock.monotonicMs();
        trouble = undefined;
      },
    });
    try {
      for await (const event of watch) {
        heard = true;
        take(event);
      }
      failures += 1;
    } finally {
      // A watch that said something, or stood for a while, was healthy: what ended it is the first failure, if it is one.
      if (heard || clock.monotonicMs() - began >= healthyMs) failures = 0;
    }
  }

  function take(event: WatchEvent<T>): void {
    if (event.type === 'BOOKMARK') {
      version = event.resourceVersion;
      return;
    }
    version = event.object.metadata?.resourceVersion ?? version;
    tell(event.type === 'DELETED' ? store.remove(event.object) : store.put(event.object));
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      let earliestMs = 0;
      try {
        if (version === '') await relist();
        await follow();
      } catch (error) {
        if (stopped.signal.aborted) return;
        failures += 1;
        trouble = isKubeError(error) ? error : trouble;
        earliestMs = isKubeError(error) ? (error.retryAfterMs ?? 0) : 0;
        if (!isKubeError(error, ...resumable)) version = '';
        onError(error);
      }
      if (failures === 0) continue;
      const wait = backoffMs(failures, { baseMs: 200, maxMs: maxBackoffMs }, random);
      await pause(clock, Math.max(wait, earliestMs), stopped.signal);
    }
  }

  return {
    resource,
    store,
    synced: synced.promise,
    hasSynced: () => hasSynced,
    trouble: () => trouble,
    on: (handler) => {
      for (const [key, object] of store.entries()) call(handler, { type: 'added', key, object });
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    start: () => {
      running ??= run();
    },
    stop: async () => {
      stopped.abort(new Error('the informer was stopped'));
      handlers.clear();
      synced.reject(stopped.signal.reason);
      await running;
    },
  };
}
