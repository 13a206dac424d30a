// The counters that the benchmark adds up are those that the operator exposes, each counted once.
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { samplesOf } from '../hack/tenants/operator.ts';
import { requestMetrics } from '../runner/controller/index.ts';
import { operatorCounts } from '../runner/tenants/metrics.ts';
import { counters, sumOf } from './tenants.ts';

test('what happens once is counted once by the name that the benchmark asks for', async () => {
  const registry = new Registry();
  const told = operatorCounts(registry);
  told.helm('remote-a', 'install', 'done', 1_000);
  told.helm('remote-b', 'upgrade', 'failed', 1_000);
  told.statusWrite();
  told.event('HelmInstalled');
  requestMetrics(registry)('home')({
    verb: 'get',
    resource: 'pods',

    status: 200,
    ms: 1,
  });
  const samples = samplesOf(await registry.metrics());
  const seen = Object.fromEntries(
    Object.entries(counters).map(([what, name]) => [what, sumOf(samples, name)]),
  );
  expect(seen).toEqual({ helmCalls: 2, statusWrites: 1, eventsTold: 1, requests: 1 });
});
