// Which actions need one of the cluster's slots for Helm, and what a Tenant says that has none yet.
import type { Action, ActionName } from '../decide/decide.ts';
import type { SlotUse } from '../helm/slots.ts';
import type { OperatorWorld } from '../operator-world.ts';
import type { StatusChange } from '../status.ts';

const uses: Partial<Record<ActionName, SlotUse>> = {
  ...{ 'clear-release': 'rollout', install: 'rollout', upgrade: 'rollout', 'run-tests': 'rollout' },
  uninstall: 'uninstall',
};

export function slotUseOf({ action }: Action): SlotUse | undefined {
  return uses[action];
}

export function waitingForHelm(
  { settings }: OperatorWorld,
  cluster: string,
  { action, reason }: Action,
): StatusChange {
  const message = `${action} waits for its turn at Helm: --concurrency allows ${settings.concurrency} at once on cluster ${cluster}`;
  return {
    ready: action === 'uninstall' ? ['False', reason, message] : ['Unknown', 'AwaitingHelm', message],
    progress: ['Unknown', 'AwaitingHelm', message],
  };
}
