// One Tenant, one step after the other: observe, decide, act, record, until there is nothing more to do or something has to be waited for.
import type { ReconcileContext, ReconcileResult } from '../controller/index.ts';
import { isKubeError } from '../kube/index.ts';
import { acts, type Context } from './act/index.ts';
import { decide } from './decide/decide.ts';
import { releaseName } from './names.ts';
import type { Findings } from './observe/findings.ts';
import { observer } from './observe/observe.ts';
import { invalidFindings, unreachableFindings } from './observe/without-cluster.ts';
import type { OperatorWorld, Scene } from './operator-world.ts';
import type { Places } from './places.ts';
import { recordStatus, StatusUnwritable } from './record.ts';
import { targetOf } from './route.ts';
import { idOfKey, placeOf, readSpec, type Tenant } from './tenant.ts';

export type ReconcileTenant = (key: string, context: ReconcileContext) => Promise<ReconcileResult>;

/** Steps in a row; a Tenant that needs more of them waits a moment, so that it cannot keep a worker for ever. */
const mostSteps = 12;
const breathMs = 1_000;

/** Writes into `known` where each release is. */
export function reconciler(world: OperatorWorld, known: Places): ReconcileTenant {
  const observe = observer(world);
  /** What this process wrote last: the watch may be behind. */
  const written = new Map<string, Tenant>();

  function forget(key: string): void {
    written.delete(key);
    world.attempts.succeeded(key);
    world.confidential.forget(key);
    known.forget(key);
  }

  return async (key, { signal }) => {
    const id = idOfKey(key);
    const store = world.cluster(id.storedOn);
    const seen = store?.tenant(`${id.namespace}/${id.name}`);
    if (store === undefined || seen === undefined) {
      forget(key);
      return {};
    }
    let tenant = newer(seen, written.get(key));
    let rolledOut: Context['rolledOut'];
    for (let step = 0; step < mostSteps; step += 1) {
      const reading = readSpec(tenant);
      const spec = reading.kind === 'valid' ? reading.spec : placeOf(tenant);
      const targetName = targetOf(id.storedOn, spec.clusterRef);
      if (targetName === undefined) return {};
      const scene: Scene = {
        ...{ key, id, tenant, spec, store, targetName, signal },
        target: world.cluster(targetName),
        release: releaseName(id.name, targetName),
        workspace: spec.workspace,
      };
      if (scene.target === undefined && world.standing(targetName).is === 'joining')
        return { requeueAfterMs: breathMs };
      known.set(key, { cluster: targetName, workspace: scene.workspace, release: scene.release });
      let trouble: unknown;
      let found: Findings;
      try {
        // A Tenant that is being deleted is taken away as far as it can be read.
        const isReadable = reading.kind === 'valid' || tenant.metadata?.deletionTimestamp !== undefined;
        found = isReadable ? await observe(scene) : invalidFindings(scene, reading.problem);
      } catch (error) {
        signal.throwIfAborted();
        if (!isKubeError(error)) throw error;
        trouble = error;
        found = unreachableFindings(scene, error.message);
      }
      const action = decide(found.observed);
      const context: Context = {
        ...{ world, scene, found, action, rolledOut },
        record: async (change) => {
          tenant = await recordStatus(world, { ...scene, tenant }, change);
          written.set(key, tenant);
          return tenant;
        },
      };
      try {
        const outcome = await acts[action.action](context);
        // Its backoff, and not a fixed time, says when a cluster in trouble is asked again.
        if (trouble !== undefined && outcome.next !== 'gone') throw trouble;
        if (outcome.next === 'gone') {
          forget(key);
          return {};
        }
        if (outcome.next === 'done')
          return outcome.afterMs === undefined ? {} : { requeueAfterMs: outcome.afterMs };
        tenant = newer(outcome.tenant ?? tenant, tenant);
        written.set(key, tenant);
        rolledOut = outcome.rolledOut ?? rolledOut;
      } catch (error) {
        if (error instanceof StatusUnwritable) return { requeueAfterMs: error.afterMs };
        if (trouble === undefined && !signal.aborted) await sayRefusal(context, error);
        throw error;
      }
    }
    return { requeueAfterMs: breathMs };
  };
}

/** What an API server refuses again and again (a right that the operator lacks) is seen in the status, not only in the log. */
async function sayRefusal({ action, record }: Context, error: unknown): Promise<void> {
  if (!isKubeError(error) || ['CHR_KUBE_CONFLICT', 'CHR_KUBE_NOT_FOUND'].includes(error.code)) return;
  await record({ error: ['Unknown', 'ActionRefused', `${action.action}: ${error.message}`] });
}

/** Of one object the one that was written later; resource versions of one object only grow. */
function newer(one: Tenant, other: Tenant | undefined): Tenant {
  if (other === undefined || other.metadata?.uid !== one.metadata?.uid) return one;
  const [a, b] = [one, other].map(({ metadata }) => Number(metadata?.resourceVersion ?? 0));
  return (b ?? 0) > (a ?? 0) ? other : one;
}
