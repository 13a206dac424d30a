// The one decision of a reconcile: from what was observed to one action and its reason. No clock, no I/O. docs/tenants.md shows the same as a
// table, and the tests run through that table.
import { type ChartState, type Observed, ofAnother, type Refusal } from './observed.ts';

export const actions = [
  'nothing',
  'refuse',
  'report-cluster',
  'pause',
  'add-finalizer',
  'create-workspace',
  'mark-workspace',
  'await-workspace-gone',
  'clear-release',
  'unlock-release',
  'report-release',
  'report-chart',
  'await-retry',
  'install',
  'upgrade',
  'warn-drift',
  'correct-drift',
  'run-tests',
  'report-tests',
  'await-health',
  'settle',
  'keep-finalizer',
  'let-go',
  'uninstall',
  'delete-workspace',
  'remove-finalizer',
] as const;
export type ActionName = (typeof actions)[number];

export interface Action {
  readonly action: ActionName;
  /** CamelCase, one word: what conditions and events carry. */
  readonly reason: string;
}

export function decide(seen: Observed): Action {
  return seen.asked === 'absent' ? towardsAbsence(seen) : towardsPresence(seen);
}

function towardsAbsence(seen: Observed): Action {
  if (seen.finalizer === 'missing') return act('nothing', 'NotOurs');
  if (seen.cluster !== 'engaged') {
    if (seen.letGo === 'yes') return act('let-go', 'LetGo');
    return act('keep-finalizer', clusterReason(seen));
  }
  if (seen.release === 'unreadable') return act('report-release', 'ReleaseUnreadable');
  if (seen.release !== 'absent') {
    if (seen.attempt === 'cooling') return act('await-retry', 'UninstallFailed');
    return act('uninstall', 'Deleting');
  }
  if (ofAnother.includes(seen.refusal)) return act('remove-finalizer', 'NothingOwned');
  if (seen.workspaceFate === 'delete' && seen.workspace === 'active')
    return act('delete-workspace', 'Deleting');
  if (seen.workspaceFate === 'delete' && seen.workspace === 'terminating')
    return act('await-workspace-gone', 'Deleting');
  return act('remove-finalizer', 'Deleted');
}

function towardsPresence(seen: Observed): Action {
  if (seen.refusal !== 'none') return act('refuse', seen.refusal);
  if (seen.cluster !== 'engaged') return act('report-cluster', clusterReason(seen));
  if (seen.suspend === 'yes') return act('pause', 'Suspended');
  if (seen.finalizer === 'missing') return act('add-finalizer', 'FinalizerMissing');
  if (seen.release === 'unreadable') return act('report-release', 'ReleaseUnreadable');
  if (seen.workspace === 'terminating')
    return seen.release === 'absent'
      ? act('await-workspace-gone', 'WorkspaceTerminating')
      : act('uninstall', 'WorkspaceTerminating');
  if (seen.workspace === 'absent') return act('create-workspace', 'WorkspaceMissing');
  if (seen.mark === 'missing') return act('mark-workspace', 'ChartChosen');
  return release(seen);
}

/** An interrupted release comes first: whatever is asked for, Helm does nothing while it is locked. */
function release(seen: Observed): Action {
  if (seen.release === 'pending-install') return act('clear-release', 'InstallInterrupted');
  if (seen.release === 'uninstalling') return act('clear-release', 'UninstallInterrupted');
  if (seen.release === 'pending-upgrade') return act('unlock-release', 'UpgradeInterrupted');
  if (seen.release === 'pending-rollback') return act('unlock-release', 'RollbackInterrupted');
  const wanted = change(seen);
  if (wanted === undefined) return deployed(seen);
  if (seen.attempt === 'cooling')
    return act('await-retry', wanted.action === 'upgrade' ? 'UpgradeFailed' : 'InstallFailed');
  if (seen.chart !== 'at-hand') return withoutChart(seen, chartReasons[seen.chart]);
  return wanted;
}

/** What runs goes on running, as it was rolled out: until the chart can be had, that is what is asked for. */
function withoutChart(seen: Observed, reason: string): Action {
  const isWrong = seen.release === 'deployed' && seen.drift === 'found' && seen.driftMode === 'correct';
  return isWrong ? correct(seen) : act('report-chart', reason);
}

function correct({ correction }: Observed): Action {
  return correction === 'cooling'
    ? act('await-retry', 'DriftCorrectionFailed')
    : act('correct-drift', 'DriftDetected');
}

function change(seen: Observed): Action | undefined {
  if (seen.release === 'absent') return act('install', 'ReleaseMissing');
  if (seen.release === 'failed-install') return act('clear-release', 'InstallFailed');
  if (seen.release === 'failed-upgrade') return act('upgrade', 'UpgradeFailed');
  if (seen.fingerprint === 'changed') return act('upgrade', 'FingerprintChanged');
  if (seen.digest === 'changed') return act('upgrade', 'ChartDigestChanged');
  return undefined;
}

function deployed(seen: Observed): Action {
  if (seen.drift === 'found' && seen.driftMode === 'correct') return correct(seen);
  if (seen.drift === 'found' && seen.driftMode === 'warn') return act('warn-drift', 'DriftDetected');
  if (seen.health === 'not-ready') return act('await-health', 'NotReady');
  if (seen.tests === 'due') return act('run-tests', 'TestsDue');
  if (seen.tests === 'failed')
    return seen.attempt === 'cooling' ? act('report-tests', 'TestFailed') : act('run-tests', 'TestFailed');
  return act('settle', 'NoChange');
}

function clusterReason(seen: Observed): string {
  if (seen.cluster === 'renamed') return 'ClusterRenamed';
  return seen.cluster === 'unknown' ? 'ClusterNotEngaged' : 'ClusterUnreachable';
}

const chartReasons: Readonly<Record<Exclude<ChartState, 'at-hand'>, string>> = {
  'not-loaded': 'ChartNotLoaded',
  'version-not-found': 'VersionNotFound',
  'version-invalid': 'VersionInvalid',
  'values-not-loaded': 'ValuesNotLoaded',
};

function act(action: ActionName, reason: string | Refusal): Action {
  return { action, reason };
}
