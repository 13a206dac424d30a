// Where a Tenant is rolled out, which others it collides with, and what may be taken away with it. Pure, over the Tenants that are known.
import { hasFinalizer } from '../controller/index.ts';
import type { Refusal } from './decide/observed.ts';
import { finalizer, releaseName, selfCluster, workspaceOwner } from './names.ts';
import { placeOf, type Tenant, type TenantId, type TenantSpec } from './tenant.ts';

/**
 * The cluster that a Tenant is rolled out to, or undefined where it is not ours to say: a Tenant stored at home may name any cluster, one
 * stored on a remote only that remote itself (it is somebody else's otherwise, and left alone).
 */
export function targetOf(storedOn: string, clusterRef: TenantSpec['clusterRef']): string | undefined {
  const named = clusterRef?.secretName ?? storedOn;
  if (named === storedOn || storedOn === selfCluster) return named;
  return undefined;
}

/**
 * The cluster that looks after it: where it is rolled out, and of one that waits for its finalizer, wherever clusterRef points by now, where it
 * is stored. Only an operator that knew its cluster by that name has set the finalizer; nobody else would say why it stays.
 */
export function lookedAtOn(storedOn: string, tenant: Tenant): string | undefined {
  const isWaiting = tenant.metadata?.deletionTimestamp !== undefined && hasFinalizer(tenant, finalizer);
  return targetOf(storedOn, placeOf(tenant).clusterRef) ?? (isWaiting ? storedOn : undefined);
}

/** A Tenant that is rolled out to the same cluster. */
export interface Neighbour {
  readonly id: TenantId;
  readonly tenant: Tenant;
  readonly workspace: string;
}

export interface Claim extends Neighbour {
  readonly target: string;
}

export interface Collision {
  readonly refusal: Refusal;
  /** In words. */
  readonly with: string;
}

/** `mine` is refused where an earlier Tenant has the release's name, or where the workspace belongs to another namespace's Tenants. */
export function collision(mine: Claim, others: readonly Neighbour[]): Collision | undefined {
  const earlier = others.filter(
    (other) =>
      other.workspace === mine.workspace &&
      other.tenant.metadata?.uid !== mine.tenant.metadata?.uid &&
      isBefore(other, mine),
  );
  const sameName = sameRelease(mine, earlier);
  if (sameName !== undefined) return sameName;
  const foreign = earlier.find(({ id }) => ownerOf(id) !== ownerOf(mine.id));
  return foreign === undefined ? undefined : { refusal: 'WorkspaceOfAnother', with: shown(foreign.id) };
}

/** The first of them whose release would be called like mine. */
export function sameRelease(mine: Claim, others: readonly Neighbour[]): Collision | undefined {
  const hit = others.find(
    ({ id }) => releaseName(id.name, mine.target) === releaseName(mine.id.name, mine.target),
  );
  return hit === undefined ? undefined : { refusal: 'ReleaseNameConflict', with: shown(hit.id) };
}

/** The older one; of one second, the one with the smaller uid, so that every operator says the same. */
function isBefore(one: Neighbour, other: Neighbour): boolean {
  const [a, b] = [one, other].map(({ tenant }) => tenant.metadata ?? {});
  const [first = '', second = ''] = [a?.creationTimestamp, b?.creationTimestamp];
  return first === second ? (a?.uid ?? '') < (b?.uid ?? '') : first < second;
}

/** Value of the annotation on a workspace: Tenants of one namespace may share one. */
export function ownerOf({ storedOn, namespace }: TenantId): string {
  return `${storedOn}/${namespace}`;
}

function shown({ storedOn, namespace, name }: TenantId): string {
  return `Tenant ${namespace}/${name} of ${storedOn}`;
}

/** Namespaces of the cluster itself, and the operator's own: nobody rolls out there. */
export function isForbiddenWorkspace(workspace: string, ownNamespaces: readonly string[]): boolean {
  return workspace.startsWith('kube-') || ownNamespaces.includes(workspace);
}

export interface WorkspaceFacts {
  readonly workspace: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly id: TenantId;
  /** Tenants that use the same workspace on the same cluster, other than this one; also those that are refused there. */
  readonly others: readonly TenantId[];
}

export function workspaceFate({ workspace, annotations, id, others }: WorkspaceFacts): 'delete' | 'keep' {
  if (workspace === '' || workspace.toLowerCase() === 'default' || workspace.startsWith('kube-'))
    return 'keep';
  // Whoever is refused uses nothing: only Tenants of one namespace share a workspace that was made for them.
  if (others.some((other) => ownerOf(other) === ownerOf(id))) return 'keep';
  return annotations[workspaceOwner] === ownerOf(id) ? 'delete' : 'keep';
}
