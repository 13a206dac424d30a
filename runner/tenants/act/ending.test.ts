// The ways a Tenant ends: it waits for a cluster that is away, is let go on purpose, or goes, with or without what its workspace holds.
import { expect, test } from 'vitest';
import { type TestStageOptions, taking, testStage } from '../testing.ts';
import { acts } from './index.ts';

test('a Tenant whose cluster is down keeps its finalizer and says so; let go on purpose, it tells what stays behind', async () => {
  const action = { action: 'keep-finalizer', reason: 'ClusterUnreachable' } as const;
  await using stage = await testStage({
    script: taking,
    action,
    found: { why: 'cluster remote-a: refused' },
  });
  await acts['keep-finalizer'](stage.context);
  expect(stage.server.asked.some((line) => !line.includes('/status'))).toBe(false);
  expect(JSON.stringify(stage.server.bodies[0])).toContain('ClusterUnreachable');
  const metadata = { ...stage.context.scene.tenant.metadata, finalizers: ['mesh.openkcm.io/cleanup'] };
  const scene = { ...stage.context.scene, tenant: { ...stage.context.scene.tenant, metadata } };
  await acts['let-go']({ ...stage.context, scene });
  expect(stage.told.at(-1)).toMatchObject({ type: 'Warning', reason: 'LetGo' });
  expect(stage.told.at(-1)?.message).toContain('tenant-acme-self-cluster in namespace acme-ws stays behind');
  expect(stage.server.bodies.at(-1)).toMatchObject({ metadata: { finalizers: [] } });
});

const leaving = { action: 'remove-finalizer', reason: 'Deleted' } as const;
const stays = { metadata: { name: 'acme-ws' } };
const finalized: TestStageOptions['tenant'] = {
  metadata: { name: 'acme', namespace: 'tenants', uid: 'u1', finalizers: ['mesh.openkcm.io/cleanup'] },
  spec: { workspace: 'acme-ws' },
};

test('K45 a workspace that stays loses the account of its releases, first what it may do, before the Tenant goes', async () => {
  const found = { namespace: stays };
  await using stage = await testStage({ script: taking, tenant: finalized, action: leaving, found });
  expect(await acts['remove-finalizer'](stage.context)).toEqual({ next: 'gone' });
  expect(stage.server.asked.map((line) => line.replace(/\?.*/, ''))).toEqual([
    'DELETE /apis/rbac.authorization.k8s.io/v1/namespaces/acme-ws/rolebindings/tenant-release',
    'DELETE /api/v1/namespaces/acme-ws/serviceaccounts/tenant-release',
    'PATCH /apis/mesh.openkcm.io/v1alpha1/namespaces/tenants/tenants/acme',
  ]);
  expect(stage.told).toEqual([
    expect.objectContaining({ reason: 'WorkspaceKept', message: expect.stringContaining('acme-ws') }),
  ]);
});

test.each<[string, NonNullable<TestStageOptions['found']>, string]>([
  [
    'is used by another Tenant',
    { namespace: stays, users: [{ id: { namespace: 'n', name: 'other' } }] as never },
    'Deleted',
  ],
  ['was never its own', { namespace: stays }, 'NothingOwned'],
  ['is gone', {}, 'Deleted'],
])('the account stays in a workspace that %s', async (_what, found, reason) => {
  const action = { action: 'remove-finalizer', reason } as NonNullable<TestStageOptions['action']>;
  await using stage = await testStage({ script: taking, tenant: finalized, action, found });
  await acts['remove-finalizer'](stage.context);
  expect(stage.server.asked.filter((line) => line.startsWith('DELETE'))).toEqual([]);
});
