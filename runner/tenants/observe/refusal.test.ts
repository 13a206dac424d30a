import { expect, test } from 'vitest';
import type { Namespace } from '../../kube/index.ts';
import { answerJson } from '../../kube/testing/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import type { Environment, Flags } from '../settings.ts';
import type { Tenant, TenantSpec } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { refusalOf } from './refusal.ts';

const old = '2026-01-01T00:00:00Z';
const young = '2026-01-02T00:00:00Z';
function tenant(namespace: string, name: string, creationTimestamp: string): Tenant {
  return {
    metadata: { namespace, name, uid: `${namespace}/${name}`, creationTimestamp },
    spec: { workspace: 'acme-ws' },
  };
}

interface Situation {
  readonly mine?: Tenant;
  readonly others?: readonly Tenant[];
  readonly madeFor?: string;
  readonly spec?: Partial<TenantSpec>;
  readonly flags?: Flags;
  readonly env?: Environment;
  /** Namespace of the operator's account there. */
  readonly account?: string;
}

async function refusal({
  mine = tenant('tenants', 'acme', old),
  others = [],
  madeFor,
  spec = {},
  flags = {},
  env = {},
  account,
}: Situation) {
  await using stage = await testStage({
    script: (_, response) => answerJson(response, 200, {}),
    tenant: mine,
    flags,
    env,
  });
  const annotations = madeFor === undefined ? {} : { 'mesh.openkcm.io/workspace-of': madeFor };
  const namespace = { metadata: { name: 'acme-ws', annotations } } as Namespace;
  const cluster = {
    ...stage.context.scene.store,
    namespace: () => namespace,
    ownNamespace: account,
    tenants: () => [mine, ...others],
  } as EngagedCluster;
  const world = { ...stage.context.world, clusters: () => [cluster] };
  const { name = '', namespace: of = '' } = mine.metadata ?? {};
  const scene = {
    ...{
      ...stage.context.scene,
      store: cluster,
      target: cluster,
      id: { storedOn: 'self-cluster', namespace: of, name },
    },
    spec: { workspace: 'acme-ws', ...spec },
    workspace: spec.workspace ?? 'acme-ws',
  };
  return refusalOf(world, scene)?.refusal;
}

const home = (namespace: string) => `self-cluster/${namespace}`;
const allowing: Flags = { allowedChartRepos: 'https://good' };

test.each<[string, Situation, string | undefined]>([
  ['a Tenant alone', {}, undefined],
  [
    'the later of one name',
    { mine: tenant('tenants', 'acme', young), others: [tenant('b', 'acme', old)] },
    'ReleaseNameConflict',
  ],
  [
    'the later of two namespaces',
    { mine: tenant('tenants', 'acme', young), others: [tenant('b', 'x', old)] },
    'WorkspaceOfAnother',
  ],
  [
    'a second one of the same namespace',
    { others: [tenant('tenants', 'x', old)], madeFor: home('tenants') },
    undefined,
  ],
  [
    'one that runs, when an older one comes into view with a cluster that was away',
    { mine: tenant('tenants', 'acme', young), others: [tenant('b', 'acme', old)], madeFor: home('tenants') },
    undefined,
  ],
  ['that older one', { others: [tenant('b', 'acme', young)], madeFor: home('b') }, 'ReleaseNameConflict'],
  ['a workspace that was made for others', { madeFor: home('b') }, 'WorkspaceOfAnother'],
  ['a system namespace', { spec: { workspace: 'kube-system' } }, 'WorkspaceForbidden'],
  [
    "the operator's own namespace",
    { spec: { workspace: 'ops' }, flags: { namespace: 'ops' } },
    'WorkspaceForbidden',
  ],
  [
    'the namespace of its Pod, when kubeconfigs lie elsewhere',
    { spec: { workspace: 'ops' }, env: { WATCH_NAMESPACE: 'clusters', POD_NAMESPACE: 'ops' } },
    'WorkspaceForbidden',
  ],
  [
    'the namespace of its account on that cluster',
    { spec: { workspace: 'remote-ops' }, account: 'remote-ops' },
    'WorkspaceForbidden',
  ],
  ['K65 spec.chart', { spec: { chart: { name: 'x' } } }, 'ChartFieldRemoved'],
  [
    'a Secret of another namespace',
    { spec: { clusterRef: { secretName: 'a', secretNamespace: 'theirs' } } },
    'ClusterRefInvalid',
  ],
  [
    'another chart, by default',
    { spec: { chartFrom: { repo: 'https://good', name: 'x', version: '1.0.0' } } },
    'ChartNotAllowed',
  ],
  [
    'another chart that is allowed',
    { spec: { chartFrom: { repo: 'https://good', name: 'x', version: '1.0.0' } }, flags: allowing },
    undefined,
  ],
  [
    'an OCI chart that is not',
    { spec: { chartFrom: { oci: `oci://bad/x@sha256:${'0'.repeat(64)}` } }, flags: allowing },
    'ChartNotAllowed',
  ],
])('%s', async (_, situation, expected) => {
  expect(await refusal(situation)).toBe(expected);
});
