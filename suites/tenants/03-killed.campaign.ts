import { campaign, expect } from 'charter-runner';
import { onStage, type Stage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { within } from './wait.ts';

/** Points in time after the write, spread over all that a rollout does; the same in every run. */
const pointsMs = Array.from({ length: 20 }, (_, i) => 150 + ((i * 7_919) % 6_000));

async function killedAt(stage: Stage, ms: number, index: number): Promise<void> {
  const shop = await stage.tenant({
    name: `killed-${index}`,
    on: 'remote-a',
    chart: 'slow',
    spec: { values: { seconds: 3 } },
  });
  if (index % 3 !== 0) await shop.reaches('Ready', 60);
  if (index % 3 === 1) await shop.apply({ version: '1.1.0' });
  if (index % 3 === 2) await shop.delete();
  await new Promise((resolve) => setTimeout(resolve, ms));
  await stage.operator.kill();
  if (index % 3 === 2) {
    await shop.gone(60);
    return;
  }
  await shop.reaches('Ready', 60);
  await onlyOneDeployed(shop);
  await shop.delete();
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
    onStage(async (stage) => {
      for (const [index, ms] of pointsMs.slice(0, 3).entries()) await killedAt(stage, ms, index);
    }),
  );

  c.case(
    '5.2',
    'an operator killed at 17 more points goes on where it stood',
    { timeoutMs: 1_100_000 },
    onStage(async (stage) => {
      for (const [index, ms] of pointsMs.entries()) if (index >= 3) await killedAt(stage, ms, index);
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
