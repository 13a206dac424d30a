// Two worlds in one cluster at the same time, each with other policies: neither sees anything of the other's.
import { expect, onTestFinished, test } from 'vitest';
import { openWorld, type World } from '../../../runner/network/index.ts';
import { leftBehind } from '../../network/runs.ts';
import { networkScene } from '../../network/scene.ts';

const settleMs = 60_000;

test('two worlds at once: one denies everything, the other nothing, and both pass', async () => {
  const { kubeconfig, image } = await networkScene();
  const small = { namespaces: ['x', 'y'], pods: ['a', 'b'], timeoutMs: 2_000, settleMs };
  const cluster = { kubeconfig };
  const opened = await Promise.allSettled(
    [1, 2].map(() => openWorld({ ...small, cluster, image, imagePullPolicy: 'Never' })),
  );
  const worlds = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const open = new Set(worlds);
  onTestFinished(async () => {
    for (const world of open) await world.close();
  });
  expect(opened.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([]);
  const [shut, free] = worlds as [World, World];
  const steps = await Promise.all([
    shut.step({ name: 'all denied', policies: ['x', 'y'].map((short) => denyAll(shut, short)) }),
    free.step({ name: 'all open', policies: [] }),
  ]);
  expect(steps.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  expect(new Set(steps[0].cells.map(({ expected }) => expected))).toContain('denied');
  expect(new Set(steps[1].cells.map(({ expected }) => expected))).not.toContain('denied');
  await Promise.all(
    worlds.map((world) => {
      open.delete(world);
      return world.close();
    }),
  );
  const left = await leftBehind({ kubeconfig });
  expect(left.filter((name) => worlds.some(({ suffix }) => name.includes(suffix)))).toEqual([]);
});

function denyAll(world: World, short: string) {
  return {
    metadata: { name: 'all', namespace: world.names.namespace(short) },
    spec: { podSelector: {}, policyTypes: ['Ingress' as const, 'Egress' as const] },
  };
}
