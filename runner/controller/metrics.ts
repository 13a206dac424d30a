// Numbers of controllers, of leadership and of requests for Prometheus. Labels have few values: no object's name is ever one.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RequestRecord } from '../kube/index.ts';
import type { ControllerObserver, Leadership } from './types.ts';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

/** One observer for all controllers of a registry. */
export function controllerMetrics(registry: Registry): ControllerObserver {
  const registers = [registry];
  const labelNames = ['controller'];
  const reconciles = new Counter({
    name: 'charter_controller_reconciles_total',
    help: 'Reconciles that have ended, by outcome: done, requeued, failed, aborted',
    ...{ registers, labelNames: [...labelNames, 'outcome'] },
  });
  const duration = new Histogram({
    name: 'charter_controller_reconcile_seconds',
    help: 'How long a reconcile took',
    ...{ registers, labelNames, buckets: seconds },
  });
  const wait = new Histogram({
    name: 'charter_controller_queue_wait_seconds',
    help: 'How long a key that was due waited for a worker',
    ...{ registers, labelNames, buckets: seconds },
  });
  const depth = new Gauge({
    name: 'charter_controller_queue_depth',
    help: 'Keys that are due and wait for a worker',
    ...{ registers, labelNames },
  });
  const running = new Gauge({
    name: 'charter_controller_running',
    help: 'Keys that are worked on now',
    ...{ registers, labelNames },
  });
  return {
    onReconciled: ({ controller, outcome, ms, waitedMs }) => {
      reconciles.inc({ controller, outcome });
      duration.observe({ controller }, ms / 1_000);
      wait.observe({ controller }, waitedMs / 1_000);
    },
    onQueue: (controller, waiting, working) => {
      depth.set({ controller }, waiting);
      running.set({ controller }, working);
    },
  };
}

/** For `onRequest` of clients; `cluster` tells them apart and must not be a name that tenants choose freely. */
export function requestMetrics(registry: Registry): (cluster: string) => (request: RequestRecord) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'charter_kube_requests_total',
    help: 'Requests to API servers; status is the HTTP status, unreachable, timeout or aborted',
    ...{ registers, labelNames: ['cluster', 'verb', 'resource', 'status'] },
  });
  const duration = new Histogram({
    name: 'charter_kube_request_seconds',
    help: 'Time until the answer of an API server; of a watch, until it began',
    ...{ registers, labelNames: ['cluster', 'verb'], buckets: seconds },
  });
  return (cluster) =>
    ({ verb, resource, subresource, status, ms }) => {
      const what = subresource === undefined ? resource : `${resource}/${subresource}`;
      requests.inc({ cluster, verb, resource: what, status });
      duration.observe({ cluster, verb }, ms / 1_000);
    };
}

/** 1 while this process leads. */
export function leadershipMetrics(registry: Registry, leadership: Leadership): void {
  new Gauge({
    name: 'charter_controller_leader',
    help: '1 while this process holds the lease',
    registers: [registry],
    collect() {
      this.set(leadership.mayAct() ? 1 : 0);
    },
  });
}
