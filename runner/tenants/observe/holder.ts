// Whose a release of one's own name is. One that is labelled with another Tenant's uid is left alone until it is certain that this Tenant is gone.
import type { Release } from '../helm/release.ts';
import { selfCluster } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';

/** `free`: its own, of before releases said whose they are, or of a Tenant that is nowhere any more. */
export type Holder =
  | { readonly is: 'free' | 'another' }
  /** A cluster that may store that Tenant is not engaged. */
  | { readonly is: 'unknown'; readonly why: string };

export function holderOf(
  world: OperatorWorld,
  { tenant, targetName }: Scene,
  release: Release | undefined,
): Holder {
  const uid = release?.tenant;
  if (release === undefined || uid === undefined || uid === tenant.metadata?.uid) return { is: 'free' };
  const isKnown = world
    .clusters()
    .some((cluster) => cluster.tenants().some(({ metadata }) => metadata?.uid === uid));
  if (isKnown) return { is: 'another' };
  const away = [selfCluster, targetName].find((name) => world.cluster(name) === undefined);
  if (away === undefined) return { is: 'free' };
  const why = `release ${release.name} was rolled out by another Tenant (uid ${uid}), and cluster ${away}, which may store it, is not engaged`;
  return { is: 'unknown', why };
}
