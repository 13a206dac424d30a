// The whole operator with a real API server and the real Helm: rolled out, repaired, interrupted, taken away. No kubelet is there, so the
// chart consists of a ConfigMap; what Pods do is proven in real clusters (suites/tenants).
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KubeObject, resource, resources, type Secret } from '../kube/index.ts';
import { type ApiServerStage, describeWithApiServer, eventually } from '../kube/testing/index.ts';
import { archive, digest, interrupted } from './helm/release-testing.ts';
import { runOperator, settingsOf } from './index.ts';
import { type Tenant, tenants } from './tenant.ts';

const helm = resolve(import.meta.dirname, '../../.kind/bin/helm');
const missing = existsSync(helm) ? undefined : 'helm is not here: `make tools` brings it';
const clusterRoles = resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', 'Cluster');

describeWithApiServer('the operator', tests, missing);

function tests(api: ApiServerStage): void {
  let charts: Server;
  let folder: string;
  let running: { readonly stop: () => Promise<void> };
  const helmCalls: string[] = [];

  function operate(): { readonly stop: () => Promise<void> } {
    const stop = new AbortController();
    const env = {
      WATCH_KUBECONFIG: join(folder, 'kubeconfig'),
      KUBECONFIG: join(folder, 'kubeconfig'),
      ENSURE_WATCH_CRDS: 'yes',
    };
    const { port } = charts.address() as AddressInfo;
    const settings = settingsOf(
      {
        ...{ chartRepo: `http://127.0.0.1:${port}`, chartName: 'plain', chartVersion: '1.0.0' },
        ...{ chartInstallCrds: 'false', workspaceClusterRole: 'of-releases', helmTimeout: '60s' },
        ...{ leaderElection: 'false', metricsPort: '0', healthPort: '0' },
      },
      env,
      undefined,
    );
    const work = mkdtempSync(join(folder, 'work-'));
    const log = (line: string) => void helmCalls.push(line);
    const done = runOperator(
      { settings, env, folder: work, helmBinary: helm, serviceAccountFolder: '/nowhere', log },
      stop.signal,
    );
    return {
      stop: async () => {
        stop.abort(new Error('end of test'));
        await done;
      },
    };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenant-operator-test-'));
    charts = createServer((request, response) => {
      const index = `entries:\n  plain:\n    - { version: 1.0.0, digest: ${digest}, urls: [plain.tgz] }\n`;
      response.end(request.url === '/index.yaml' ? index : archive);
    }).listen(0, '127.0.0.1');
    writeFileSync(join(folder, 'kubeconfig'), api.server.kubeconfig());
    const rules = [{ apiGroups: [''], resources: ['configmaps', 'secrets', 'pods', 'events'], verbs: ['*'] }];
    await eventually(() =>
      api.admin.create(clusterRoles, { metadata: { name: 'of-releases' }, rules } as KubeObject),
    );
    running = operate();
  }, 180_000);

  afterAll(async () => {
    await running?.stop();
    charts?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const place = (name: string) => ({ namespace: 'default', name });
  const phaseOf = async (name: string) => (await api.admin.find(tenants, place(name)))?.status?.phase;
  const becomes = <Value>(look: () => Promise<Value>, wanted: Value) =>
    eventually(look, (now) => now === wanted);
  const ready = (name: string) => becomes(() => phaseOf(name), 'Ready');
  const apply = (name: string, spec: object) =>
    eventually(() => api.admin.create(tenants, { metadata: place(name), spec } as Tenant));
  const word = async (workspace: string) =>
    (await api.admin.find(resources.configMaps, { namespace: workspace, name: 'plain' }))?.data?.word;
  const releases = async (workspace: string) =>
    (await api.admin.list(resources.secrets, { namespace: workspace, labelSelector: 'owner=helm' })).items;
  const states = async (workspace: string) =>
    (await releases(workspace))
      .map(({ metadata }) => `${metadata?.labels?.version} ${metadata?.labels?.status}`)
      .toSorted();
  const eventsOf = async (name: string) =>
    (await api.admin.list(resources.events, { namespace: 'default' })).items
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ reason }) => reason);

  const reasonsOf = async (name: string) =>
    (await api.admin.get(tenants, place(name))).status?.conditions?.map(({ reason }) => reason) ?? [];
  const says = (name: string, reason: string) =>
    eventually(
      () => reasonsOf(name),
      (all) => all.includes(reason),
    );
  const wordIs = (workspace: string, text: string) => becomes(() => word(workspace), text);
  const gone = (name: string) => becomes(() => api.admin.find(tenants, place(name)), undefined);
  const change = (name: string, spec: object) =>
    api.admin.patch(tenants, place(name), { type: 'merge', body: { spec } });

  /** No namespace controller is here: what is being deleted is let go of by hand. */
  const finalize = async (name: string) => {
    const namespace = await eventually(
      () => api.admin.find(resources.namespaces, { name }),
      (one) => one?.metadata?.deletionTimestamp !== undefined,
    );
    if (namespace === undefined) return;
    await api.admin.replace(
      resources.namespaces,
      { ...namespace, spec: { finalizers: [] } },
      { subresource: 'finalize' },
    );
  };

  test('K12 K24 K25 K29 K31 K44 a Tenant is rolled out where it is stored, and says so', async () => {
    await apply('first', { workspace: 'first-ws' });
    await ready('first');
    const tenant = await api.admin.get(tenants, place('first'));
    expect(tenant.metadata?.finalizers).toEqual(['mesh.openkcm.io/cleanup']);
    expect(tenant.metadata?.annotations?.['mesh.openkcm.io/fingerprint-self-cluster']).toMatch(
      /^[0-9a-f]{64}$/,
    );
    expect(tenant.status?.chartDigest).toBe(`sha256:${digest}`);
    expect(await word('first-ws')).toBe('one');
    expect(await states('first-ws')).toEqual(['1 deployed']);
    const told = await eventually(
      () => eventsOf('first'),
      (all) => all.includes('PhaseSet'),
    );
    expect(told).toEqual(
      expect.arrayContaining(['WorkspaceCreated', 'HelmInstallStart', 'HelmInstalled', 'FingerprintUpdated']),
    );
    const { items } = await api.admin.list(resources.events, { namespace: 'default' });
    const installed = items.filter(({ reason }) => reason === 'HelmInstalled').map(({ message }) => message);
    expect(installed[0]).toMatch(/^tenant-first-self-cluster, revision 1: http/);
  }, 120_000);

  test('a Tenant that is suspended is not Ready, and is again when it goes on', async () => {
    await change('first', { suspend: true });
    await says('first', 'Suspended');
    expect(await phaseOf('first')).toBe('Pending');
    await change('first', { suspend: null });
    await ready('first');
  }, 120_000);

  test('drift is mended without a new revision, by whatever it came: edit, deletion, label', async () => {
    const ref = { namespace: 'first-ws', name: 'plain' };
    await api.admin.patch(resources.configMaps, ref, { type: 'merge', body: { data: { word: 'wrong' } } });
    await wordIs('first-ws', 'one');
    await api.admin.delete(resources.configMaps as never, ref);
    await wordIs('first-ws', 'one');
    await api.admin.patch(resources.configMaps, ref, {
      type: 'merge',
      body: { metadata: { labels: { app: null, 'app.kubernetes.io/managed-by': null } } },
    });
    await eventually(
      async () => (await api.admin.get(resources.configMaps, ref)).metadata?.labels?.app,
      (app) => app === 'plain',
    );
    await ready('first');
    expect(await states('first-ws')).toEqual(['1 deployed']);
    expect(await eventsOf('first')).toContain('RepairTriggered');
  }, 120_000);

  test('K30 K50 other values upgrade once; after that nothing is written', async () => {
    await change('first', { values: { word: 'two' } });
    await wordIs('first-ws', 'two');
    await ready('first');
    expect(await states('first-ws')).toEqual(['1 superseded', '2 deployed']);
    await running.stop();
    // A look within five seconds of a rollout keeps its word.
    await sleep(5_500);
    running = operate();
    await says('first', 'NoChange');
    await eventually(
      () => eventsOf('first'),
      (all) => all.includes('HelmSkip'),
    );
    const { resourceVersion } = (await api.admin.get(tenants, place('first'))).metadata ?? {};
    const count = (await eventsOf('first')).length;
    await api.admin.patch(tenants, place('first'), {
      type: 'merge',
      body: { metadata: { annotations: { look: 'again' } } },
    });
    await apply('second', { workspace: 'second-ws' });
    await ready('second');
    expect((await eventsOf('first')).length).toBe(count);
    expect(Number((await api.admin.get(tenants, place('first'))).metadata?.resourceVersion)).toBeGreaterThan(
      Number(resourceVersion),
    );
    expect(await states('first-ws')).toEqual(['1 superseded', '2 deployed']);
  }, 120_000);

  /** As Helm leaves it when it is killed in the middle. */
  async function interrupt(workspace: string, status: string): Promise<void> {
    const latest = (await releases(workspace)).toSorted(
      (a, b) => Number(b.metadata?.labels?.version) - Number(a.metadata?.labels?.version),
    )[0] as Secret;
    await api.admin.replace(resources.secrets, interrupted(latest, status));
  }

  test('an interrupted first install is installed again, an interrupted upgrade is unlocked and done', async () => {
    await running.stop();
    await interrupt('second-ws', 'pending-install');
    await interrupt('first-ws', 'pending-upgrade');
    running = operate();
    await eventually(
      () => states('second-ws'),
      (all) => all.join() === '1 deployed',
    );
    await eventually(
      () => states('first-ws'),
      (all) => all.at(-1) === '3 deployed',
    );
    await ready('first');
    await ready('second');
    expect(await eventsOf('second')).toContain('InstallInterrupted');
    expect(await eventsOf('first')).toContain('UpgradeInterrupted');
    expect(await word('first-ws')).toBe('two');
  }, 120_000);

  test('K23 K46 a Tenant for a cluster that is not there does nothing here, says why, and can be deleted', async () => {
    await apply('elsewhere', { workspace: 'elsewhere-ws', clusterRef: { secretName: 'nobody' } });
    await eventually(
      () => phaseOf('elsewhere'),
      (phase) => phase === 'Pending',
    );
    const { metadata, status } = await api.admin.get(tenants, place('elsewhere'));
    expect(metadata?.finalizers ?? []).toEqual([]);
    expect(status?.conditions?.map(({ type, reason }) => `${type} ${reason}`)).toContain(
      'ClusterError/nobody ClusterNotEngaged',
    );
    expect(await api.admin.find(resources.namespaces, { name: 'elsewhere-ws' })).toBeUndefined();
    await api.admin.delete(tenants as never, place('elsewhere'));
    await gone('elsewhere');
  }, 60_000);

  test('K65 spec.chart of an older CRD is refused with what to do', async () => {
    const refused = api.admin.create(tenants, {
      metadata: place('old'),
      spec: { workspace: 'old-ws', chart: { name: 'x' } },
    } as Tenant);
    await expect(refused).rejects.toThrow(/spec.chart is no field any more: remove it/);
  });

  test('what is deleted by hand while values cannot be read comes back as it was rolled out', async () => {
    await change('first', { valuesFrom: [{ kind: 'ConfigMap', name: 'nobody' }] });
    await says('first', 'ValuesNotLoaded');
    await api.admin.delete(resources.configMaps as never, { namespace: 'first-ws', name: 'plain' });
    await wordIs('first-ws', 'two');
    expect(await phaseOf('first')).not.toBe('Ready');
    await change('first', { valuesFrom: null });
    await ready('first');
  }, 60_000);

  test('what a Tenant has rolled out is taken away, also where it is refused by now', async () => {
    await apply('third', { workspace: 'third-ws' });
    await ready('third');
    const annotations = { 'mesh.openkcm.io/workspace-of': 'remote-a/default' };
    const body = { metadata: { annotations } };
    await api.admin.patch(resources.namespaces, { name: 'third-ws' }, { type: 'merge', body });
    await says('third', 'WorkspaceOfAnother');
    expect(await word('third-ws')).toBe('one');
    await api.admin.delete(tenants as never, place('third'));
    await gone('third');
    expect(await word('third-ws')).toBeUndefined();
    expect(await releases('third-ws')).toEqual([]);
    const kept = await api.admin.get(resources.namespaces, { name: 'third-ws' });
    expect(kept.metadata?.deletionTimestamp).toBeUndefined();
  }, 60_000);

  test('K45 K47 deleting takes release and workspace away, and the name can come again', async () => {
    for (const round of ['once', 'again']) {
      if (round === 'again') {
        await apply('second', { workspace: 'second-ws' });
        await ready('second');
      }
      await api.admin.delete(tenants as never, place('second'));
      await finalize('second-ws');
      await gone('second');
      expect(
        await api.admin.find(resources.configMaps, { namespace: 'second-ws', name: 'plain' }),
      ).toBeUndefined();
      expect(await releases('second-ws')).toEqual([]);
    }
    await ready('first');
  }, 180_000);
}
