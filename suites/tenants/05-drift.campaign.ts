import { campaign, expect } from 'charter-runner';
import { corrected, driftsOf, readyGraceMs } from './drifts.ts';
import { onStage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { never, within } from './wait.ts';

const rounds = 5;

/** Milliseconds that each correction took. */
async function corrections(shop: Tenant): Promise<Readonly<Record<string, number[]>>> {
  const times: Record<string, number[]> = {};
  for (const [name, drift] of Object.entries(driftsOf(shop)))
    for (let round = 0; round < rounds; round += 1)
      times[name] = [...(times[name] ?? []), Math.round(await corrected(shop, name, drift))];
  return times;
}

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['drift'] }, (c) => {
  c.case(
    '9.1',
    `what somebody deletes, edits, scales or labels is corrected within 5 s (p95), told as RepairTriggered, without a new revision, and never called Ready for ${readyGraceMs / 1_000} s while wrong (K53)`,
    { timeoutMs: 300_000, tags: ['short'] },
    onStage(async ({ tenant }, { property }) => {
      const shop = await tenant({ name: 'drifting', on: 'remote-a', chart: 'healthy' });
      await shop.reaches('Ready', 60);
      const times = await corrections(shop);
      property('drift-corrections-ms', JSON.stringify(times));
      const all = Object.values(times)
        .flat()
        .toSorted((a, b) => a - b);
      expect(all[Math.ceil(all.length * 0.95) - 1], `p95 of ${JSON.stringify(times)}`).toBeLessThan(5_000);
      await shop.reaches('Ready', 30);
      expect(await shop.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
      await within(10, 'an event tells of each kind of correction', async () => {
        const repairs = (await shop.events()).filter(({ reason }) => reason === 'RepairTriggered');
        const untold = Object.entries(driftsOf(shop)).filter(
          ([, { named }]) => !repairs.some(({ message }) => named.test(message)),
        );
        return untold.length === 0
          ? {}
          : `none for ${untold.map(([name]) => name)}: ${JSON.stringify(repairs)}`;
      });
    }),
  );

  c.case(
    '9.2',
    'drift that is only to be told of keeps the Tenant from being Ready while it lasts',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant }) => {
      const shop = await tenant({
        name: 'warned',
        chart: 'healthy',
        spec: { driftDetection: { mode: 'warn' } },
      });
      await shop.reaches('Ready', 60);
      const settings = shop.inWorkspace(`${shop.release}-settings`);
      await shop.cluster.patch(
        'ConfigMap',
        settings,
        { data: { message: 'edited' } },
        { manager: 'somebody' },
      );
      await within(10, 'not Ready while wrong', async () => {
        const { phase, conditions } = await shop.status();
        const told = conditions?.some(({ reason }) => reason === 'DriftDetected');
        return phase !== 'Ready' && told ? {} : `${phase}, ${JSON.stringify(conditions)}`;
      });
      await shop.cluster.patch(
        'ConfigMap',
        settings,
        { data: { message: 'hello' } },
        { manager: 'somebody' },
      );
      await shop.reaches('Ready', 20);
    }),
  );

  c.case(
    '9.3',
    'what an ignore rule names may differ, all else is corrected',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant }) => {
      const ignore = [{ paths: ['/data/message'], target: { kind: 'ConfigMap' } }];
      const shop = await tenant({ name: 'ignoring', chart: 'healthy', spec: { driftDetection: { ignore } } });
      await shop.reaches('Ready', 60);
      const settings = shop.inWorkspace(`${shop.release}-settings`);
      const edit = { data: { message: 'mine', version: 'wrong' } };
      await shop.cluster.patch('ConfigMap', settings, edit, { manager: 'somebody' });
      await within(10, 'the version is corrected', async () => {
        const data = (await shop.cluster.find('ConfigMap', settings))?.data as Record<string, string>;
        return data.version === '1.0.0' ? {} : JSON.stringify(data);
      });
      const data = (await shop.cluster.find('ConfigMap', settings))?.data;
      expect(data, 'after the correction').toMatchObject({ message: 'mine' });
    }),
  );

  c.case(
    '10.1',
    'a field that an autoscaler owns is left to it',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant }) => {
      const shop = await tenant({ name: 'autoscaled', chart: 'autoscaled' });
      await shop.reaches('Ready', 60);
      const deployment = shop.inWorkspace(shop.release);
      const replicas = async () =>
        ((await shop.cluster.find('Deployment', deployment))?.spec as { replicas?: number } | undefined)
          ?.replicas;
      await within(60, 'the autoscaler scales', async () =>
        (await replicas()) === 2 ? {} : `${await replicas()}`,
      );
      await never(20, 'somebody fights the autoscaler', async () => {
        const now = await replicas();
        return now === 2 ? undefined : `${now} replicas`;
      });
      expect(await shop.revisions()).toHaveLength(1);
      expect((await shop.status()).phase).toBe('Ready');
    }),
  );
});
