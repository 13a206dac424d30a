// How far a release may reach. What --chart-cluster-role allows beyond the workspace is for the operator's own chart, where no other chart is near:
// Helm does what it finds in the release's Secret, which every Pod of the workspace's account may write.
import type { Rights } from '../cluster/workspace-access.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { ownerOf } from '../route.ts';
import type { Tenant } from '../tenant.ts';
import { neighbours } from './refusal.ts';

export function rightsFor(world: OperatorWorld, scene: Scene): Rights {
  const { workspaceClusterRole, chartClusterRole } = world.settings;
  return { workspaceClusterRole, chartClusterRole: isOwnChart(world, scene) ? chartClusterRole : '' };
}

/** The same, its target acting with the rights that this Tenant has. */
export function reaching(world: OperatorWorld, scene: Scene): Scene {
  const { target } = scene;
  if (target === undefined || rightsFor(world, scene).chartClusterRole === '') return scene;
  return { ...scene, target: { ...target, as: (workspace) => target.as(workspace, 'wide') } };
}

/** Tenants of other namespaces have no chart in this workspace: they are refused. */
function isOwnChart(world: OperatorWorld, scene: Scene): boolean {
  if (world.settings.chartClusterRole === '' || choosesChart(scene.tenant)) return false;
  return !neighbours(world, scene).some(
    ({ id, tenant }) => choosesChart(tenant) && ownerOf(id) === ownerOf(scene.id),
  );
}

/** Also where the rest of its spec cannot be read. */
function choosesChart({ spec }: Tenant): boolean {
  return (spec as { chartFrom?: unknown } | undefined)?.chartFrom !== undefined;
}
