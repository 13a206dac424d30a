// Carries out the changes of a step: policies and labels first, then Pods that go or come, and the plan that tells of them.
import { CharterError } from '../../errors/index.ts';
import { pause, systemClock } from '../../kube/index.ts';
import type { Labels } from '../model/types.ts';
import type { PodId } from '../verdict/index.ts';
import { type Changes, movesPods } from './changes.ts';
import { basePodLabels, harnessLabels, partsOf, realNamespace } from './names.ts';
import { type PodSettings, podObject } from './objects.ts';
import { type Awaited, gonePods, runningPods } from './pods.ts';
import type { Probers } from './probers.ts';
import type { Writer } from './writer.ts';

/** Milliseconds for all probers to have a cycle by a new plan: more than a kubelet takes that only looks once a minute. */
const planMs = 150_000;
/** Milliseconds until a kubelet that did not refresh the file at once is given another reason to. */
const nudgeMs = 6_000;

export interface Stage extends Awaited {
  readonly writer: Writer;
  readonly probers: Probers;
  readonly settingsOf: (id: PodId) => PodSettings;
}

export async function bringAbout(stage: Stage, changes: Changes): Promise<void> {
  const { writer, suffix } = stage;
  await Promise.all([
    ...changes.removePolicies.map((policy) => writer.deletePolicy(policy)),
    ...changes.putPolicies.map((policy) => writer.putPolicy(policy)),
    ...[...changes.namespaceLabels].map(([short, labels]) =>
      writer.labelNamespace(realNamespace(suffix, short), labels),
    ),
    ...[...changes.podLabels].map(([id, labels]) => writer.labelPod(refOf(suffix, id), labels)),
  ]);
  if (!movesPods(changes)) return;
  for (const id of changes.removePods) stage.probers.remove(id);
  await Promise.all([
    removePods(stage, changes.removePods),
    startPods(stage, changes.createPods, 'declared'),
  ]);
  await publishPlan(stage);
}

async function removePods(stage: Stage, ids: readonly PodId[]): Promise<void> {
  await Promise.all(ids.map((id) => stage.writer.deletePod(refOf(stage.suffix, id))));
  await gonePods(stage, ids);
}

/** Creates them and waits until they run; no prober knows of them before the next plan. */
export async function startPods(
  stage: Stage,
  pods: ReadonlyMap<PodId, Labels>,
  purpose: 'world' | 'declared',
): Promise<void> {
  const { writer, suffix, probers } = stage;
  await Promise.all(
    [...pods].map(([id, labels]) => {
      const pod = podObject(id, stage.settingsOf(id));
      const all = { ...basePodLabels(id), ...labels, ...harnessLabels(suffix) };
      return writer.createPod({ ...pod, metadata: { ...pod.metadata, labels: all } }, purpose);
    }),
  );
  for (const running of await runningPods(stage, [...pods.keys()])) probers.add(running);
}

/** Throws CHR_WORLD when a prober does not take it. */
export async function publishPlan({ writer, suffix, probers, signal }: Stage): Promise<void> {
  const plan = JSON.stringify(probers.nextPlan());
  await Promise.all(probers.pods.map(({ id }) => writer.planPod(refOf(suffix, id), plan)));
  const start = performance.now();
  let nudges = 0;
  while (probers.behind.length > 0 && performance.now() < start + planMs) {
    signal?.throwIfAborted();
    probers.throwTrouble();
    await pause(systemClock, 50, signal);
    if (performance.now() < start + (nudges + 1) * nudgeMs) continue;
    nudges += 1;
    // A kubelet that mounted with an older Pod in its hand looks again only when the annotation changes.
    const same = plan + ' '.repeat(nudges);
    await Promise.all(probers.behind.map((id) => writer.planPod(refOf(suffix, id), same)));
  }
  if (probers.behind.length > 0) {
    const who = probers.behind.map((id) => `${id} (${probers.lastHeard(id)})`).join(', ');
    throw new CharterError('CHR_WORLD', `no cycle by the new plan within ${planMs / 1_000} s: ${who}`, {
      hint: 'kubectl logs of that Pod: is it alive, and does the kubelet refresh /plan/plan?',
    });
  }
}

function refOf(suffix: string, id: PodId): { readonly namespace: string; readonly name: string } {
  const { namespace, pod } = partsOf(id);
  return { namespace: realNamespace(suffix, namespace), name: pod };
}
