// Actions that change nothing in a cluster: they say how things are.

import { findCondition } from '../../controller/index.ts';
import { releasedObjects } from '../drift/manifest.ts';
import { reasonsIn } from '../observe/evidence.ts';
import type { Findings } from '../observe/findings.ts';
import { attemptOf } from '../observe/observe.ts';
import { tell } from '../operator-world.ts';
import type { StatusChange } from '../status.ts';
import type { Act, Context } from './context.ts';
import { keepFingerprint } from './rollout.ts';

/** Nothing can be done now: the Tenant says so, once, and is looked at again in case a change was missed. */
function said(status: 'True' | 'Unknown'): Act {
  return async ({ world, scene, found, action, record }) => {
    const words = [action.reason, found.why] as const;
    const after = await record({
      error: [status, ...words],
      ready: [status === 'True' ? 'False' : 'Unknown', ...words],
      progress: ['False', action.reason, ''],
    });
    if (after !== scene.tenant)
      tell(world, scene, { type: 'Warning', reason: action.reason, message: found.why });
    return { next: 'done', afterMs: world.settings.checkIntervalMs };
  };
}

/** Only the Tenant's author or an operator can mend it. */
export const refuse = said('True');
export const reportRelease = said('True');
export const reportCluster = said('Unknown');

/** Nobody looks at it, so nobody knows how it is. */
export const pauseTenant: Act = async ({ record, action, found }) => {
  const words = [action.reason, found.why] as const;
  await record({ ready: ['Unknown', ...words], progress: ['False', ...words] });
  return { next: 'done' };
};

const chartEvents: Readonly<Record<string, string>> = {
  VersionInvalid: 'ChartVersionInvalid',
  VersionNotFound: 'ChartVersionNotFound',
};
const chartRetryMs = 30_000;
const chartRetryWhileReadyMs = 120_000;

/** Once per generation: the same problem again changes no condition and sends no event. */
export const reportChart: Act = async (context) => {
  const { world, scene, found, action, record } = context;
  const words = [action.reason, found.why] as const;
  const change: StatusChange = {
    error: ['Unknown', ...words],
    progress: ['False', action.reason, ''],
    ...readyWithoutChart(context),
  };
  if ((await record(change)) !== scene.tenant) {
    const reason = chartEvents[action.reason] ?? action.reason;
    tell(world, scene, {
      type: 'Warning',
      reason,
      message: `${found.why} (chart not loaded; skipping helm action)`,
    });
  }
  const isHidden = world.settings.chartProblems === 'hide-while-ready';
  return { next: 'done', afterMs: isHidden ? chartRetryWhileReadyMs : chartRetryMs };
};

/** What runs goes on running, ready or not: only what was asked for last cannot be had. */
function readyWithoutChart({ scene, found, action }: Context): Pick<StatusChange, 'ready'> {
  if (found.release?.state !== 'deployed') return { ready: ['False', action.reason, found.why] };
  if (found.wrong !== '') return { ready: ['False', wrongReason(found), found.wrong] };
  const type = `ClusterReady/${scene.targetName}`;
  const before = findCondition(scene.tenant.status?.conditions ?? [], type);
  const isOver = before?.status === 'Unknown' || wrongReasons.includes(before?.reason ?? '');
  if (!isOver) return {};
  return { ready: ['True', 'NoChange', `${scene.release} is as it was rolled out`] };
}

const wrongReasons = ['DriftDetected', 'NotReady'];
const wrongReason = ({ observed }: Findings) => wrongReasons[observed.drift === 'found' ? 0 : 1] ?? '';

/** What failed is said as long as it cools, whatever was said in between: its cluster may have been away. */
export const awaitRetry: Act = async ({ world, scene, found, action, record }) => {
  const tried = action.reason === 'DriftCorrectionFailed' ? 'drift' : 'release';
  await record(world.attempts.said(scene.key, attemptOf(scene, found.rollout), tried) ?? {});
  return { next: 'done', afterMs: Math.max(world.attempts.remainingMs(scene.key, tried), 100) };
};

export const reportTests: Act = async (context) => awaitRetry(context);

const healthLookMs = 10_000;

export const awaitHealth: Act = async ({ world, scene, found, action, record }) => {
  const names = releasedObjects(found.release?.manifest ?? '').map(({ name }) => name);
  const reasons = await reasonsIn({ world, scene }, names);
  const message = [found.wrong, ...reasons].join('; ');
  await record({
    ready: ['False', action.reason, message],
    progress: ['False', action.reason, ''],
    ...errorOfTests({ world, scene, found }),
  });
  return { next: 'done', afterMs: healthLookMs };
};

/** The status is the record: an event comes only when it changes. */
export const warnDrift: Act = async ({ world, scene, found, action, record }) => {
  const { wrong } = found;
  const after = await record({
    ready: ['False', action.reason, wrong],
    progress: ['False', action.reason, ''],
    ...errorOfTests({ world, scene, found }),
  });
  if (after !== scene.tenant) {
    world.counts.drift(scene.targetName, 'warn');
    tell(world, scene, { type: 'Warning', reason: action.reason, message: wrong });
  }
  return { next: 'done', afterMs: world.settings.checkIntervalMs };
};

/** Tests that failed have failed, also while something else keeps them from being run again. */
function errorOfTests({ world, scene, found }: Pick<Context, 'world' | 'scene' | 'found'>): StatusChange {
  if (found.observed.tests !== 'failed') return { error: ['False', 'NoError', ''] };
  const error = world.attempts.said(scene.key, attemptOf(scene, found.rollout))?.error;
  if (error?.[1] === 'TestFailed') return { error };
  const before = findCondition(scene.tenant.status?.conditions ?? [], `ClusterError/${scene.targetName}`);
  return before?.reason === 'TestFailed' ? {} : { error: ['False', 'NoError', ''] };
}

export const settle: Act = async (context) => {
  const { world, scene, found, action, record, rolledOut } = context;
  world.attempts.succeeded(scene.key);
  if (found.rollout !== undefined) await keepFingerprint(context, found.rollout.fingerprint);
  const before = findCondition(scene.tenant.status?.conditions ?? [], `ClusterReady/${scene.targetName}`);
  const isNew =
    rolledOut !== undefined || isFresh(before, scene.tenant.metadata?.generation, world.clock.now());
  const reason = rolledOut ?? (isNew ? (before?.reason ?? action.reason) : action.reason);
  const message =
    reason === 'NoChange' ? `${scene.release} is as asked for` : `${scene.release}: ${reason.toLowerCase()}`;
  await record({
    ready: ['True', reason, message],
    error: ['False', 'NoError', ''],
    progress: ['False', 'Settled', ''],
  });
  if (reason === 'NoChange' && before?.reason !== 'NoChange')
    tell(world, scene, { type: 'Normal', reason: 'HelmSkip', message: 'fingerprint unchanged' });
  return { next: 'done', afterMs: world.settings.checkIntervalMs };
};

const freshMs = 5_000;

/** A rollout's own events call for another look within moments; it would be a pity to overwrite "Installed" then. */
function isFresh(
  ready: { reason: string; lastTransitionTime: string; observedGeneration?: number } | undefined,
  generation: number | undefined,
  now: Date,
): boolean {
  if (ready === undefined || ready.observedGeneration !== generation) return false;
  if (!['Installed', 'Upgraded'].includes(ready.reason)) return false;
  return now.getTime() - Date.parse(ready.lastTransitionTime) < freshMs;
}
