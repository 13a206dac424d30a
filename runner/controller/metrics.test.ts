import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { controllerMetrics, requestMetrics } from './index.ts';

test('reconciles, queue and requests are counted under their labels, without any name of an object', async () => {
  const registry = new Registry();
  const observer = controllerMetrics(registry);
  observer.onReconciled?.({
    controller: 'c',
    key: 'ns/secret-name',
    outcome: 'failed',
    ms: 200,
    waitedMs: 0,
  });
  observer.onQueue?.('c', 3, 1);
  const onRequest = requestMetrics(registry)('home');
  onRequest({ verb: 'patch', resource: 'tenants', subresource: 'status', status: 409, ms: 5 });
  onRequest({ verb: 'patch', resource: 'tenants', subresource: 'status', status: 409, ms: 5 });
  const text = await registry.metrics();
  for (const line of [
    'charter_controller_reconciles_total{controller="c",outcome="failed"} 1',
    'charter_controller_queue_depth{controller="c"} 3',
    'charter_controller_running{controller="c"} 1',
    'charter_controller_reconcile_seconds_bucket{le="0.25",controller="c"} 1',
    'charter_controller_reconcile_seconds_bucket{le="0.1",controller="c"} 0',
    'charter_kube_requests_total{cluster="home",verb="patch",resource="tenants/status",status="409"} 2',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).not.toContain('secret-name');
});
