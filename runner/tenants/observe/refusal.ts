// Why a Tenant must not be rolled out at all, whatever its release looks like.
import { isAllowed, ociSource } from '../chart/source.ts';
import { workspaceOwner } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { collision, isForbiddenWorkspace, type Neighbour, ownerOf, sameRelease, targetOf } from '../route.ts';
import { idOfTenant, placeOf } from '../tenant.ts';
import type { Refused } from './findings.ts';

export function refusalOf(world: OperatorWorld, scene: Scene): Refused | undefined {
  const { spec, workspace } = scene;
  const { settings } = world;
  if (spec.chart !== undefined)
    return refused(
      'ChartFieldRemoved',
      "spec.chart is no field any more: remove it. The chart is the operator's setting; where --allowed-chart-repos allows it, write spec.chartFrom",
    );
  const secretNamespace = spec.clusterRef?.secretNamespace;
  if (secretNamespace !== undefined && secretNamespace !== settings.namespace)
    return refused(
      'ClusterRefInvalid',
      `clusterRef.secretNamespace is ${secretNamespace}, and kubeconfig Secrets are only taken from ${settings.namespace}`,
    );
  // Beside the operator's account a release could be the operator.
  const own = [...settings.ownNamespaces, scene.target?.ownNamespace ?? settings.namespace];
  if (isForbiddenWorkspace(workspace, own))
    return refused('WorkspaceForbidden', `nothing is rolled out into namespace ${workspace}`);
  return placeRefusal(world, scene) ?? chartRefusal(world, scene);
}

/**
 * Whoever a workspace was made for has it, whatever else is stored anywhere: a Tenant that comes into view later (its cluster was away) takes
 * nothing from the one that runs. Where nobody made it, the older Tenant has it.
 */
function placeRefusal(world: OperatorWorld, scene: Scene): Refused | undefined {
  const { workspace, id, tenant, target, targetName, release } = scene;
  const others = neighbours(world, scene);
  const owner = target?.namespace(workspace)?.metadata?.annotations?.[workspaceOwner];
  if (owner === ownerOf(id)) return undefined;
  const older = owner === undefined ? others : others.filter((other) => ownerOf(other.id) === owner);
  const hit =
    owner === undefined
      ? collision({ id, tenant, workspace, target: targetName }, older)
      : sameRelease({ id, tenant, workspace, target: targetName }, older);
  if (hit?.refusal === 'ReleaseNameConflict')
    return refused(hit.refusal, `release ${release} in ${workspace} belongs to ${hit.with}, which was first`);
  if (hit !== undefined)
    return refused(hit.refusal, `workspace ${workspace} belongs to ${hit.with}, which was first`);
  if (owner === undefined) return undefined;
  return refused('WorkspaceOfAnother', `workspace ${workspace} was made for Tenants of ${owner}`);
}

function chartRefusal({ settings }: OperatorWorld, { spec }: Scene): Refused | undefined {
  if (spec.chartFrom === undefined) return undefined;
  const repo = 'oci' in spec.chartFrom ? ociSource(spec.chartFrom.oci).repo : spec.chartFrom.repo;
  if (isAllowed(repo, settings.allowedChartRepos)) return undefined;
  return refused(
    'ChartNotAllowed',
    `spec.chartFrom names ${repo}, which --allowed-chart-repos does not allow`,
  );
}

/** Other Tenants that go to the same cluster and workspace, wherever they are stored. */
export function neighbours(world: OperatorWorld, { id, targetName, workspace }: Scene): Neighbour[] {
  return world.clusters().flatMap((cluster) =>
    cluster.tenants().flatMap((tenant): Neighbour[] => {
      const other = idOfTenant(cluster.name, tenant);
      // One whose spec was made invalid still has what it rolled out before.
      const place = placeOf(tenant);
      if (place.workspace !== workspace) return [];
      if (targetOf(cluster.name, place.clusterRef) !== targetName) return [];
      const isSelf =
        other.storedOn === id.storedOn && other.namespace === id.namespace && other.name === id.name;
      return isSelf ? [] : [{ id: other, tenant, workspace }];
    }),
  );
}

function refused(refusal: Refused['refusal'], why: string): Refused {
  return { refusal, why };
}
