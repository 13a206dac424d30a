// The Pods and events of a workspace, read only when something is wrong.
import { resources } from '../../kube/index.ts';
import type { Scene } from '../operator-world.ts';
import { podReasons } from './pod-reason.ts';

const readMs = 5_000;

/** Never rejects: the reason for a failure must not hide the failure. */
export async function reasonsIn(scene: Scene, workloads: readonly string[]): Promise<string[]> {
  const { target, workspace: namespace } = scene;
  if (target === undefined) return [];
  const { client } = target.as(namespace);
  const selection = { namespace, timeoutMs: readMs };
  try {
    const [pods, events] = await Promise.all([
      client.list(resources.pods, selection),
      client.list(resources.events, selection),
    ]);
    return podReasons({ pods: pods.items, events: events.items, workloads });
  } catch {
    return [];
  }
}
