// Writes what changes of a Tenant's status, and tells its phase. Nothing is written where nothing changes.
import { wordsOf } from '../errors/index.ts';
import { isKubeError, pause } from '../kube/index.ts';
import { type OperatorWorld, type Scene, shown, tell } from './operator-world.ts';
import { type Said, type StatusChange, statusAfter } from './status.ts';
import { type Tenant, tenants } from './tenant.ts';

/** Thrown after the last try; the reconcile is repeated after `afterMs`. */
export class StatusUnwritable extends Error {
  readonly afterMs = 45_000;
}

const tries = 3;
/** Once this long, then twice: what cuts a connection often cuts the next one, too. */
const betweenMs = 500;

export async function recordStatus(
  world: OperatorWorld,
  scene: Scene,
  change: StatusChange,
): Promise<Tenant> {
  const { tenant, id, store } = scene;
  const status = statusAfter(tenant, sayable(world, scene, change), {
    cluster: scene.targetName,
    now: world.clock.now(),
    chartProblems: world.settings.chartProblems,
  });
  if (status === tenant.status) return tenant;
  const ref = { namespace: id.namespace, name: id.name };
  const patch = { type: 'merge', body: { metadata: { uid: tenant.metadata?.uid }, status } } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const written = await store.client.patch(tenants, ref, patch, {
        subresource: 'status',
        signal: scene.signal,
      });
      world.counts.statusWrite();
      if (status.phase !== tenant.status?.phase)
        tell(
          world,
          { ...scene, tenant: written },
          { type: 'Normal', reason: 'PhaseSet', message: status.phase ?? '' },
        );
      return written;
    } catch (error) {
      scene.signal.throwIfAborted();
      // It is gone, or another of its name has come.
      if (isKubeError(error, 'CHR_KUBE_NOT_FOUND', 'CHR_KUBE_CONFLICT')) return { ...tenant, status };
      if (attempt < tries) {
        await pause(world.clock, betweenMs * attempt, scene.signal);
        continue;
      }
      const message = wordsOf(error);
      tell(world, scene, { type: 'Warning', reason: 'StatusUpdateFailed', message });
      throw new StatusUnwritable(message);
    }
  }
}

function sayable(world: OperatorWorld, { key }: Scene, change: StatusChange): StatusChange {
  const of = ([status, reason, message]: Said): Said => [status, reason, shown(world, key, message)];
  const { ready, error, progress } = change;
  return {
    ...change,
    ...(ready && { ready: of(ready) }),
    ...(error && { error: of(error) }),
    ...(progress && { progress: of(progress) }),
  };
}
