// One queue with workers of its own for each cluster that Tenants go to: whatever a cluster does, Tenants of other clusters do not wait for it.
import { type Controller, type ControllerObserver, controller, type Reconcile } from '../controller/index.ts';

export interface Lanes {
  readonly enqueue: (cluster: string, key: string) => void;
  /** Resolves when all reconciles have ended. */
  readonly stop: () => Promise<void>;
}

export interface LanesOptions {
  readonly reconcile: Reconcile;
  readonly concurrency: number;
  readonly observer: ControllerObserver;
  readonly signal: AbortSignal;
  readonly onEnd: (error: unknown) => void;
}

const slowestRetryMs = 15_000;

export function lanes({ reconcile, concurrency, observer, signal, onEnd }: LanesOptions): Lanes {
  const all = new Map<string, { readonly controller: Controller; readonly done: Promise<unknown> }>();

  function laneOf(cluster: string): Controller {
    const known = all.get(cluster);
    if (known !== undefined) return known.controller;
    const made = controller({
      ...{ name: `tenants-${cluster.replaceAll('.', '-')}`, reconcile, concurrency, observer },
      // What fails longer is paced by the reconcile itself; this is for API servers that do not answer.
      backoff: { maxMs: slowestRetryMs },
    });
    all.set(cluster, { controller: made, done: made.run(signal).catch(onEnd) });
    return made;
  }

  return {
    enqueue: (cluster, key) => {
      if (!signal.aborted) laneOf(cluster).enqueue(key);
    },
    stop: async () => void (await Promise.all([...all.values()].map(({ done }) => done))),
  };
}
