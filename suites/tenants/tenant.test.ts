// Clusters are used again and Events live for an hour: what was told of an object that had the same name is of another run.
import { expect, test } from 'vitest';
import { Tenant } from './tenant.ts';
import type { Thing, World } from './world.ts';

/** Each write makes an object of its own when the one before was deleted. */
function clusterWithEvents() {
  const events: Thing[] = [];
  let [uid, isThere] = ['', false];
  const home = {
    list: async () => events,
    apply: async (thing: Thing) => {
      if (!isThere) uid = `${uid}u`;
      isThere = true;
      return { ...thing, metadata: { ...thing.metadata, uid } };
    },
    remove: async () => {
      isThere = false;
    },
  };
  const tell = (of: string, reason: string, second: number) =>
    events.push({
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `e${events.length}` } },
      ...{ involvedObject: { name: 'shop', uid: of }, reason, lastTimestamp: `2026-01-01T00:00:0${second}Z` },
    });
  const charts = { repository: (name: string) => `http://charts/${name}` };
  return { tell, world: { clusters: { home }, charts } as unknown as World };
}

const reasonsOf = async (shop: Tenant) => (await shop.events()).map(({ reason }) => reason);

test('events are of the object that was written last, oldest first, also when it is gone', async () => {
  const { world, tell } = clusterWithEvents();
  const shop = new Tenant(world, { name: 'shop' });
  tell('of-the-run-before', 'HelmInstalled', 1);
  await shop.apply();
  tell('u', 'PhaseSet', 4);
  tell('u', 'HelmInstallStart', 3);
  expect(await reasonsOf(shop)).toEqual(['HelmInstallStart', 'PhaseSet']);
  await shop.apply({ version: '1.1.0' });
  expect(await reasonsOf(shop), 'of the same object').toHaveLength(2);
  await shop.delete();
  expect(await reasonsOf(shop), 'when it is gone').toHaveLength(2);
  await shop.apply();
  expect(await reasonsOf(shop), 'of the one that was made again').toEqual([]);
});

test('of a Tenant that was never written nothing can be told, which is not the same as no events', async () => {
  const { world, tell } = clusterWithEvents();
  tell('of-the-run-before', 'HelmInstalled', 1);
  await expect(new Tenant(world, { name: 'shop' }).events()).rejects.toThrow('never written');
});
