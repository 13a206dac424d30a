import { setTimeout as after } from 'node:timers/promises';
import { campaign, expect } from 'charter-runner';
import { onStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { within } from './wait.ts';

/** Points in time after the write, spread over all that a rollout does; the same in every run. */
const points: readonly Point[] = Array.from({ length: 20 }, (_, index) => ({
  index,
  ms: 150 + ((index * 7_919) % 6_000),
}));

interface Point {
  readonly index: number;
  /** Between the write and the kill. */
  readonly ms: number;
}

const verbs = ['install', 'upgrade', 'uninstall'] as const;
const verbOf = ({ index }: Point) => verbs[index % verbs.length];

/** One kill, which meets each Tenant at its own point of what is being done to it. */
async function killedAt(stage: Stage, points: readonly Point[]): Promise<void> {
  const wish = { on: 'remote-a', chart: 'slow', spec: { values: { seconds: 3 } } } as const;
  const shops = new Map<Point, Tenant>();
  for (const point of points.filter((one) => verbOf(one) !== 'install'))
    shops.set(point, await stage.tenant({ ...wish, name: `killed-${point.index}` }));
  await Promise.all([...shops.values()].map((shop) => shop.reaches('Ready', 60)));
  const longest = Math.max(...points.map(({ ms }) => ms));
  await Promise.all(
    points.map(async (point) => {
      await after(longest - point.ms);
      const shop = shops.get(point);
      if (shop === undefined)
        shops.set(point, await stage.tenant({ ...wish, name: `killed-${point.index}` }));
      else if (verbOf(point) === 'upgrade') await shop.apply({ version: '1.1.0' });
      else await shop.delete();
      await after(point.ms);
    }),
  );
  await stage.operator.kill();
  await Promise.all(
    [...shops].map(async ([point, shop]) => {
      if (verbOf(point) === 'uninstall') return shop.gone(90);
      await shop.reaches('Ready', 90);
      await onlyOneDeployed(shop);
      await shop.delete();
    }),
  );
}

async function onlyOneDeployed(shop: Tenant): Promise<void> {
  const revisions = await shop.revisions();
  const open = revisions.filter(({ status }) => !['deployed', 'superseded', 'failed'].includes(status));
  expect(open, 'revisions that nobody finished').toEqual([]);
  expect(
    revisions.filter(({ status }) => status === 'deployed'),
    'deployed revisions',
  ).toHaveLength(1);
}

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['killed'] }, (c) => {
  c.case(
    '5.1',
    'an operator killed at 3 points of install, upgrade and uninstall goes on where it stood',
    { timeoutMs: 300_000, tags: ['short'] },
    onStage((stage) => killedAt(stage, points.slice(0, verbs.length))),
  );

  c.case(
    '5.2',
    'an operator killed at 17 more points, six Tenants at a time, goes on where it stood',
    { timeoutMs: 600_000 },
    onStage(async (stage) => {
      for (let from = verbs.length; from < points.length; from += 6)
        await killedAt(stage, points.slice(from, from + 6));
    }),
  );

  c.case(
    '6.1',
    'a first install that was interrupted is installed again, not upgraded',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant, operator, afterwards }) => {
      afterwards(() => operator.start());
      const shop = await tenant({ name: 'interrupted', on: 'remote-a', chart: 'slow' });
      await within(30, 'Helm has begun', async () => {
        const revisions = await shop.revisions();
        return revisions.length > 0 ? {} : 'no revision';
      });
      await operator.crash();
      expect(await shop.revisions(), 'what the kill left').toEqual([
        { version: 1, status: 'pending-install' },
      ]);
      await operator.start();
      await shop.reaches('Ready', 60);
      expect(await shop.revisions(), 'after it').toEqual([{ version: 1, status: 'deployed' }]);
    }),
  );

  c.case(
    '16.1',
    'another operator takes over in the middle of an upgrade, and the release is upgraded once',
    { timeoutMs: 200_000 },
    onStage(async ({ tenant, operator, afterwards }) => {
      afterwards(() => operator.scale(1));
      await operator.scale(2);
      const shop = await tenant({ name: 'handed-over', on: 'remote-a', chart: 'slow' });
      await shop.reaches('Ready', 60);
      await shop.apply({ version: '1.1.0', spec: { values: { seconds: 5 } } });
      await within(20, 'the upgrade has begun', async () => {
        const revisions = await shop.revisions();
        return revisions.length > 1 ? {} : JSON.stringify(revisions);
      });
      await operator.killLeader();
      await shop.reaches('Ready', 90);
      await onlyOneDeployed(shop);
    }),
  );
});
