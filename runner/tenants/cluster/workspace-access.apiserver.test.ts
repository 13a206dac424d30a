// What a release may do, asked of a real API server with the real Helm: inside of its workspace as its account; beyond it only by the group that is
// impersonated beside the account, never by being that account.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tgz } from '../../../fixtures/tenants/tar.ts';
import { clientOf, type KubeObject, resource, resources } from '../../kube/index.ts';
import { type ApiServerStage, describeWithApiServer, eventually } from '../../kube/testing/index.ts';
import { callHelm } from '../helm/process.ts';
import { accessOf } from '../kubeconfig/access.ts';
import { grant, releaseUser, wideGroup } from './workspace-access.ts';

const helm = resolve(import.meta.dirname, '../../../.kind/bin/helm');
const missing = existsSync(helm) ? undefined : 'helm is not here: `make tools` brings it';
const clusterRoles = resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', 'Cluster');
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
  const workspace = 'shared-ws';
  const user = releaseUser(workspace);

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
  }, 120_000);

  afterAll(() => folder && rmSync(folder, { recursive: true, force: true }));

  test('the account alone gets nothing of what is for the group, and the group beside it does', async () => {
    const kubeconfig = accessOf(api.server.kubeconfig(), 'refuse').forClient(user);
    const [narrow, wide] = [clientOf(kubeconfig), clientOf(kubeconfig, { asGroup: wideGroup })];
    try {
      for (const client of [narrow, wide])
        await eventually(() => client.list(resources.secrets, { namespace: workspace }));
      await eventually(() => wide.list(beyond, {}));
      await expect(narrow.list(beyond, {})).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
      await expect(wide.list(resources.secrets, {})).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
    } finally {
      await Promise.all([narrow.close(), wide.close()]);
    }
  });

  test('Helm likewise', async () => {
    const install = (release: string, group?: string) =>
      callHelm({
        ...{ binary: helm, deadlineMs: 120_000, signal: new AbortController().signal },
        args: ['install', release, join(folder, 'beyond.tgz'), '--namespace', workspace],
        kubeconfig: accessOf(api.server.kubeconfig(), 'refuse').forHelm(user, group),
      });
    const refused = await install('narrow');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`User "${user}" cannot`);
    expect(await install('wide', wideGroup)).toMatchObject({ code: 0, stderr: '' });
    expect(await api.admin.find(beyond, { name: 'wide' })).toBeDefined();
  });
}
