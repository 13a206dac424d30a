// Which function does which action.
import type { ActionName } from '../decide/decide.ts';
import type { Act } from './context.ts';
import { clearRelease, correctDrift, runTests, uninstall, unlockRelease } from './release.ts';
import {
  awaitHealth,
  awaitRetry,
  pauseTenant,
  refuse,
  reportChart,
  reportCluster,
  reportRelease,
  reportTests,
  settle,
  warnDrift,
} from './report.ts';
import { install, upgrade } from './rollout.ts';
import {
  addOurFinalizer,
  awaitWorkspaceGone,
  createWorkspace,
  deleteWorkspace,
  keepFinalizer,
  letGo,
  markWorkspace,
  nothing,
  removeOurFinalizer,
} from './workspace.ts';

export const acts: Readonly<Record<ActionName, Act>> = {
  nothing,
  refuse,
  'report-cluster': reportCluster,
  pause: pauseTenant,
  'add-finalizer': addOurFinalizer,
  'create-workspace': createWorkspace,
  'mark-workspace': markWorkspace,
  'await-workspace-gone': awaitWorkspaceGone,
  'clear-release': clearRelease,
  'unlock-release': unlockRelease,
  'report-release': reportRelease,
  'report-chart': reportChart,
  'await-retry': awaitRetry,
  install,
  upgrade,
  'warn-drift': warnDrift,
  'correct-drift': correctDrift,
  'run-tests': runTests,
  'report-tests': reportTests,
  'await-health': awaitHealth,
  settle,
  'keep-finalizer': keepFinalizer,
  'let-go': letGo,
  uninstall,
  'delete-workspace': deleteWorkspace,
  'remove-finalizer': removeOurFinalizer,
};
export type { Act, Context, Outcome } from './context.ts';
