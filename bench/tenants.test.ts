// The counters that the benchmark adds up are those that the operator exposes, each counted once; and nobody measures what was not read,
// or an operator that was replaced meanwhile.
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { samplesOf } from '../hack/tenants/operator.ts';
import { requestMetrics } from '../runner/controller/index.ts';
import { operatorCounts } from '../runner/tenants/metrics.ts';
import type { Thing } from '../suites/tenants/world.ts';
import { countedIn, undisturbed } from './tenants-operator.ts';

test('what happens once is counted once by the name that the benchmark asks for', async () => {
  const registry = new Registry();
  const told = operatorCounts(registry);
  told.helm('remote-a', 'install', 'done', 1_000);
  told.helm('remote-b', 'upgrade', 'failed', 1_000);
  told.statusWrite();
  told.event('HelmInstalled');
  requestMetrics(registry)('home')({ verb: 'get', resource: 'pods', status: 200, ms: 1 });
  const samples = samplesOf(await registry.metrics());
  expect(countedIn(samples)).toEqual({ helmCalls: 2, statusWrites: 1, eventsTold: 1, requests: 1 });
});

test.each([
  ['nothing', ''],
  ['another page', 'process_cpu_seconds_total 1.5\n'],
])('metrics that say %s are no zeros', (_, text) => {
  expect(() => countedIn(samplesOf(text))).toThrow('the metrics of the operator cannot be read');
});

const pod = (uid: string, restartCount = 0, deletionTimestamp?: string): Thing => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: {
    name: `operator-${uid}`,
    uid,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  },
  status: { containerStatuses: [{ name: 'operator', restartCount }] },
});

test.each([
  ['the same Pod', [pod('a')], [pod('a')], true],
  ['the same Pod, beside one that ends', [pod('a'), pod('z', 0, 'now')], [pod('a')], true],
  ['another Pod', [pod('a')], [pod('b')], false],
  ['a container that was started again', [pod('a')], [pod('a', 1)], false],
  ['a second Pod', [pod('a')], [pod('a'), pod('b')], false],
  ['no Pod, before and after', [], [], false],
])('the operator was %s: that is seen', async (_, before, now, isSame) => {
  const answers = [before, now];
  const measured = undisturbed({ pods: async () => answers.shift() ?? [] }, 'a test', async () => 'measured');
  if (isSame) expect(await measured).toBe('measured');
  else await expect(measured).rejects.toThrow('was replaced or restarted during a test');
});
