// Every name that others can see on objects: release, finalizer, annotations, labels. Changing one breaks what is installed.
import { createHash } from 'node:crypto';
import { group } from './tenant.ts';

export const selfCluster = 'self-cluster';
export const finalizer = `${group}/cleanup`;
/** On a Tenant, with the value `true`: let go of what stays behind on a cluster that cannot be reached. */
export const letGoAnnotation = `${group}/let-go`;
/** On a workspace: which Tenants' namespace it was made for, `<cluster>/<namespace>`. Only such namespaces are deleted again. */
export const workspaceOwner = `${group}/workspace-of`;
/**
 * On a workspace, with the value `true`: a chart that a Tenant chose runs or ran there. Accounts of a workspace may write Secrets and no
 * namespaces, so what it leaves behind may be forged, and this mark is not.
 */
export const chartChosen = `${group}/chart-chosen`;
/** On a release's Secret: the first 40 digits of the fingerprint, written by Helm together with the release itself. */
export const fingerprintLabel = `${group}/fingerprint`;
/** On a release's Secret: the first 40 digits of the chart archive's sha256. */
export const chartDigestLabel = `${group}/chart-digest`;
/** On a release's Secret: uid of the Tenant that rolled it out. It is this Tenant's own, however either is called by now. */
export const tenantLabel = `${group}/tenant`;
/** On objects that the operator makes in and around a workspace. */
export const partOf = { 'app.kubernetes.io/managed-by': 'tenant-operator' } as const;

export const eventSource = 'multicluster-tenants';

export function fingerprintAnnotation(cluster: string): string {
  return `${group}/fingerprint-${cluster}`;
}

/** What a label can hold of a digest. */
export function labelOf(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 40);
}

const longestReleaseName = 53;
const hashLength = 10;
const longestBeginning = longestReleaseName - hashLength - 1;

/**
 * `tenant-<tenant>-<cluster>`. Helm takes 53 characters of lower case letters, digits and dashes: a longer name, or one with dots, keeps its
 * beginning and ends in a hash of the whole, so that two never meet.
 */
export function releaseName(tenant: string, cluster: string): string {
  const whole = `tenant-${tenant}-${cluster}`;
  if (whole.length <= longestReleaseName && !whole.includes('.')) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, hashLength);
  const beginning = whole.replaceAll('.', '-').slice(0, longestBeginning);
  return `${beginning.replace(/-+$/, '')}-${hash}`;
}

/** Whether a release of this Tenant may have this name, on a cluster of whatever name. */
export function mayBeReleaseOf(tenant: string, release: string): boolean {
  const whole = `tenant-${tenant}-`;
  const beginning = whole.replaceAll('.', '-').slice(0, longestBeginning).replace(/-+$/, '');
  return release.startsWith(whole) || release.startsWith(`${beginning}-`);
}
