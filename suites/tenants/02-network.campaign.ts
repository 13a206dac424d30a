import { setTimeout as after } from 'node:timers/promises';
import { campaign, expect } from 'charter-runner';
import { onStage } from './stage.ts';
import { never, within } from './wait.ts';

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
    'a remote API server that goes away in the middle of an upgrade cuts it, is said, and the upgrade is done again when it is back',
    { timeoutMs: 330_000 },
    onStage(async ({ tenant, network }) => {
      const shop = await tenant({ name: 'down-upgrade', on: 'remote-a', chart: 'slow' });
      await shop.reaches('Ready', 60);
      await shop.apply({ version: '1.1.0', spec: { values: { seconds: 6 } } });
      await within(20, 'the upgrade has begun', async () => {
        const revisions = await shop.revisions();
        return revisions.length > 1 ? {} : JSON.stringify(revisions);
      });
      await network.set('remote-a', { fault: 'reset' });
      // Helm waits for as long as it may, 20 s, and the operator looks again when it has given up.
      await shop.says('ClusterError', /^ClusterUnreachable: cluster remote-a: /, 75);
      expect((await shop.status()).phase, 'phase while the upgrade is unknown').not.toBe('Ready');
      expect(await shop.revisions(), 'while nobody can end the upgrade').toEqual([
        { version: 1, status: 'deployed' },
        { version: 2, status: 'pending-upgrade' },
      ]);
      await network.calm();
      await shop.reaches('Ready', 100);
      expect(await shop.revisions(), 'after it').toEqual([
        { version: 1, status: 'superseded' },
        { version: 2, status: 'failed' },
        { version: 3, status: 'deployed' },
      ]);
    }),
  );

  c.case(
    '3.6',
    'a remote that falls silent takes Ready from its Tenants within 30 s, and gives it back when it answers',
    { timeoutMs: 150_000 },
    onStage(async ({ tenants, network }) => {
      const [silent, other] = await tenants([
        { name: 'silent', on: 'remote-a' },
        { name: 'beside-silent', on: 'remote-b' },
      ]);
      await silent?.reaches('Ready', 60);
      await other?.reaches('Ready', 60);
      await network.set('remote-a', { fault: 'hang' });
      await silent?.says('ClusterError', /ClusterUnreachable/, 30);
      expect((await silent?.status())?.phase, 'phase while it is silent').not.toBe('Ready');
      expect((await other?.status())?.phase, 'phase on the other remote').toBe('Ready');
      await network.calm();
      await silent?.reaches('Ready', 30);
      expect(await silent?.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
    }),
  );

  c.case(
    '4.1',
    'a slow remote (2 s for each request; at the beginning of each step some are reset, and for 20 s 5 %) is installed, upgraded and cleaned up',
    { timeoutMs: 540_000 },
    onStage(async ({ tenant, network }) => {
      // Helm gives up at the first request that is cut, and one call of it is some 25 requests: the resets have to end for it to come through.
      const cutFor = async (seconds: number) => {
        const before = await network.faulted('remote-a');
        await network.set('remote-a', { latencyMs: 2_000, resetShare: 1 });
        await within(20, 'a request is reset', async () =>
          (await network.faulted('remote-a')) > before ? {} : 'none',
        );
        await network.set('remote-a', { latencyMs: 2_000, resetShare: 0.05 });
        await after(seconds * 1_000);
        await network.set('remote-a', { latencyMs: 2_000 });
      };
      await network.set('remote-a', { latencyMs: 2_000 });
      const shop = await tenant({ name: 'slow-remote', on: 'remote-a' });
      await cutFor(20);
      await shop.reaches('Ready', 120);
      await shop.apply({ version: '1.1.0' });
      await cutFor(20);
      await shop.reaches('Ready', 200);
      await shop.delete();
      await cutFor(10);
      await shop.gone(120);
    }),
  );

  c.case(
    '4.2',
    'a remote that cuts one request of twenty, five and more of them, keeps its Tenants Ready, however often they are looked at',
    { timeoutMs: 330_000 },
    onStage(async ({ tenant, network }) => {
      const shop = await tenant({ name: 'cut-at-times', on: 'remote-a', chart: 'healthy' });
      await shop.reaches('Ready', 60);
      const before = await network.faulted('remote-a');
      const cut = async () => (await network.faulted('remote-a')) - before;
      await network.set('remote-a', { resetShare: 0.05 });
      let looks = 0;
      const look = async () => {
        looks += 1;
        const annotations = { 'charter-runner.io/look': String(looks) };
        await shop.store.patch('Tenant', shop.where, { metadata: { annotations } });
        const { phase, conditions } = await shop.status();
        return phase === 'Ready' ? undefined : JSON.stringify(conditions);
      };
      await never(60, 'it is not Ready', look);
      for (let more = 0; more < 4 && (await cut()) < 5; more += 1) await never(30, 'it is not Ready', look);
      expect(looks, 'looks that were asked for').toBeGreaterThan(50);
      expect(await cut(), 'requests that were cut').toBeGreaterThanOrEqual(5);
      await network.calm();
      expect(await shop.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
    }),
  );
});
