// policy-sync as a service: alive, ready, and a trigger that nobody pulls by looking at it.
import { campaign, expect } from 'charter-runner';
import { configured } from '../configured.ts';
import { catalogIsReachable, jsonOf } from './answers.ts';
import { grown, samplesIn, syncCounters } from './metrics.ts';
import { syncOrSkip } from './syncing.ts';

campaign('W4', 'PII propagation', { targets: ['policySync'], order: 'isolated' }, (c) => {
  c.case('W4.1', 'policy-sync is alive', async ({ policySync }) => {
    expect((await policySync.health()).status, 'status of the health route').toBe(200);
  });

  c.case(
    'W4.2',
    'policy-sync is ready, and the data catalog with it',
    { needs: ['routes.policySync.ready'] },
    async ({ policySync }) => {
      const { status, text } = configured(await policySync.ready(), 'routes.policySync.ready');
      expect(status, 'status of the readiness route').toBe(200);
      expect(catalogIsReachable(jsonOf(text)), 'readiness names the data catalog as reachable').toBe(true);
    },
  );

  c.case('W4.3', 'a sync is not started by GET', async ({ policySync, config }) => {
    const { status } = await policySync.getSync();
    expect(status, `status of GET ${config.routes.policySync.sync}`).toBe(405);
  });

  c.case(
    'W4.12',
    'a sync is counted in the metrics',
    { writes: 'writes', needs: ['routes.policySync.metrics'], cast: ['admin'] },
    async (context) => {
      const { policySync, config, eventually } = context;
      const read = async () => {
        const { status, text } = configured(await policySync.metrics(), 'routes.policySync.metrics');
        expect(status, 'status of the metrics route').toBe(200);
        const samples = samplesIn(text);
        expect(samples !== undefined, 'the metrics are text of Prometheus').toBe(true);
        return samples ?? new Map<string, number>();
      };
      const before = await read();
      expect(syncCounters(before), 'counters of syncs').not.toHaveLength(0);
      await syncOrSkip(context);
      await eventually(config.budgets.syncMs, async () => {
        expect(grown(before, await read()), 'counters of syncs that grew by a sync').not.toHaveLength(0);
      });
    },
  );
});
