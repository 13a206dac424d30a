// What is seen of a Tenant that runs while what is asked for cannot be had, and of one whose Secrets were read.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Namespace, Secret } from '../../kube/index.ts';
import { answerJson } from '../../kube/testing/index.ts';
import { acts } from '../act/index.ts';
import type { EngagedCluster } from '../cluster/engaged.ts';
import { decide } from '../decide/decide.ts';
import type { Tenant } from '../tenant.ts';
import { testStage } from '../testing.ts';
import { observer } from './observe.ts';

const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: plain }\ndata: { word: one }\n';
const config = { password: 'old-password' };
const kept = { name: 'r', version: 1, info: { status: 'deployed' }, manifest, config };
const packed = gzipSync(JSON.stringify(kept)).toString('base64');
const secret: Secret = {
  metadata: {
    name: 'sh.helm.release.v1.r.v1',
    uid: 'r',
    labels: { owner: 'helm', name: 'r', version: '1', status: 'deployed' },
  },
  data: { release: Buffer.from(packed).toString('base64') },
};
const configMap = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { word: 'one' } },
  metadata: {
    ...{ name: 'plain', namespace: 'acme-ws', uid: 'c', resourceVersion: '5' },
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: {
      'meta.helm.sh/release-name': 'tenant-acme-self-cluster',
      'meta.helm.sh/release-namespace': 'acme-ws',
    },
  },
};
const condition = (type: string, status: string, reason: string) => ({
  ...{ type: `${type}/self-cluster`, status, reason, message: 'as asked for', observedGeneration: 3 },
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

/** Values that cannot be read: the Secret of that name is not there, unless there are `values`. The ConfigMap of the release is, or is not. */
async function withoutValues(configMapIs: 'there' | 'deleted', ready: string, values?: string) {
  const tenant = {
    metadata: {
      ...{ name: 'acme', namespace: 'tenants', uid: 'u1', generation: 3, resourceVersion: '7' },
      finalizers: ['mesh.openkcm.io/cleanup'],
    },
    spec: { workspace: 'acme-ws', valuesFrom: [{ kind: 'Secret', name: 'gone' }] },
    status: {
      phase: 'Ready',
      conditions: [condition('ClusterReady', ready === 'NoChange' ? 'True' : 'False', ready)],
    },
  } as Tenant;
  await using stage = await testStage({
    tenant,
    script: ({ url = '', method }, response) => {
      if (url.startsWith('/api/v1/namespaces/acme-ws/secrets'))
        return answerJson(response, 200, {
          kind: 'SecretList',
          metadata: { resourceVersion: '1' },
          items: [secret],
        });
      if (url.includes('/secrets/gone') && values !== undefined)
        return answerJson(response, 200, { data: { 'values.yaml': Buffer.from(values).toString('base64') } });
      if (url === '/api/v1') {
        const resources = [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['get'] }];
        return answerJson(response, 200, { kind: 'APIResourceList', groupVersion: 'v1', resources });
      }
      if (url.includes('/configmaps/plain') && configMapIs === 'there')
        return answerJson(response, 200, configMap);
      if (method === 'PATCH') return answerJson(response, 200, tenant);
      answerJson(response, 404, { kind: 'Status', reason: 'NotFound' });
    },
  });
  const { scene, world } = stage.context;
  const cluster = {
    ...scene.store,
    namespace: () => ({ metadata: { name: 'acme-ws' } }) as Namespace,
    live: { get: () => 'unwatched' },
  } as unknown as EngagedCluster;
  const spec = tenant.spec as typeof scene.spec;
  const here = { ...scene, spec, store: cluster, target: cluster };
  const found = await observer({ ...world, clusters: () => [cluster] })(here);
  const action = decide(found.observed);
  if (action.action === 'report-chart')
    await acts['report-chart']({ ...stage.context, scene: here, found, action });
  const written = stage.server.bodies.at(-1) as { status?: Tenant['status'] } | undefined;
  const conditions = written?.status?.conditions ?? [];
  const says = (type: string) => {
    const one = conditions.find((some) => some.type === `${type}/self-cluster`);
    return one && `${one.status} ${one.reason}: ${one.message}`;
  };
  return {
    does: `${action.action} ${action.reason}`,
    found,
    conceal: (message: string) => world.confidential.conceal(here.key, message),
    ready: says('ClusterReady'),
    error: says('ClusterError'),
  };
}

test('what is deleted by hand while values cannot be read is mended as it was rolled out', async () => {
  const { does, found } = await withoutValues('deleted', 'NoChange');
  expect(does).toBe('correct-drift DriftDetected');
  expect(found.wrong).toBe('ConfigMap plain is missing');
});

test('what runs well while values cannot be read stays as ready as it was, and is ready again once it is mended', async () => {
  const { does, ready, error } = await withoutValues('there', 'NoChange');
  expect(does).toBe('report-chart ValuesNotLoaded');
  expect(ready).toBe('True NoChange: as asked for');
  expect(error).toMatch(/^Unknown ValuesNotLoaded: Secret gone of namespace tenants/);
  expect((await withoutValues('there', 'DriftDetected')).ready).toMatch(
    /^True NoChange: .* as it was rolled out/,
  );
});

test('a failed upgrade stays failed while its values cannot be read', async () => {
  expect((await withoutValues('there', 'UpgradeFailed')).ready).toMatch(/^False UpgradeFailed/);
});

test('a Secret that was changed before the operator started is concealed as the release that runs has it', async () => {
  const { conceal } = await withoutValues('there', 'NoChange', 'password: new-password');
  expect(conceal('not new-password, but old-password')).toBe('not ***, but ***');
});
