// The stage itself: a scenario that passes is still red when it left something behind.
import type { CaseContext } from 'charter-runner';
import { expect, test } from 'vitest';
import { perform, type Scenario } from './stage.ts';
import type { Cluster, InventoryItem, Thing, World } from './world.ts';

const context = {} as CaseContext;
const namespace: InventoryItem = {
  ...{ cluster: 'home', kind: 'Namespace', name: 'left-behind', finalizers: [], state: 'there' },
};

/** Clusters that hold what is applied, and `inventory` as told. */
function emptyWorld(inventory: () => readonly InventoryItem[] = () => []) {
  const steps: string[] = [];
  const stored = new Map<string, Thing>();
  const cluster: Cluster = {
    name: 'home',
    list: async () => [...stored.values()],
    find: async (_kind, { name }) => stored.get(name),
    apply: async (thing) => void stored.set(thing.metadata.name, thing),
    patch: async () => {},
    remove: async (_kind, { name }) => {
      steps.push(`delete ${name}`);
      stored.delete(name);
    },
  };
  const world = {
    clusters: { home: cluster, 'remote-a': cluster, 'remote-b': cluster },
    charts: { repository: (name: string) => `http://charts/${name}` },
    network: { calm: async () => void steps.push('calm') },
    ...{ baseline: [], inventory: async () => inventory() },
  } as unknown as World;
  return { world, steps, stored };
}

const run = (scenario: Scenario, world: World) =>
  perform(scenario, world, context, { goneSeconds: 0, sweepSeconds: 0 });

test('what a scenario made is removed after it: what it asked for first, then the network, then its Tenants', async () => {
  const { world, steps, stored } = emptyWorld();
  await run(async ({ tenant, afterwards }) => {
    afterwards(async () => steps.push('undo'));
    await tenant({ name: 'shop' });
    expect(stored.has('shop')).toBe(true);
  }, world);
  expect(steps).toEqual(['undo', 'calm', 'delete shop']);
});

test('a scenario that passes and leaves something behind fails', async () => {
  const { world } = emptyWorld(() => [namespace]);
  await expect(run(async () => {}, world)).rejects.toThrow('unexplained: Namespace left-behind on home');
});

test('what one scenario left behind is not blamed on the next', async () => {
  const { world } = emptyWorld(() => [{ ...namespace, name: 'left-before' }]);
  await expect(run(async () => {}, world)).rejects.toThrow('unexplained: Namespace left-before');
  await run(async () => {}, world);
});

test('a scenario that fails is cleaned up, and its own failure comes first', async () => {
  const { world, steps } = emptyWorld(() => [{ ...namespace, name: 'left-again' }]);
  const failing = run(async ({ tenant }) => {
    await tenant({ name: 'shop' });
    throw new Error('the promise is broken');
  }, world);
  await expect(failing).rejects.toThrow(/the promise is broken\nand then: .*\n?.*left-again/);
  expect(steps).toContain('delete shop');
});

test('a Tenant that does not go is told with its status', async () => {
  const { world, stored } = emptyWorld();
  const held = run(async ({ clusters: { home }, tenant }) => {
    await tenant({ name: 'shop' });
    const status = { phase: 'Ready', conditions: [{ reason: 'ClusterUnreachable' }] };
    Object.assign(home, {
      remove: async () => void stored.set('shop', { ...(stored.get('shop') as Thing), status }),
    });
  }, world);
  await expect(held).rejects.toThrow(/1 still there, e.g. shop: .*ClusterUnreachable/);
});
