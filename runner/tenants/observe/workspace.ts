// What is looked at in a workspace: the namespace itself, and the Secrets in which Helm keeps releases.
import { isKubeError, type Namespace, pause, resources, type Secret } from '../../kube/index.ts';
import { grant } from '../cluster/workspace-access.ts';
import type { Observed } from '../decide/observed.ts';
import type { OperatorWorld, Scene } from '../operator-world.ts';
import { rightsFor } from './reach.ts';

/** The watch may be behind what this operator has just made. */
export async function workspaceOf({ target, workspace, signal }: Scene): Promise<Namespace | undefined> {
  return (
    target?.namespace(workspace) ?? target?.client.find(resources.namespaces, { name: workspace }, { signal })
  );
}

export function stateOf(namespace: Namespace | undefined): Observed['workspace'] {
  if (namespace === undefined) return 'absent';
  return isTerminating(namespace) ? 'terminating' : 'active';
}

function isTerminating({ metadata, status }: Namespace): boolean {
  return metadata?.deletionTimestamp !== undefined || status?.phase === 'Terminating';
}

const grantTries = 8;
const grantPauseMs = 250;

/** Read as the workspace's ServiceAccount: the operator itself needs no right to read Secrets there. */
export async function releaseSecrets(
  world: OperatorWorld,
  scene: Scene,
  namespace: Namespace,
  labelSelector: string,
  rights: 'granting' | 'as it is' = 'granting',
): Promise<readonly Secret[]> {
  const { target, workspace, signal } = scene;
  if (target === undefined) return [];
  for (let tries = 1; ; tries += 1) {
    try {
      const selection = { namespace: workspace, labelSelector, signal };
      return (await target.as(workspace).client.list(resources.secrets, selection)).items;
    } catch (error) {
      if (!isKubeError(error, 'CHR_KUBE_FORBIDDEN')) throw error;
      // Its rights went with it, and so did the release.
      if (isTerminating(namespace)) return [];
      if (tries === grantTries || rights === 'as it is') throw error;
      if (tries === 1) await grant(target.client, workspace, rightsFor(world, scene));
      await pause(world.clock, grantPauseMs, signal);
    }
  }
}
