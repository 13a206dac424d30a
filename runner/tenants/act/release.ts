// What is done with a release that is there: taken away, unlocked, repaired, tested.
import { wordsOf } from '../../errors/index.ts';
import { resources } from '../../kube/index.ts';
import { testRelease, uninstallRelease } from '../helm/commands.ts';
import { markedFailed } from '../helm/release.ts';
import { reasonsIn } from '../observe/evidence.ts';
import { helmManager } from '../observe/live.ts';
import { attemptOf } from '../observe/observe.ts';
import { tell } from '../operator-world.ts';
import type { Act } from './context.ts';
import { failing } from './failing.ts';
import { helmOptions, releaseAt, timeoutOf } from './helm.ts';

const uninstallFailed = { reason: 'UninstallFailed', event: 'HelmUninstallFailed' } as const;

export const uninstall: Act = async (context) => {
  const { world, found, action, record } = context;
  // Not always the one of its name: its cluster may have been called otherwise when it was rolled out.
  const scene = { ...context.scene, release: found.release?.name ?? context.scene.release };
  await record({
    progress: ['True', 'Deleting', `uninstalling ${scene.release}`],
    ready: ['False', action.reason, `uninstalling ${scene.release}`],
  });
  const timeoutMs = timeoutOf(context, 'uninstall');
  try {
    await uninstallRelease({ ...releaseAt(scene), timeoutMs, hooks: 'run' }, helmOptions(context));
  } catch (error) {
    scene.signal.throwIfAborted();
    const message = [...(await reasonsIn(context, found.release?.hooks ?? [])), wordsOf(error)].join('; ');
    return failing(context, { ...uninstallFailed, what: 'delete', message });
  }
  world.attempts.succeeded(scene.key);
  tell(world, scene, { type: 'Normal', reason: 'HelmUninstalled', message: scene.release });
  return { next: 'again' };
};

/** Without hooks: those of an install that was interrupted may ask for what was never made. */
export const clearRelease: Act = async (context) => {
  const { world, scene, found, action } = context;
  tell(world, scene, {
    type: 'Warning',
    reason: action.reason,
    message: `${scene.release} is taken away and installed again`,
  });
  const timeoutMs = timeoutOf(context, 'uninstall');
  try {
    await uninstallRelease({ ...releaseAt(scene), timeoutMs, hooks: 'skip' }, helmOptions(context));
  } catch (error) {
    scene.signal.throwIfAborted();
    const message = wordsOf(error);
    return failing(context, { ...uninstallFailed, what: attemptOf(scene, found.rollout), message });
  }
  return { next: 'again' };
};

/** Helm refuses everything while a revision is pending. Its writer is gone (there is one leader, and one worker per Tenant): it has failed. */
export const unlockRelease: Act = async ({ world, scene, found, action }) => {
  const { target, workspace, signal } = scene;
  if (target === undefined || found.release === undefined) return { next: 'done' };
  tell(world, scene, {
    type: 'Warning',
    reason: action.reason,
    message: `revision ${found.release.revision} of ${scene.release} is unlocked`,
  });
  const failed = markedFailed(found.release.secret, 'interrupted, unlocked by the tenant operator');
  await target.as(workspace).client.replace(resources.secrets, failed, { signal });
  return { next: 'again' };
};

export const correctDrift: Act = async ({ world, scene, found, action, record }) => {
  const { target, workspace, signal, key } = scene;
  if (target === undefined) return { next: 'done' };
  const waits = found.drifted.map(({ what }) => world.corrections.waitMs(key, what));
  const due = found.drifted.filter((_, at) => waits[at] === 0);
  const isContested = due.length < found.drifted.length;
  // Said before it is mended: the status is never Ready while something is known to be wrong.
  const ready = ['False', action.reason, found.wrong] as const;
  await record({
    ...world.attempts.said(key, attemptOf(scene, found.rollout), 'drift'),
    ready,
    progress: ['False', action.reason, ''],
    ...(isContested && { error: ['True', 'DriftContested', `somebody sets it back: ${found.wrong}`] }),
  });
  if (due.length === 0) return { next: 'done', afterMs: Math.min(...waits) };
  try {
    for (const { resource, object, repaired, what } of due) {
      const { namespace } = repaired.metadata ?? {};
      const ref = { name: object.name, ...(namespace === undefined ? {} : { namespace }) };
      const patch = { type: 'apply', body: repaired, conflicts: 'force' } as const;
      await target.as(workspace).client.patch(resource, ref, patch, { fieldManager: helmManager, signal });
      world.corrections.corrected(key, what);
    }
  } catch (error) {
    signal.throwIfAborted();
    const message = `${found.wrong}: ${wordsOf(error)}`;
    const said = { ready, error: ['True', 'DriftCorrectionFailed', message] } as const;
    world.attempts.failed(scene.key, attemptOf(scene, found.rollout), said, 'drift');
    tell(world, scene, { type: 'Warning', reason: 'DriftCorrectionFailed', message });
    await record(said);
    return { next: 'done', afterMs: world.attempts.remainingMs(scene.key, 'drift') };
  }
  world.attempts.succeeded(key, 'drift');
  world.counts.drift(scene.targetName, 'correct');
  tell(world, scene, { type: 'Warning', reason: 'RepairTriggered', message: found.wrong });
  return { next: 'again' };
};

export const runTests: Act = async (context) => {
  const { world, scene, found, record, rolledOut } = context;
  const under = `testing ${scene.release}`;
  await record({ progress: ['True', 'Testing', under], ready: ['Unknown', 'Testing', under] });
  try {
    await testRelease({ ...releaseAt(scene), timeoutMs: timeoutOf(context, 'test') }, helmOptions(context));
  } catch (error) {
    scene.signal.throwIfAborted();
    const message = [...(await reasonsIn(context, found.release?.hooks ?? [])), wordsOf(error)].join('; ');
    const what = attemptOf(scene, found.rollout);
    return failing(context, { what, reason: 'TestFailed', event: 'TestFailed', message });
  }
  world.attempts.succeeded(scene.key);
  tell(world, scene, { type: 'Normal', reason: 'TestsPassed', message: scene.release });
  const tenant = await record({ progress: ['False', 'TestsPassed', ''] });
  return { next: 'again', tenant, ...(rolledOut === undefined ? {} : { rolledOut }) };
};
