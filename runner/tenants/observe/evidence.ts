// The Pods and events of a workspace, and when the rollout began, read only when something is wrong.
import { resources, type Secret } from '../../kube/index.ts';
import { releaseSelector } from '../helm/release.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { podReasons } from './pod-reason.ts';

const readMs = 5_000;

/** Never rejects: the reason for a failure must not hide the failure. */
export async function reasonsIn(
  { world, scene }: { readonly world: OperatorWorld; readonly scene: Scene },
  workloads: readonly string[],
): Promise<string[]> {
  const { target, workspace: namespace } = scene;
  if (target === undefined) return [];
  const { client } = target.as(namespace);
  const selection = { namespace, timeoutMs: readMs };
  try {
    const labelSelector = releaseSelector(scene.release);
    const [pods, events, revisions] = await Promise.all([
      client.list(resources.pods, selection),
      client.list(resources.events, selection),
      client.list(resources.secrets, { ...selection, labelSelector }).catch(() => undefined),
    ]);
    const since = latestOf(revisions?.items ?? []);
    const reasons = podReasons({ pods: pods.items, events: events.items, workloads, since });
    return reasons.map((reason) => oneLine(world.confidential.conceal(scene.key, reason)));
  } catch {
    return [];
  }
}

/** Helm makes the Secret of a revision before anything else. */
function latestOf(revisions: readonly Secret[]): Date | undefined {
  const times = revisions.map(({ metadata }) => Date.parse(metadata?.creationTimestamp ?? ''));
  const latest = Math.max(...times.filter(Number.isFinite));
  return Number.isFinite(latest) ? new Date(latest) : undefined;
}

const longest = 320;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
