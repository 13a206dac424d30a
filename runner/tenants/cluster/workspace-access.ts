// What a release may do: the ServiceAccount of its workspace, bound to one ClusterRole inside of it. Helm and the operator act as it there.
// Whoever has a Pod in the workspace can be that account, so what goes beyond the workspace is bound to a group that only the operator can add.
import { isDeepStrictEqual } from 'node:util';
import {
  isKubeError,
  type KubeClient,
  type KubeObject,
  type Resource,
  resource,
  resources,
} from '../../kube/index.ts';
import { partOf } from '../names.ts';
import { group } from '../tenant.ts';

export const releaseAccount = 'tenant-release';
/** Nobody is in it: the operator impersonates it beside the account. Its ClusterRoleBinding has the same name. */
export const wideGroup = `${group}:wide-releases`;

export function releaseUser(workspace: string): string {
  return `system:serviceaccount:${workspace}:${releaseAccount}`;
}

const rbac = 'rbac.authorization.k8s.io';
const clusterRoleBindings = resource(`${rbac}/v1`, 'ClusterRoleBinding', 'clusterrolebindings', 'Cluster');

export interface Rights {
  readonly workspaceClusterRole: string;
  /** In the whole cluster. Empty: none. */
  readonly chartClusterRole: string;
}

/** Makes what is missing. A binding that says anything else, of its role or of whom it is for, is made anew. */
export async function grant(client: KubeClient, workspace: string, rights: Rights): Promise<void> {
  const metadata = { name: releaseAccount, namespace: workspace, labels: partOf };
  await made(client, resources.serviceAccounts, {
    metadata,
    automountServiceAccountToken: false,
  } as KubeObject);
  const account = { kind: 'ServiceAccount', name: releaseAccount, namespace: workspace };
  await bound(client, resources.roleBindings, metadata, account, rights.workspaceClusterRole);
  if (rights.chartClusterRole === '') return;
  const everywhere = { name: wideGroup, labels: partOf };
  const members = { apiGroup: rbac, kind: 'Group', name: wideGroup };
  await bound(client, clusterRoleBindings, everywhere, members, rights.chartClusterRole);
}

/** For a workspace that stays. */
export async function revoke(client: KubeClient, workspace: string): Promise<void> {
  const ref = { name: releaseAccount, namespace: workspace };
  await removed(client, resources.roleBindings, ref);
  await removed(client, resources.serviceAccounts, ref);
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
  subject: object,
  role: string,
): Promise<void> {
  const binding = {
    metadata,
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [subject],
  };
  const present = (await client.find(kind, metadata)) as Partial<typeof binding> | undefined;
  const { roleRef, subjects } = binding;
  if (isDeepStrictEqual([present?.roleRef, present?.subjects], [roleRef, subjects])) return;
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
