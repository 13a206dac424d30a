// The Pods and events of a workspace, read only when something is wrong.
import { resources } from '../../kube/index.ts';
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
    const [pods, events] = await Promise.all([
      client.list(resources.pods, selection),
      client.list(resources.events, selection),
    ]);
    const reasons = podReasons({ pods: pods.items, events: events.items, workloads });
    return reasons.map((reason) => oneLine(world.confidential.conceal(scene.key, reason)));
  } catch {
    return [];
  }
}

const longest = 320;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
