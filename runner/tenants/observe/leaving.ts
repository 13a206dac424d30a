// The look at a Tenant that is being deleted: which release of it is left, and who else uses its workspace.
import { hasFinalizer } from '../../controller/index.ts';
import { type Observed, ofAnother } from '../decide/observed.ts';
import { type Release, readReleases } from '../helm/release.ts';
import { finalizer, mayBeReleaseOf, releaseName } from '../names.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { type Neighbour, workspaceFate } from '../route.ts';
import { type Findings, nothingFound, type Refused } from './findings.ts';
import { holderOf } from './holder.ts';
import { neighbours } from './refusal.ts';
import { askedFor, problemOf } from './rollout.ts';
import { releaseSecrets, stateOf, workspaceOf } from './workspace.ts';

export async function leaving(
  world: OperatorWorld,
  scene: Scene,
  first: Observed,
  refused: Refused | undefined,
): Promise<Findings> {
  if (first.finalizer === 'missing') return { ...nothingFound, observed: first };
  await learnSecrets(world, scene);
  const namespace = scene.workspace === '' ? undefined : await workspaceOf(scene);
  const isAnothers = ofAnother.includes(first.refusal);
  const secrets =
    namespace === undefined
      ? []
      : await releaseSecrets(world, scene, namespace, 'owner=helm', isAnothers ? 'as it is' : 'granting');
  const releases = readReleases(secrets);
  const namesake = isAnothers ? undefined : releases.find(({ name }) => name === scene.release);
  const holder = holderOf(world, scene, namesake);
  if (holder.is === 'unknown')
    return { ...nothingFound, observed: { ...first, cluster: 'unknown' }, why: holder.why };
  const uid = scene.tenant.metadata?.uid;
  const release =
    releases.find((one) => one.tenant === uid && holderOf(world, scene, one).is === 'free') ??
    (holder.is === 'free' ? namesake : undefined);
  const users = neighbours(world, scene).filter((other) => isUser(other, scene, releases));
  const { annotations = {} } = namespace?.metadata ?? {};
  const others = users.map(({ id }) => id);
  const observed: Observed = {
    ...first,
    workspace: stateOf(namespace),
    workspaceFate: workspaceFate({ workspace: scene.workspace, annotations, id: scene.id, others }),
    release: release?.state ?? 'absent',
    attempt: world.attempts.state(scene.key, 'delete'),
  };
  return {
    ...nothingFound,
    observed,
    namespace,
    release,
    users,
    why: release?.trouble ?? (isAnothers ? (refused?.why ?? '') : ''),
  };
}

/** What Helm says of an uninstall may quote them. One that cannot be read any more hinders no deletion. */
async function learnSecrets(world: OperatorWorld, scene: Scene): Promise<void> {
  if (world.confidential.knows(scene.key)) return;
  try {
    await askedFor(world, scene);
  } catch (error) {
    problemOf(error);
  }
}

/**
 * One without the finalizer has rolled out nothing, and would take nothing away. One that is going, too, counts only as long as its release is
 * there: the workspace goes with whichever of them is the last. Each looks after its own release has gone, so at least one of them sees no other's.
 */
function isUser({ id, tenant }: Neighbour, { targetName }: Scene, releases: readonly Release[]): boolean {
  if (!hasFinalizer(tenant, finalizer)) return false;
  if (tenant.metadata?.deletionTimestamp === undefined) return true;
  const name = releaseName(id.name, targetName);
  return releases.some(
    (release) =>
      release.name === name ||
      (release.tenant === tenant.metadata?.uid && mayBeReleaseOf(id.name, release.name)),
  );
}
