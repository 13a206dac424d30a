// The queues of all clusters with what works on them. Helm's calls have slots of their own beside the workers for looks: ten rollouts that hang
// keep nobody from being looked at, mended or told.
import { type HelmSlots, helmSlots } from './helm/slots.ts';
import { type Lanes, type LanesOptions, lanes } from './lanes.ts';
import type { OperatorWorld } from './operator-world.ts';
import type { Places } from './places.ts';
import { reconciler } from './reconcile.ts';

export interface Queues extends Lanes {
  /** The cluster has fallen silent: what Helm does there is ended, so that its Tenants can be told. */
  readonly abortHelm: (cluster: string, why: string) => void;
}

export interface QueuesOptions extends Omit<LanesOptions, 'reconcile' | 'concurrency'> {
  readonly world: OperatorWorld;
  readonly releases: Places;
}

/** On one cluster, beside those that Helm holds. */
const looksAtOnce = 10;

export function tenantQueues({ world, releases, ...rest }: QueuesOptions): Queues {
  const slots: HelmSlots = helmSlots({
    size: world.settings.concurrency,
    wake: (cluster, key) => all.enqueue(cluster, key),
  });
  const all = lanes({
    ...rest,
    concurrency: slots.most + looksAtOnce,
    reconcile: reconciler(world, releases, slots),
  });
  return { ...all, abortHelm: slots.abort };
}
