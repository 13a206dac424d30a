import { campaign, expect } from 'charter-runner';
import { onStage } from './stage.ts';
import { within } from './wait.ts';

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['network'] }, (c) => {
  for (const [id, fault] of [
    ['3.1', 'refuse'],
    ['3.2', 'hang'],
    ['3.3', '500'],
    ['3.4', '429'],
  ] as const)
    c.case(
      id,
      `a remote API server that fails (${fault}) at the install is said, and the install follows when it is back`,
      { timeoutMs: 150_000 },
      onStage(async ({ tenant, network }) => {
        await network.set('remote-a', { fault });
        const shop = await tenant({ name: `down-${fault}`, on: 'remote-a' });
        await shop.says('ClusterError', /Unreachable|NotEngaged|refused|timeout|reset|answers|429|500/i, 45);
        expect((await shop.status()).phase, 'phase while the remote is down').not.toBe('Ready');
        await network.calm();
        await shop.reaches('Ready', 60);
      }),
    );

  c.case(
    '3.5',
    'a remote API server that goes away in the middle of an upgrade leaves a release that is repaired',
    { timeoutMs: 180_000 },
    onStage(async ({ tenant, network }) => {
      const shop = await tenant({ name: 'down-upgrade', on: 'remote-a', chart: 'slow' });
      await shop.reaches('Ready', 60);
      await shop.apply({ version: '1.1.0', spec: { values: { seconds: 6 } } });
      await within(20, 'the upgrade has begun', async () => {
        const revisions = await shop.revisions();
        return revisions.length > 1 ? {} : JSON.stringify(revisions);
      });
      await network.set('remote-a', { fault: 'reset' });
      await within(45, 'not Ready while the upgrade is unknown', async () => {
        const status = await shop.status();
        return status.phase === 'Ready' ? JSON.stringify(status) : {};
      });
      await network.calm();
      await shop.reaches('Ready', 100);
      const deployed = (await shop.revisions()).filter(({ status }) => status === 'deployed');
      expect(deployed, 'deployed revisions').toHaveLength(1);
    }),
  );

  c.case(
    '4.1',
    'a slow remote (2 s for each request, 5 % of them reset) is installed, upgraded and cleaned up',
    { timeoutMs: 400_000 },
    onStage(async ({ tenant, network }) => {
      await network.set('remote-a', { latencyMs: 2_000, resetShare: 0.05 });
      const shop = await tenant({ name: 'slow-remote', on: 'remote-a' });
      await shop.reaches('Ready', 150);
      await shop.apply({ version: '1.1.0' });
      await shop.reaches('Ready', 120);
      await shop.delete();
      await shop.gone(120);
    }),
  );
});
