// One Tenant, one step after the other: observe, decide, act, record, until there is nothing more to do or something has to be waited for.

import { hasFinalizer, type ReconcileContext, type ReconcileResult } from '../controller/index.ts';
import { wordsOf } from '../errors/index.ts';
import { isKubeError } from '../kube/index.ts';
import { acts, type Context } from './act/index.ts';
import { slotUseOf, waitingForHelm } from './act/slot.ts';
import type { EngagedCluster } from './cluster/engaged.ts';
import { type Action, decide } from './decide/decide.ts';
import type { HelmSlots } from './helm/slots.ts';
import { finalizer, releaseName } from './names.ts';
import { invalidFindings } from './observe/invalid.ts';
import { observer } from './observe/observe.ts';
import { reaching } from './observe/reach.ts';
import type { OperatorWorld } from './operator-world.ts';
import type { Places } from './places.ts';
import { recordStatus, StatusUnwritable } from './record.ts';
import { lookedAtOn } from './route.ts';
import type { StatusChange } from './status.ts';
import { idOfKey, placeOf, readSpec, type Tenant } from './tenant.ts';

export type ReconcileTenant = (key: string, context: ReconcileContext) => Promise<ReconcileResult>;

/** Steps in a row; a Tenant that needs more of them waits a moment, so that it cannot keep a worker for ever. */
const mostSteps = 12;
const breathMs = 1_000;
/** Failures in a row before they are said: a remote far away loses a request now and then, and that is no news. */
const failuresOfTrouble = 5;

/** Writes into `known` where each release is. What takes none of the `slots` changes nothing by Helm. */
export function reconciler(world: OperatorWorld, known: Places, slots: HelmSlots): ReconcileTenant {
  const observe = observer(world);
  /** What this process wrote last, until the watch has shown it. */
  const written = new Map<string, Tenant>();
  /** Uids of those that were let go, until the watch has shown it: a look at one would grant rights in its workspace again. */
  const ended = new Map<string, string | undefined>();

  function forget(key: string): void {
    written.delete(key);
    world.attempts.succeeded(key);
    world.corrections.forget(key);
    world.confidential.forget(key);
    known.forget(key);
  }

  /** The watch may be behind. Once it was not, it is right: an API server that is restored from a backup goes back to an older version. */
  function latest(key: string, seen: Tenant): Tenant {
    const tenant = newer(seen, written.get(key));
    if (tenant === seen) written.delete(key);
    return tenant;
  }

  return async (key, { signal, failures }) => {
    using visit = slots.visit(key);
    const id = idOfKey(key);
    const store = world.cluster(id.storedOn);
    const seen = store?.tenant(`${id.namespace}/${id.name}`);
    if (store === undefined || seen === undefined) {
      ended.delete(key);
      forget(key);
      return {};
    }
    if (ended.has(key) && ended.get(key) === seen.metadata?.uid && hasFinalizer(seen, finalizer)) return {};
    ended.delete(key);
    let tenant = latest(key, seen);
    let rolledOut: Context['rolledOut'];
    for (let step = 0; step < mostSteps; step += 1) {
      const reading = readSpec(tenant);
      const spec = reading.kind === 'valid' ? reading.spec : placeOf(tenant);
      const targetName = lookedAtOn(id.storedOn, tenant);
      if (targetName === undefined) return {};
      const scene = reaching(world, {
        ...{ key, id, tenant, spec, store, targetName, signal },
        target: world.cluster(targetName),
        release: releaseName(id.name, spec.clusterRef?.secretName ?? targetName),
        workspace: spec.workspace,
      });
      if (scene.target === undefined && world.standing(targetName).is === 'joining')
        return { requeueAfterMs: breathMs };
      known.set(key, { cluster: targetName, workspace: scene.workspace, release: scene.release });
      const record = async (change: StatusChange) => {
        tenant = await recordStatus(world, { ...scene, tenant }, change);
        if (tenant !== seen) written.set(key, tenant);
        return tenant;
      };
      let action: Action | undefined;
      let silence: AbortSignal | undefined;
      try {
        // A Tenant that is being deleted is taken away as far as it can be read.
        const isReadable = reading.kind === 'valid' || tenant.metadata?.deletionTimestamp !== undefined;
        const found = isReadable ? await observe(scene) : invalidFindings(scene, reading.problem);
        action = decide(found.observed);
        const use = slotUseOf(action);
        silence = use && visit.take(targetName, use);
        if (use !== undefined && silence === undefined) {
          await record(waitingForHelm(world, targetName, action));
          return { requeueAfterMs: world.settings.checkIntervalMs };
        }
        // It fell silent after the look: nobody would end the call any more.
        if (silence !== undefined && isAway(world.cluster(targetName))) continue;
        const acting =
          silence === undefined ? scene : { ...scene, signal: AbortSignal.any([signal, silence]) };
        const outcome = await acts[action.action]({
          ...{ world, scene: acting, found, action, rolledOut, record },
        });
        if (outcome.next === 'gone') {
          ended.set(key, tenant.metadata?.uid);
          forget(key);
          return {};
        }
        if (outcome.next === 'done')
          return outcome.afterMs === undefined ? {} : { requeueAfterMs: outcome.afterMs };
        tenant = newer(outcome.tenant ?? tenant, tenant);
        if (tenant !== seen) written.set(key, tenant);
        rolledOut = outcome.rolledOut ?? rolledOut;
      } catch (error) {
        if (error instanceof StatusUnwritable) return { requeueAfterMs: error.afterMs };
        signal.throwIfAborted();
        if (silence?.aborted) {
          visit.give();
          continue;
        }
        // One request that fails tells nothing of its cluster. Where that has fallen silent meanwhile, the next look says so.
        if (action === undefined && isAway(world.cluster(targetName))) continue;
        if (isNews(action, error) || failures + 1 >= failuresOfTrouble) await record(trouble(action, error));
        throw error;
      }
    }
    return { requeueAfterMs: breathMs };
  };
}

function isAway(target: EngagedCluster | undefined): boolean {
  return target === undefined || target.trouble() !== undefined;
}

/** What is refused (a right that the operator lacks) and what is our own fault does not pass by itself, as these do. */
function isNews(action: Action | undefined, error: unknown): boolean {
  return action !== undefined && !isKubeError(error, ...passing);
}

const passing = [
  ...(['CHR_KUBE_CONFLICT', 'CHR_KUBE_NOT_FOUND', 'CHR_KUBE_TOO_MANY_REQUESTS'] as const),
  ...(['CHR_KUBE_SERVER', 'CHR_KUBE_UNREACHABLE', 'CHR_KUBE_TIMEOUT'] as const),
];

/** Whatever goes wrong is seen in the status, not only in the log. */
function trouble(action: Action | undefined, error: unknown): StatusChange {
  const words = wordsOf(error);
  if (action === undefined)
    return { error: ['Unknown', 'LookFailed', words], ready: ['Unknown', 'LookFailed', words] };
  const reason = isKubeError(error) ? 'ActionRefused' : 'ActionFailed';
  return { error: ['Unknown', reason, `${action.action}: ${words}`] };
}

/** Of one object the one that was written later. */
function newer(one: Tenant, other: Tenant | undefined): Tenant {
  if (other === undefined || other.metadata?.uid !== one.metadata?.uid) return one;
  const [a, b] = [one, other].map(({ metadata }) => Number(metadata?.resourceVersion ?? 0));
  return (b ?? 0) > (a ?? 0) ? other : one;
}
