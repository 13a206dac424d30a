import { campaign, expect } from 'charter-runner';
import { killedInTurn } from './kill.ts';
import { pointsOf, seedOfRun } from './kill-points.ts';
import { uidOfRevision } from './revision.ts';
import { onStage } from './stage.ts';
import { within } from './wait.ts';

const points = pointsOf(seedOfRun);

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['killed'] }, (c) => {
  c.case(
    '5.1',
    'an operator killed in the middle of an install, and at a random point of an upgrade and an uninstall, goes on where it stood',
    { timeoutMs: 300_000, tags: ['short'] },
    onStage(async (stage, { property }) => {
      await killedInTurn(stage, { of: '5.1', kills: points.slice(0, 1), atWorkAtLeast: 1, property });
    }),
  );

  c.case(
    '5.2',
    'an operator killed six times, each time in the middle of an install or an upgrade and at random points of two other Tenants, goes on where it stood; at least four kills cut Helm',
    { timeoutMs: 900_000 },
    onStage(async (stage, { property }) => {
      await killedInTurn(stage, { of: '5.2', kills: points.slice(1), atWorkAtLeast: 4, property });
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
      const uid = await uidOfRevision(shop, 1);
      await operator.kill();
      await network.calm();
      await shop.reaches('Ready', 60);
      expect(await shop.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
      expect(await uidOfRevision(shop, 1), 'uid of the revision, the same release').toBe(uid);
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
