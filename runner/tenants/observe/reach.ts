// How far a release may reach. What --chart-cluster-role allows beyond the workspace is for the operator's own chart, where no other chart is near:
// Helm does what it finds in the release's Secret, which every Pod of the workspace's account may write.
import type { Namespace } from '../../kube/index.ts';
import type { Rights } from '../cluster/workspace-access.ts';
import type { Observed } from '../decide/observed.ts';
import { chartChosen } from '../names.ts';
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

/** Whether it is written down that a chart of a Tenant's own choice runs here. */
export function markOf(
  { settings }: OperatorWorld,
  { tenant }: Scene,
  namespace: Namespace | undefined,
): Observed['mark'] {
  const isDue = settings.chartClusterRole !== '' && choosesChart(tenant);
  return isDue && !isMarked(namespace) ? 'missing' : 'set';
}

function isMarked(namespace: Namespace | undefined): boolean {
  return namespace?.metadata?.annotations?.[chartChosen] === 'true';
}

/** Tenants of other namespaces have no chart in this workspace: they are refused. */
function isOwnChart(world: OperatorWorld, scene: Scene): boolean {
  if (world.settings.chartClusterRole === '' || choosesChart(scene.tenant)) return false;
  // What such a chart has written into a release's Secret stays there when it is gone.
  if (isMarked(scene.target?.namespace(scene.workspace))) return false;
  return !neighbours(world, scene).some(
    ({ id, tenant }) => choosesChart(tenant) && ownerOf(id) === ownerOf(scene.id),
  );
}

/** Also where the rest of its spec cannot be read. */
function choosesChart({ spec }: Tenant): boolean {
  return (spec as { chartFrom?: unknown } | undefined)?.chartFrom !== undefined;
}
