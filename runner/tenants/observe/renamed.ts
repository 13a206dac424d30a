// A release of this Tenant under the name that its cluster had before. It would run on beside the one of the new name, or its objects would keep
// Helm from making that one; and to take it away because a Secret was renamed could take data with it. So it is told, and nothing is rolled out.
import type { Namespace } from '../../kube/index.ts';
import { readReleases } from '../helm/release.ts';
import { selfCluster, tenantLabel } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { holderOf } from './holder.ts';
import { releaseSecrets } from './workspace.ts';

/** In words, what is there and what to do; undefined where there is none. */
export type FormerRelease = (scene: Scene, namespace: Namespace) => Promise<string | undefined>;

const mostKnown = 50_000;

/** One request for each Tenant and name of its cluster: under another name only an operator that knew the cluster by it has rolled out. */
export function formerRelease(world: OperatorWorld): FormerRelease {
  const without = new Map<string, string>();
  return async (scene, namespace) => {
    const { key, release, workspace, targetName } = scene;
    const uid = scene.tenant.metadata?.uid ?? '';
    const asked = `${uid} ${release}`;
    if (without.get(key) === asked) return undefined;
    const selector = `owner=helm,${tenantLabel}=${uid},name!=${release}`;
    const former = readReleases(await releaseSecrets(world, scene, namespace, selector)).find(
      (one) => one.name !== release && one.tenant === uid && holderOf(world, scene, one).is === 'free',
    );
    if (former !== undefined) {
      // The operator makes the Secret of its own cluster itself.
      const back = targetName === selfCluster ? '' : `give Secret ${targetName} that name again, or `;
      return `release ${former.name} in ${workspace} was rolled out when this cluster had another name: ${back}take the release away: helm uninstall ${former.name} -n ${workspace}`;
    }
    if (without.size > mostKnown) without.clear();
    without.set(key, asked);
    return undefined;
  };
}
