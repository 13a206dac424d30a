// What earlier runs left in clusters that are used again: a baseline with it in would explain what scenarios must not leave.
import { sentence } from '../../suites/tenants/oracle.ts';
import type { InventoryItem } from '../../suites/tenants/world.ts';
import { namespace as platformNamespace } from '../e2e/kube.ts';
import { operatorNamespace } from './operator.ts';

/** The operator's own, and the platform's, which `make e2e-kind` leaves there. */
const ownReleases = [operatorNamespace, platformNamespace].map((namespace) => `home/${namespace}`);

function whyDebris(item: InventoryItem): string | undefined {
  if (item.state === 'going') return 'terminates';
  if (item.kind === 'Tenant') return 'is of a scenario';
  if (item.release !== undefined && !ownReleases.includes(`${item.cluster}/${item.namespace}`))
    return 'is a release of a scenario';
  if (item.kind === 'Namespace' && item.mark !== undefined) return `has a mark ${item.mark}`;
  return undefined;
}

/** Throws with all of it, by name, and what to do. */
export function requireNoDebris(inventory: readonly InventoryItem[]): void {
  const found = inventory.flatMap((item) => {
    const why = whyDebris(item);
    return why === undefined ? [] : [{ cluster: item.cluster, line: `  ${sentence(item)} ${why}` }];
  });
  if (found.length === 0) return;
  const clusters = [...new Set(found.map(({ cluster }) => cluster))].join(' ');
  const lines = found.map(({ line }) => line).join('\n');
  throw new Error(
    `what an earlier run left is in the way:\n${lines}\n  fix: make kind-down CLUSTERS="${clusters}"`,
  );
}
