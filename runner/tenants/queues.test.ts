// A cluster whose Helm hangs: ten rollouts that never end, and what all the other Tenants of that cluster get meanwhile.
import { expect, test } from 'vitest';
import { eventually } from '../kube/testing/index.ts';
import { uninstallSlots } from './helm/slots.ts';
import { busy, cluster, config, releaseOf, tenantOf } from './queues-testing.ts';

const slow = (count: number) => Array.from({ length: count }, (_, at) => `slow${at}`);
const isAt = (calls: () => string[], count: number) => eventually(() => calls().length === count);

test('while ten rollouts hang, the drift of an eleventh Tenant is corrected and a twelfth is uninstalled', async () => {
  await using scene = await busy();
  for (const name of slow(10)) scene.add(tenantOf(name));
  await isAt(scene.calls, 10);
  scene.live.set('drifting', { ...config, data: { word: 'by hand' } });
  scene.add(tenantOf('drifting'));
  await eventually(() => scene.stage.reasons().includes('RepairTriggered'));
  expect(scene.live.get('drifting')).toMatchObject({ data: { word: 'one' } });
  scene.add(tenantOf('leaving', { deletionTimestamp: '2026-01-01T00:00:00Z' }));
  await eventually(() => scene.stage.reasons().includes('HelmUninstalled'));
  expect(scene.calls()).toHaveLength(11);
});

test('rollouts beyond --concurrency wait without a worker, say so, and go in the order in which they came', async () => {
  await using scene = await busy({ concurrency: '1' });
  for (const name of slow(1)) scene.add(tenantOf(name));
  await isAt(scene.calls, 1);
  for (const name of ['slow-second', 'slow-third', 'slow-fourth']) {
    scene.add(tenantOf(name));
    await eventually(() => scene.saysOf(name).includes('AwaitingHelm'));
  }
  expect(scene.saysOf('slow-third')).toContain(
    'clear-release waits for its turn at Helm: --concurrency allows 1 at once on cluster self-cluster',
  );
  expect(scene.calls()).toHaveLength(1);
  scene.queues.abortHelm(cluster, 'once');
  await isAt(scene.calls, 2);
  expect(scene.calls()[1]).toBe(`uninstall ${releaseOf('slow-second')}`);
  await eventually(() => scene.saysOf('slow0').includes('AwaitingHelm'));
});

test('a cluster that falls silent while Helm hangs is told in all its Tenants at once, and the rollouts go on with its next answer', async () => {
  await using scene = await busy();
  const names = [...slow(10 + uninstallSlots), 'well'];
  for (const name of names) scene.add(tenantOf(name));
  await isAt(scene.calls, 10);
  await eventually(() => scene.saysOf('slow11').includes('AwaitingHelm'));
  scene.fallSilent();
  await eventually(() => names.every((name) => scene.saysOf(name).includes('ClusterUnreachable')));
  expect(names.filter((name) => scene.saysOf(name).includes('"phase":"Ready"'))).toEqual([]);
  expect(scene.calls(), 'nothing begins in a cluster that is silent').toHaveLength(10);
  scene.answerAgain();
  await isAt(scene.calls, 20);
});

test('a cluster that falls silent between a look and its rollout is not rolled out to', async () => {
  await using scene = await busy();
  scene.fallSilentInLook();
  scene.add(tenantOf('slow0'));
  await eventually(() => scene.saysOf('slow0').includes('ClusterUnreachable'));
  expect(scene.calls()).toEqual([]);
});

test('a Tenant that vanishes while it waits for Helm keeps nobody behind it', async () => {
  await using scene = await busy({ concurrency: '1' });
  scene.add(tenantOf('slow0'));
  await isAt(scene.calls, 1);
  for (const name of ['slow-vanishing', 'slow-behind']) {
    scene.add(tenantOf(name));
    await eventually(() => scene.saysOf(name).includes('AwaitingHelm'));
  }
  scene.vanish('slow-vanishing');
  scene.queues.abortHelm(cluster, 'once');
  await isAt(scene.calls, 2);
  expect(scene.calls()[1]).toBe(`uninstall ${releaseOf('slow-behind')}`);
});
