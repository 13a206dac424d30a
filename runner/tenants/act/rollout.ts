// Install and upgrade: told before, done by Helm, told after; a failure carries the Pods' own words and is remedied as the Tenant says.
import { wordsOf } from '../../errors/index.ts';
import { isKubeError, resources } from '../../kube/index.ts';
import { shownAs } from '../chart/source.ts';
import { grant } from '../cluster/workspace-access.ts';
import { releasedObjects } from '../drift/manifest.ts';
import {
  installRelease,
  type Revision,
  rollbackRelease,
  uninstallRelease,
  upgradeRelease,
} from '../helm/commands.ts';
import { readRelease, releaseSelector } from '../helm/release.ts';
import { fingerprintAnnotation } from '../names.ts';
import { reasonsIn } from '../observe/evidence.ts';
import { attemptOf } from '../observe/observe.ts';
import { rightsFor } from '../observe/reach.ts';
import { tell } from '../operator-world.ts';
import { tenants } from '../tenant.ts';
import type { Act, Context, Outcome } from './context.ts';
import { failing } from './failing.ts';
import { helmOptions, releaseAt, timeoutOf } from './helm.ts';

const verbs = {
  install: {
    start: 'HelmInstallStart',
    done: 'HelmInstalled',
    failed: 'InstallFailed',
    under: 'Installing',
    over: 'InstallComplete',
    result: 'Installed',
  },
  upgrade: {
    start: 'HelmUpgradeStart',
    done: 'HelmUpgraded',
    failed: 'UpgradeFailed',
    under: 'Upgrading',
    over: 'UpgradeComplete',
    result: 'Upgraded',
  },
} as const;

export const install: Act = (context) => roll('install', context);
export const upgrade: Act = (context) => roll('upgrade', context);

async function roll(verb: 'install' | 'upgrade', context: Context): Promise<Outcome> {
  const { world, scene, found, action, record } = context;
  const { rollout } = found;
  if (rollout?.chart === undefined || scene.target === undefined) throw new Error(`${verb} without a chart`);
  const words = verbs[verb];
  // The last word before Helm: the Tenant may have been deleted or changed while its chart was fetched.
  const fresh = await scene.store.client.find(tenants, refOf(context), { signal: scene.signal });
  const { uid, generation, deletionTimestamp } = fresh?.metadata ?? {};
  if (fresh === undefined || uid !== scene.tenant.metadata?.uid) return { next: 'done' };
  if (deletionTimestamp !== undefined || generation !== scene.tenant.metadata?.generation)
    return { next: 'again', tenant: fresh };
  if (verb === 'install' && hasRunBefore(context))
    tell(world, scene, {
      type: 'Warning',
      reason: 'ReleaseMissing',
      message: `release ${scene.release} is not there any more`,
    });
  const message = `${words.under} ${scene.release}: ${shownAs(rollout.source)} (${action.reason})`;
  await record({ progress: ['True', words.under, message], ready: ['Unknown', words.under, message] });
  tell(world, scene, {
    type: 'Normal',
    reason: words.start,
    message: `${scene.release}: ${shownAs(rollout.source)} (${action.reason})`,
  });
  await grant(scene.target.client, scene.workspace, rightsFor(world, scene));
  const order = {
    ...releaseAt(scene),
    chart: rollout.chart.path,
    values: rollout.values,
    fingerprint: rollout.fingerprint,
    chartDigest: rollout.chart.digest,
    tenant: uid ?? '',
    timeoutMs: timeoutOf(context, verb),
  };
  let revision: Revision;
  try {
    revision = await (verb === 'install' ? installRelease : upgradeRelease)(order, helmOptions(context));
  } catch (error) {
    scene.signal.throwIfAborted();
    return failed(verb, context, error);
  }
  world.attempts.succeeded(scene.key);
  tell(world, scene, {
    type: 'Normal',
    reason: words.done,
    message: `${scene.release}${revision === undefined ? '' : `, revision ${revision}`}: ${shownAs(rollout.source)}`,
  });
  await keepFingerprint(context, rollout.fingerprint);
  const tenant = await record({
    progress: ['False', words.over, ''],
    error: ['False', 'NoError', ''],
    appliedChart: shownAs(rollout.source),
    chartDigest: rollout.chart.digest,
  });
  return { next: 'again', tenant, rolledOut: words.result };
}

async function failed(verb: 'install' | 'upgrade', context: Context, error: unknown): Promise<Outcome> {
  const { world, scene, found } = context;
  const words = verbs[verb];
  const reasons = await reasonsIn(context, await workloadsOf(context));
  const message = [...reasons, wordsOf(error)].join('; ');
  const what = attemptOf(scene, found.rollout);
  await failing(context, { what, reason: words.failed, event: `Helm${words.failed}`, message });
  if (verb === 'upgrade') await remedy(context);
  return { next: 'done', afterMs: world.attempts.remainingMs(scene.key) };
}

/** After a failed upgrade. A failed install is taken away before the next try (see decide), so that what is wrong can be looked at until then. */
async function remedy(context: Context): Promise<void> {
  const { world, scene, found } = context;
  const remediation = scene.spec.remediation ?? world.settings.remediation;
  const revision = found.release?.state === 'deployed' ? found.release.revision : found.release?.rollbackTo;
  if (remediation === 'none') return;
  try {
    if (remediation === 'rollback' && revision !== undefined) {
      await rollbackRelease(
        { ...releaseAt(scene), revision, timeoutMs: timeoutOf(context, 'rollback') },
        helmOptions(context),
      );
      tell(world, scene, {
        type: 'Warning',
        reason: 'HelmRolledBack',
        message: `${scene.release}: back to revision ${revision}`,
      });
    }
    if (remediation === 'uninstall') {
      const order = {
        ...releaseAt(scene),
        timeoutMs: timeoutOf(context, 'uninstall'),
        hooks: 'run',
      } as const;
      await uninstallRelease(order, helmOptions(context));
      tell(world, scene, {
        type: 'Warning',
        reason: 'HelmUninstalled',
        message: `${scene.release}: after a failed upgrade`,
      });
    }
  } catch (error) {
    scene.signal.throwIfAborted();
    tell(world, scene, { type: 'Warning', reason: 'HelmRollbackFailed', message: wordsOf(error) });
  }
}

/** Names of what the failed revision consists of, hooks included. */
async function workloadsOf({ scene }: Context): Promise<string[]> {
  const { target, workspace, release } = scene;
  if (target === undefined) return [];
  try {
    const selection = { namespace: workspace, labelSelector: releaseSelector(release) };
    const { items } = await target.as(workspace).client.list(resources.secrets, selection);
    const latest = readRelease(items);
    if (latest === undefined) return [];
    return [...releasedObjects(latest.manifest).map(({ name }) => name), ...latest.hooks];
  } catch {
    return [];
  }
}

/** What people and other programs look at; the operator itself goes by what Helm keeps with the release. */
export async function keepFingerprint(context: Context, fingerprint: string): Promise<void> {
  const { world, scene } = context;
  const annotation = fingerprintAnnotation(scene.targetName);
  if (scene.tenant.metadata?.annotations?.[annotation] === fingerprint) return;
  const body = { metadata: { uid: scene.tenant.metadata?.uid, annotations: { [annotation]: fingerprint } } };
  try {
    await scene.store.client.patch(tenants, refOf(context), { type: 'merge', body });
    tell(world, scene, { type: 'Normal', reason: 'FingerprintUpdated', message: fingerprint });
  } catch (error) {
    if (isKubeError(error, 'CHR_KUBE_NOT_FOUND')) return;
    tell(world, scene, { type: 'Warning', reason: 'FingerprintUpdateFailed', message: wordsOf(error) });
  }
}

function hasRunBefore({ scene }: Context): boolean {
  return scene.tenant.metadata?.annotations?.[fingerprintAnnotation(scene.targetName)] !== undefined;
}

function refOf({ scene: { id } }: Context) {
  return { namespace: id.namespace, name: id.name };
}
