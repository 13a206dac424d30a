// Whose a release is. Its Secret says so by the uid of a Tenant, and whoever may write Secrets in the workspace may have written that: it is believed
// only of a Tenant that can have rolled out a release of that name there. One of another Tenant is left alone until that Tenant is certainly gone.
import { hasFinalizer } from '../../controller/index.ts';
import type { Release } from '../helm/release.ts';
import { finalizer, mayBeReleaseOf, releaseName, selfCluster } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import type { Neighbour } from '../route.ts';
import { neighbours } from './refusal.ts';

/** `free`: its own, of before releases said whose they are, or of a Tenant that is nowhere any more. */
export type Holder =
  | { readonly is: 'free' | 'another' }
  /** A cluster that may store that Tenant is not engaged. */
  | { readonly is: 'unknown'; readonly why: string };

export function holderOf(world: OperatorWorld, scene: Scene, release: Release | undefined): Holder {
  if (release === undefined) return { is: 'free' };
  const { name, tenant: uid } = release;
  const namesakes = neighbours(world, scene).filter(
    (other) => hasRolledOut(other) && releaseName(other.id.name, scene.targetName) === name,
  );
  if (uid === scene.tenant.metadata?.uid) {
    // By another name: its cluster was called otherwise when it was rolled out.
    const isOwn = name === scene.release || (namesakes.length === 0 && mayBeReleaseOf(scene.id.name, name));
    return { is: isOwn ? 'free' : 'another' };
  }
  if (namesakes.some(({ tenant }) => tenant.metadata?.uid === uid)) return { is: 'another' };
  if (uid === undefined || isKnown(world, uid)) return { is: 'free' };
  const away = [selfCluster, scene.targetName].find((name) => world.cluster(name) === undefined);
  if (away === undefined) return { is: 'free' };
  const why = `release ${name} was rolled out by another Tenant (uid ${uid}), and cluster ${away}, which may store it, is not engaged`;
  return { is: 'unknown', why };
}

/** One that was refused from its first day has no release that could be written to be its own. */
function hasRolledOut({ tenant }: Neighbour): boolean {
  return hasFinalizer(tenant, finalizer) || tenant.status?.lastAppliedChart !== undefined;
}

function isKnown(world: OperatorWorld, uid: string): boolean {
  return world.clusters().some((cluster) => cluster.tenants().some(({ metadata }) => metadata?.uid === uid));
}
