// What a release may do: the ServiceAccount of its workspace, bound to one ClusterRole inside of it. Helm and the operator act as it there.
import { createHash } from 'node:crypto';
import {
  isKubeError,
  type KubeClient,
  type KubeObject,
  type Resource,
  resource,
  resources,
} from '../../kube/index.ts';
import { partOf } from '../names.ts';

export const releaseAccount = 'tenant-release';

export function releaseUser(workspace: string): string {
  return `system:serviceaccount:${workspace}:${releaseAccount}`;
}

const clusterRoleBindings = resource(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  'Cluster',
);

export interface Rights {
  readonly workspaceClusterRole: string;
  /** Empty: this operator never gives any, and has no right to. */
  readonly chartClusterRole: string;
  /** Whether this release is of the operator's own chart. */
  readonly chart: 'own' | 'of the Tenant';
}

/** Makes what is missing. What is there already stays as it is, unless it is bound to another role. */
export async function grant(client: KubeClient, workspace: string, rights: Rights): Promise<void> {
  const metadata = { name: releaseAccount, namespace: workspace, labels: partOf };
  await made(client, resources.serviceAccounts, {
    metadata,
    automountServiceAccountToken: false,
  } as KubeObject);
  await bound(client, resources.roleBindings, metadata, workspace, rights.workspaceClusterRole);
  const wide = { name: wideName(workspace), labels: partOf };
  if (rights.chartClusterRole === '') return;
  if (rights.chart === 'of the Tenant') await removed(client, clusterRoleBindings, wide);
  else await bound(client, clusterRoleBindings, wide, workspace, rights.chartClusterRole);
}

/** For a workspace that stays. */
export async function revoke(client: KubeClient, workspace: string, rights: Rights): Promise<void> {
  await revokeWide(client, workspace, rights);
  const ref = { name: releaseAccount, namespace: workspace };
  await removed(client, resources.roleBindings, ref);
  await removed(client, resources.serviceAccounts, ref);
}

/** What lies outside of a workspace that goes: all else goes with it. */
export async function revokeWide(
  client: KubeClient,
  workspace: string,
  { chartClusterRole }: Rights,
): Promise<void> {
  if (chartClusterRole !== '') await removed(client, clusterRoleBindings, { name: wideName(workspace) });
}

/** Two names of 63 characters do not fit into one. */
function wideName(workspace: string): string {
  return `${releaseAccount}-${createHash('sha256').update(workspace).digest('hex').slice(0, 16)}`;
}

interface Named {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
}

async function bound(
  client: KubeClient,
  kind: Resource<KubeObject>,
  metadata: Named,
  workspace: string,
  role: string,
): Promise<void> {
  const binding = {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: releaseAccount, namespace: workspace }],
  };
  const present = (await client.find(kind, metadata)) as typeof binding | undefined;
  if (present !== undefined && present.roleRef.name === role) return;
  // A binding's role cannot be changed.
  if (present !== undefined) await removed(client, kind, metadata);
  await made(client, kind, binding);
}

async function made(client: KubeClient, kind: Resource<KubeObject>, object: KubeObject): Promise<void> {
  try {
    await client.create(kind, object);
  } catch (error) {
    if (!isKubeError(error, 'CHR_KUBE_ALREADY_EXISTS')) throw error;
  }
}

async function removed(
  client: KubeClient,
  kind: Resource<KubeObject>,
  { name, namespace }: Named,
): Promise<void> {
  try {
    await client.delete(kind as Resource<never>, namespace === undefined ? { name } : { name, namespace });
  } catch (error) {
    if (!isKubeError(error, 'CHR_KUBE_NOT_FOUND')) throw error;
  }
}
