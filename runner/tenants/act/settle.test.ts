// A release that is as asked for: said once, and never again.
import { expect, test } from 'vitest';
import { answerJson } from '../../kube/testing/index.ts';
import type { Rollout } from '../observe/findings.ts';
import type { Tenant } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { acts } from './index.ts';

const fingerprint = 'f'.repeat(64);
const tenant: Tenant = {
  metadata: {
    ...{ name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3, resourceVersion: '7' },
    annotations: { 'mesh.openkcm.io/fingerprint-self-cluster': fingerprint },
  },
  spec: { workspace: 'acme-ws' },
};
const source = { repo: 'http://charts', name: 'shop', version: '1.0.0' };
const rollout: Rollout = { source, fingerprint, values: {}, chart: undefined };

async function settled(of: Tenant, looks: number) {
  await using stage = await testStage({
    ...{ tenant: of, found: { rollout } },
    script: (_, response) => answerJson(response, 200, of),
  });
  const helm: string[] = [];
  const { world } = stage.context;
  const context = {
    ...stage.context,
    world: { ...world, counts: { ...world.counts, helm: (_: string, verb: string) => void helm.push(verb) } },
  };
  for (let look = 0; look < looks; look += 1) {
    expect(await acts.settle(context)).toEqual({ next: 'done', afterMs: 60_000 });
    stage.clock.skip(60_000);
  }
  const { status } = (stage.server.bodies[0] ?? {}) as { status?: NonNullable<Tenant['status']> };
  return { status, asked: stage.server.asked, reasons: stage.reasons(), helm };
}

test('K30 K50 a release that is as asked for is HelmSkip and NoChange without Helm, and the ten looks of ten minutes after it write and tell nothing', async () => {
  const first = await settled(tenant, 1);
  expect(first.asked).toEqual([expect.stringMatching(/^PATCH .*\/tenants\/acme\/status/)]);
  expect(first.status?.conditions?.[0]).toMatchObject({
    ...{ type: 'ClusterReady/self-cluster', status: 'True', reason: 'NoChange' },
  });
  expect(first.reasons).toEqual(['PhaseSet', 'HelmSkip']);
  expect(first.helm).toEqual([]);
  if (first.status === undefined) throw new Error('no status was written');
  const { asked, reasons, helm } = await settled({ ...tenant, status: first.status }, 10);
  expect({ asked, reasons, helm }).toEqual({ asked: [], reasons: [], helm: [] });
});
