// How an action calls Helm: as the workspace's ServiceAccount, within the Tenant's times, counted.

import { parseDuration } from '../duration.ts';
import type { HelmOptions, HelmVerb, ReleaseAt } from '../helm/commands.ts';
import { type Scene, tell } from '../operator-world.ts';
import type { Context } from './context.ts';

export function releaseAt({ release, workspace, target }: Scene): ReleaseAt {
  if (target === undefined) throw new Error('no cluster to write a release to');
  return { release, workspace, kubeconfig: target.as(workspace).helmKubeconfig };
}

export function helmOptions({ world, scene }: Context): HelmOptions {
  return {
    binary: world.helmBinary,
    signal: scene.signal,
    onCall: (verb, outcome, ms) => world.counts.helm(scene.targetName, verb, outcome, ms),
  };
}

/** A longer one than the operator allows is cut, and its author is told: one Tenant's patience is not that of all. */
export function timeoutOf({ world, scene }: Context, verb: HelmVerb): number {
  const { helmTimeoutMs, maxHelmTimeoutMs } = world.settings;
  const asked = scene.spec.timeouts?.[verb] ?? '';
  const askedMs = parseDuration(asked) || helmTimeoutMs;
  if (askedMs <= maxHelmTimeoutMs) return askedMs;
  const message = `spec.timeouts.${verb} is ${asked}, and --max-helm-timeout allows ${maxHelmTimeoutMs / 1000}s: that is what Helm gets`;
  tell(world, scene, { type: 'Warning', reason: 'TimeoutCapped', message });
  return maxHelmTimeoutMs;
}
