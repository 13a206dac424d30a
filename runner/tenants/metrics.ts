// Numbers of the operator for Prometheus. No Tenant's name is ever a label.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EngagedCluster } from './cluster/engaged.ts';
import type { ClusterState, Fleet } from './cluster/fleet.ts';
import type { OperatorCounts } from './operator-world.ts';
import { targetOf } from './route.ts';
import { placeOf } from './tenant.ts';

export function operatorCounts(registry: Registry): OperatorCounts {
  const registers = [registry];
  const calls = new Counter({
    name: 'tenants_helm_calls_total',
    help: 'Calls of Helm that have ended',
    ...{ registers, labelNames: ['cluster', 'verb', 'outcome'] },
  });
  const duration = new Histogram({
    name: 'tenants_helm_seconds',
    help: 'How long a call of Helm took',
    ...{ registers, labelNames: ['verb'], buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600] },
  });
  const statusWrites = new Counter({
    name: 'tenants_status_writes_total',
    help: 'Writes of status',
    registers,
  });
  const events = new Counter({
    name: 'tenants_events_total',
    help: 'Events told, before aggregation',
    ...{ registers, labelNames: ['reason'] },
  });
  const drift = new Counter({
    name: 'tenants_drift_total',
    help: 'Releases that were found changed, by what was done: warn or correct',
    ...{ registers, labelNames: ['cluster', 'mode'] },
  });
  return {
    helm: (cluster, verb, outcome, ms) => {
      calls.inc({ cluster, verb, outcome });
      duration.observe({ verb }, ms / 1000);
    },
    statusWrite: () => statusWrites.inc(),
    event: (reason) => events.inc({ reason }),
    drift: (cluster, mode) => drift.inc({ cluster, mode }),
  };
}

const states: readonly ClusterState[] = ['connecting', 'engaged', 'refused'];

/** Counted when they are asked for, from what the watches know. */
export function tenantGauges(registry: Registry, fleet: () => Fleet | undefined): void {
  const registers = [registry];
  for (const [name, phase] of [
    ['tenants_ready', 'Ready'],
    ['tenants_error', 'Error'],
    ['tenants_pending', 'Pending'],
  ] as const)
    new Gauge({
      name,
      help: `Tenants in phase ${phase}, by the cluster they are rolled out to`,
      ...{ registers, labelNames: ['cluster'] },
      collect() {
        this.reset();
        for (const [cluster, count] of countByCluster(fleet()?.all() ?? [], phase))
          this.set({ cluster }, count);
      },
    });
  new Gauge({
    name: 'tenants_clusters',
    help: 'Secrets with kubeconfigs, by what became of them',
    ...{ registers, labelNames: ['state'] },
    collect() {
      const all = [...(fleet()?.states().values() ?? [])];
      for (const state of states) this.set({ state }, all.filter((one) => one.state === state).length);
    },
  });
}

/** A cluster with no Tenant in this phase counts 0, so that a number that falls is seen to fall. */
export function countByCluster(
  clusters: readonly Pick<EngagedCluster, 'name' | 'tenants'>[],
  phase: string,
): Map<string, number> {
  const counts = new Map(clusters.map(({ name }) => [name, 0]));
  for (const cluster of clusters)
    for (const tenant of cluster.tenants()) {
      const target = targetOf(cluster.name, placeOf(tenant).clusterRef);
      if (target === undefined) continue;
      const found = (tenant.status?.phase ?? 'Pending') === phase ? 1 : 0;
      counts.set(target, (counts.get(target) ?? 0) + found);
    }
  return counts;
}
