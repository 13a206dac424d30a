// One queue with workers of its own for each cluster that Tenants go to: whatever a cluster does, Tenants of other clusters do not wait for it.
// A Tenant has one worker in all of them: one that was deleted and made again for another cluster waits until the first worker is done.
import {
  type Controller,
  type ControllerObserver,
  controller,
  type Reconcile,
  type ReconcileContext,
  type ReconcileResult,
} from '../controller/index.ts';
import { type Clock, systemClock } from '../kube/index.ts';

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
  readonly clock?: Clock;
}

const slowestRetryMs = 15_000;

export function lanes(options: LanesOptions): Lanes {
  const { reconcile, concurrency, observer, signal, onEnd, clock = systemClock } = options;
  const all = new Map<string, { readonly controller: Controller; readonly done: Promise<unknown> }>();
  /** Keys that are worked on, each with the clusters whose queues came to it meanwhile. */
  const busy = new Map<string, Set<string>>();

  async function alone(cluster: string, key: string, context: ReconcileContext): Promise<ReconcileResult> {
    const late = busy.get(key);
    if (late !== undefined) {
      late.add(cluster);
      return {};
    }
    const waiting = new Set<string>();
    busy.set(key, waiting);
    try {
      return (await reconcile(key, context)) ?? {};
    } finally {
      busy.delete(key);
      for (const one of waiting) enqueue(one, key);
    }
  }

  function enqueue(cluster: string, key: string): void {
    if (!signal.aborted) laneOf(cluster).enqueue(key);
  }

  function laneOf(cluster: string): Controller {
    const known = all.get(cluster);
    if (known !== undefined) return known.controller;
    const made = controller({
      ...{ name: `tenants-${cluster.replaceAll('.', '-')}`, concurrency, observer, clock },
      reconcile: (key, context) => alone(cluster, key, context),
      // What fails longer is paced by the reconcile itself; this is for API servers that do not answer.
      backoff: { maxMs: slowestRetryMs },
    });
    all.set(cluster, { controller: made, done: made.run(signal).catch(onEnd) });
    return made;
  }

  return {
    enqueue,
    stop: async () => void (await Promise.all([...all.values()].map(({ done }) => done))),
  };
}
