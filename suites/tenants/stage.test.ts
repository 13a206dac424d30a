// The stage itself: a scenario that passes is still red when it left something behind.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseContext } from 'charter-runner';
import { expect, onTestFinished, test } from 'vitest';
import { perform, type Scenario } from './stage.ts';
import type { Cluster, InventoryItem, Thing, World } from './world.ts';

const context = { uniqueName: 'charter_r1_ten_9_1' } as CaseContext;
const namespace: InventoryItem = {
  ...{ cluster: 'home', kind: 'Namespace', name: 'left-behind', finalizers: [], state: 'there' },
};

/** Clusters that hold what is applied, and `inventory` as told. */
function emptyWorld(inventory: () => readonly InventoryItem[] = () => []) {
  const steps: string[] = [];
  const stored = new Map<string, Thing>();
  let written = 0;
  const cluster: Cluster = {
    name: 'home',
    list: async (kind) => (kind === 'Event' ? [] : [...stored.values()]),
    find: async (_kind, { name }) => stored.get(name),
    apply: async (thing) => {
      written += 1;
      const there = { ...thing, metadata: { ...thing.metadata, uid: `u${written}` } };
      stored.set(thing.metadata.name, there);
      return there;
    },
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

/** Time passes by waiting only. */
function waitingClock() {
  let now = 0;
  const after = async (milliseconds: number) => {
    now += milliseconds;
  };
  return { now: () => now, after };
}

const run = (scenario: Scenario, world: World, more: { readonly evidenceFolder?: string } = {}) =>
  perform(scenario, world, context, { goneSeconds: 1, sweepSeconds: 1, clock: waitingClock(), ...more });

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

function evidenceFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'charter-evidence-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const red: Scenario = async ({ tenant }) => {
  await tenant({ name: 'shop' });
  throw new Error('the promise is broken');
};

test('a scenario that fails leaves evidence of its Tenants before they are deleted, and one that passes leaves none', async () => {
  const { world, steps } = emptyWorld();
  const network = { ...world.network, counts: async () => `{"remote-a":{"passed":7}}` };
  const operator = { log: async () => steps.join() } as World['operator'];
  const folder = evidenceFolder();
  await run(async () => {}, { ...world, network, operator }, { evidenceFolder: folder });
  expect(readdirSync(folder)).toEqual([]);
  steps.length = 0;
  await expect(run(red, { ...world, network, operator }, { evidenceFolder: folder })).rejects.toThrow(
    'the promise is broken',
  );
  const text = (name: string) => readFileSync(join(folder, context.uniqueName, name), 'utf8');
  expect(text('tenants.yaml')).toMatch(/name: shop[\s\S]*workspace: shop-ws/);
  expect(text('operator.log'), 'steps of the removal by then').toBe('');
  expect(text('proxy.json')).toContain('"passed":7');
  expect(text('events.yaml')).toMatch(/name: shop[\s\S]*seen: \[\]/);
});

test('evidence that cannot be had says why, and the scenario keeps its own failure', async () => {
  const { world } = emptyWorld();
  const operator = { log: () => Promise.reject(new Error('no Pods')) } as unknown as World['operator'];
  const folder = evidenceFolder();
  await expect(run(red, { ...world, operator }, { evidenceFolder: folder })).rejects.toThrow(
    /^the promise is broken$/,
  );
  const text = (name: string) => readFileSync(join(folder, context.uniqueName, name), 'utf8');
  expect(text('operator.log')).toBe('cannot be had: Error: no Pods');
  expect(text('proxy.json'), 'nobody counts').toContain('cannot be had');
});
