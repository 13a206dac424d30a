// Looking at many Tenants at once by one list per cluster: a look at each of them would be load that the operator is blamed for.
import type { Status, Tenant } from './tenant.ts';
import { machineClock, within } from './wait.ts';
import type { Thing, World } from './world.ts';

/** Those of the Tenants that are there, by the object that was found. */
async function objectsOf(world: World, tenants: readonly Tenant[]): Promise<ReadonlyMap<Tenant, Thing>> {
  const stores = [...new Set(tenants.map(({ storedOn }) => storedOn))];
  const lists = await Promise.all(stores.map((name) => world.clusters[name].list('Tenant')));
  const found = new Map<Tenant, Thing>();
  for (const tenant of tenants) {
    const { name, namespace } = tenant.where;
    const stored = lists[stores.indexOf(tenant.storedOn)]?.find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    if (stored !== undefined) found.set(tenant, stored);
  }
  return found;
}

export function allReady(world: World, tenants: readonly Tenant[], seconds: number) {
  return within(seconds, `${tenants.length} Tenants are Ready`, async () => {
    const objects = await objectsOf(world, tenants);
    const waiting = tenants.filter((tenant) => !isReady(objects.get(tenant)));
    return waiting.length === 0 ? {} : firstOf('not Ready', waiting, objects);
  });
}

export function allGone(world: World, tenants: readonly Tenant[], seconds: number, clock = machineClock) {
  const look = async () => {
    const objects = await objectsOf(world, tenants);
    return objects.size === 0 ? {} : firstOf('still there', [...objects.keys()], objects);
  };
  return within(seconds, `${tenants.length} Tenants are gone`, look, clock);
}

function isReady(object: Thing | undefined): boolean {
  const { phase, observedGeneration } = (object?.status ?? {}) as Status;
  const { generation } = (object?.metadata ?? {}) as { readonly generation?: number };
  return phase === 'Ready' && observedGeneration === generation;
}

function firstOf(what: string, some: readonly Tenant[], objects: ReadonlyMap<Tenant, Thing>): string {
  const [first] = some;
  const status = first === undefined ? undefined : objects.get(first)?.status;
  return `${some.length} ${what}, e.g. ${first?.name}: ${JSON.stringify(status)}`;
}
