// What a release may do, asked of a real API server with the real Helm: inside of its workspace as its account; beyond it only by the group that is
// impersonated beside the account, never by being that account.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tgz } from '../../../fixtures/tenants/tar.ts';
import { type KubeObject, resource, resources } from '../../kube/index.ts';
import { type ApiServerStage, describeWithApiServer, eventually } from '../../kube/testing/index.ts';
import { callHelm } from '../helm/process.ts';
import { accessOf } from '../kubeconfig/access.ts';
import { type EngagedCluster, engage } from './engaged.ts';
import { grant, releaseUser } from './workspace-access.ts';

const helm = resolve(import.meta.dirname, '../../../.kind/bin/helm');
const missing = existsSync(helm) ? undefined : 'helm is not here: `make tools` brings it';
const clusterRoles = resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', 'Cluster');
const clusterRoleBindings = resource(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  'Cluster',
);
const beyond = resource('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', 'Cluster');
const archive = tgz([
  { path: 'beyond/Chart.yaml', text: 'apiVersion: v2\nname: beyond\nversion: 1.0.0\n' },
  {
    path: 'beyond/templates/beyond.yaml',
    text: 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: "{{ .Release.Name }}" }\nvalue: 7\n',
  },
]);

describeWithApiServer('rights of a release', tests, missing);

function tests(api: ApiServerStage): void {
  let folder: string;
  let cluster: EngagedCluster;
  const workspace = 'shared-ws';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tenant-rights-'));
    writeFileSync(join(folder, 'beyond.tgz'), archive);
    const role = (name: string, group: string, kinds: string[]) => {
      const rules = [{ apiGroups: [group], resources: kinds, verbs: ['*'] }];
      return eventually(() => api.admin.create(clusterRoles, { metadata: { name }, rules } as KubeObject));
    };
    await role('inside', '', ['secrets', 'configmaps']);
    await role('beyond', 'scheduling.k8s.io', ['priorityclasses']);
    await api.admin.create(resources.namespaces, { metadata: { name: workspace } });
    const rights = { workspaceClusterRole: 'inside', chartClusterRole: 'beyond' };
    await grant(api.admin, workspace, rights);
    // Safe to repeat.
    await grant(api.admin, workspace, rights);
    const subject = { kind: 'ServiceAccount', namespace: 'ops', name: 'operator' };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
    const bound = { metadata: { name: 'operator' }, roleRef, subjects: [subject] };
    await eventually(() => api.admin.create(clusterRoleBindings, bound as KubeObject));
    const access = accessOf(api.server.kubeconfig(), 'refuse');
    const forClient = (as = 'system:serviceaccount:ops:operator') => access.forClient(as);
    const nothing = () => {};
    cluster = await engage({
      ...{ name: 'self-cluster', access: { ...access, forClient } },
      ...{ watchNamespaces: [], crd: 'ensure', signal: AbortSignal.timeout(100_000), fence: (one) => one },
      ...{ onRequest: nothing, onTenant: nothing, onNamespace: nothing, onTrouble: nothing },
      ...{ onRelease: nothing, onError: nothing },
    });
  }, 120_000);

  afterAll(async () => {
    await cluster?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('the account alone gets nothing of what is for the group, and the group beside it does', async () => {
    const [narrow, wide] = [cluster.as(workspace).client, cluster.as(workspace, 'wide').client];
    for (const client of [narrow, wide])
      await eventually(() => client.list(resources.secrets, { namespace: workspace }));
    await eventually(() => wide.list(beyond, {}));
    await expect(narrow.list(beyond, {})).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
    await expect(wide.list(resources.secrets, {})).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
  });

  test("the namespace of the operator's own account is known, so that no release comes near it", () => {
    expect(cluster.ownNamespace).toBe('ops');
  });

  test('Helm likewise', async () => {
    const install = (release: string, reach?: 'wide') =>
      callHelm({
        ...{ binary: helm, deadlineMs: 120_000, signal: new AbortController().signal },
        args: ['install', release, join(folder, 'beyond.tgz'), '--namespace', workspace],
        kubeconfig: cluster.as(workspace, reach).helmKubeconfig,
      });
    const refused = await install('narrow');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`User "${releaseUser(workspace)}" cannot`);
    expect(await install('wide', 'wide')).toMatchObject({ code: 0, stderr: '' });
    expect(await api.admin.find(beyond, { name: 'wide' })).toBeDefined();
  });
}
