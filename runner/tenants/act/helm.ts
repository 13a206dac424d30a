// How an action calls Helm: as the workspace's ServiceAccount, within the Tenant's times, counted.

import { parseDuration } from '../duration.ts';
import type { HelmOptions, HelmVerb, ReleaseAt } from '../helm/commands.ts';
import type { Scene } from '../operator-world.ts';
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

export function timeoutOf({ world, scene }: Context, verb: HelmVerb): number {
  return parseDuration(scene.spec.timeouts?.[verb] ?? '') || world.settings.helmTimeoutMs;
}
