// Which releases act with the rights of --chart-cluster-role.
import { expect, test } from 'vitest';
import { answerJson } from '../../kube/testing/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import type { Tenant } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { markOf, reaching, rightsFor } from './reach.ts';

const chartFrom = { repo: 'https://theirs', name: 'x', version: '1.0.0' };
const tenant = (namespace: string, name: string, spec: object = {}): Tenant => ({
  metadata: { namespace, name, uid: `${namespace}/${name}` },
  spec: { workspace: 'acme-ws', ...spec },
});
const mine = tenant('tenants', 'acme');
const chosen = tenant('tenants', 'acme', { chartFrom });
const role = { chartClusterRole: 'crd-writer' };

const marked = { metadata: { annotations: { 'mesh.openkcm.io/chart-chosen': 'true' } } };

test.each<[string, object, Tenant, readonly Tenant[], 'wide' | undefined, object?]>([
  ["the operator's own chart", role, mine, [], 'wide'],
  ['where no role is given', {}, mine, [], undefined],
  ['a chart that the Tenant chose', role, chosen, [], undefined],
  [
    'the same, when the rest of its spec cannot be read',
    role,
    tenant('tenants', 'acme', { chartFrom: 7 }),
    [],
    undefined,
  ],
  [
    'beside a chart that another Tenant chose',
    role,
    mine,
    [tenant('tenants', 'b', { chartFrom })],
    undefined,
  ],
  ["beside another of the operator's own chart", role, mine, [tenant('tenants', 'b')], 'wide'],
  ['beside one that is refused here', role, mine, [tenant('theirs', 'b', { chartFrom })], 'wide'],
  [
    'when the other chart is in another workspace',
    role,
    mine,
    [tenant('tenants', 'b', { chartFrom, workspace: 'other' })],
    'wide',
  ],
  ['in a workspace where a Tenant once chose a chart', role, mine, [], undefined, marked],
])('%s', async (_, flags, one, others, expected, namespace) => {
  await using stage = await testStage({
    tenant: one,
    flags,
    script: (__, response) => answerJson(response, 200, {}),
  });
  const asked: unknown[] = [];
  const cluster = {
    ...stage.context.scene.store,
    tenants: () => [one, ...others],
    namespace: () => namespace,
    as: (workspace: string, reach?: 'wide') => asked.push([workspace, reach]),
  } as unknown as EngagedCluster;
  const world = { ...stage.context.world, clusters: () => [cluster] };
  const scene = { ...stage.context.scene, store: cluster, target: cluster };
  reaching(world, scene).target?.as('acme-ws');
  expect(asked).toEqual([['acme-ws', expected]]);
  expect(rightsFor(world, scene).chartClusterRole).toBe(expected === 'wide' ? 'crd-writer' : '');
});

test.each<[string, object, Tenant, object | undefined, string]>([
  ['a chart that the Tenant chose', role, chosen, undefined, 'missing'],
  ['the same, once it is written down', role, chosen, marked, 'set'],
  ["the operator's own chart", role, mine, undefined, 'set'],
  ['where no role could be lent', {}, chosen, undefined, 'set'],
])('the mark of a workspace, for %s', async (_, flags, one, namespace, expected) => {
  await using stage = await testStage({
    tenant: one,
    flags,
    script: (__, response) => answerJson(response, 200, {}),
  });
  expect(markOf(stage.context.world, stage.context.scene, namespace)).toBe(expected);
});
