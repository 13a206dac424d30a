import { randomInt } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { campaign, expect } from 'charter-runner';
import { onStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { within } from './wait.ts';

/** Anything from the write to the end of a rollout. */
const longestMs = 6_000;

/** Points in time after the write, others in each run; what they were is told, so that a run can be understood. */
const points: readonly Point[] = Array.from({ length: 20 }, (_, index) => ({
  index,
  ms: 150 + randomInt(longestMs),
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
    onStage(async (stage, { property }) => {
      property('kill-points-ms', points.map(({ ms }) => ms).join());
      await killedAt(stage, points.slice(0, verbs.length));
    }),
  );

  c.case(
    '5.2',
    'an operator killed six times, at a point of its own for each of 17 Tenants, goes on where it stood',
    { timeoutMs: 900_000 },
    onStage(async (stage, { property }) => {
      property('kill-points-ms', points.map(({ ms }) => ms).join());
      for (let from = verbs.length; from < points.length; from += verbs.length)
        await killedAt(stage, points.slice(from, from + verbs.length));
    }),
  );

  c.case(
    '5.3',
    'an operator killed between the end of Helm and the write of the status calls no Helm again',
    { timeoutMs: 200_000 },
    onStage(async ({ tenant, operator, network }) => {
      const shop = await tenant({
        ...{ name: 'unwritten', storedOn: 'remote-a', chart: 'slow', spec: { values: { seconds: 3 } } },
      });
      await within(30, 'Helm has begun', async () => {
        const revisions = await shop.revisions();
        return revisions.length > 0 ? {} : 'no revision';
      });
      await network.set('remote-a', { fault: 'hang', path: '/tenants/[^/]+/status' });
      await within(30, 'Helm has ended', async () => {
        const revisions = await shop.revisions();
        return revisions.at(-1)?.status === 'deployed' ? {} : JSON.stringify(revisions);
      });
      expect((await shop.status()).phase, 'phase that was written before').toBe('Pending');
      await operator.kill();
      await network.calm();
      await shop.reaches('Ready', 60);
      expect(await shop.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
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
      await shop.apply({ version: '1.1.0', spec: { values: { seconds: 8 } } });
      await within(20, 'the upgrade has begun', async () => {
        const revisions = await shop.revisions();
        return revisions.length > 1 ? {} : JSON.stringify(revisions);
      });
      await operator.killLeader();
      await shop.reaches('Ready', 90);
      // The second was cut in its middle, unlocked, and the upgrade done once more; no other followed.
      expect(await shop.revisions()).toEqual([
        { version: 1, status: 'superseded' },
        { version: 2, status: 'failed' },
        { version: 3, status: 'deployed' },
      ]);
    }),
  );
});
