import { isDeepStrictEqual } from 'node:util';
import { campaign, expect } from 'charter-runner';
import { corrected, driftsOf } from './drifts.ts';
import { allGone, allReady } from './many.ts';
import { onStage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { never, within } from './wait.ts';
import { clusterNames } from './world.ts';

/** Calls of Helm on one cluster, as the operator's `--concurrency` has it by default. */
const atOnce = 10;

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['many'] }, (c) => {
  c.case(
    '14.1',
    '20 Tenants on each of 3 clusters are Ready within 180 s, and gone within 180 s',
    { timeoutMs: 450_000 },
    onStage(async (stage, { property }) => {
      const { tenants, swept } = stage;
      const start = performance.now();
      const shops = await tenants(
        clusterNames.flatMap((on) => Array.from({ length: 20 }, (_, i) => ({ name: `many-${on}-${i}`, on }))),
      );
      await allReady(stage, shops, 180);
      property('60-releases-ready-ms', String(Math.round(performance.now() - start)));
      await swept(
        shops.map((shop) => shop.expectation),
        10,
      );
      await Promise.all(shops.map((shop) => shop.delete()));
      await allGone(stage, shops, 180);
    }),
  );

  c.case(
    '14.2',
    'rollouts that hang, more than the operator allows at once on a cluster, keep nobody there from being mended within 5 s or deleted within 30 s',
    { timeoutMs: 400_000 },
    onStage(async (stage, { property }) => {
      const on = 'remote-b';
      const [shop, leaver] = (await stage.tenants([
        { name: 'beside', on, chart: 'healthy' },
        { name: 'leaver', on },
      ])) as [Tenant, Tenant];
      await allReady(stage, [shop, leaver], 60);
      const hanging = await stage.tenants(
        Array.from({ length: atOnce + 2 }, (_, i) => ({
          ...{ name: `hanging-${i}`, on, chart: 'stuck' },
          spec: { timeouts: { install: '60s' }, values: { because: 'node' } },
        })),
      );
      const states = async () => {
        const progress = await Promise.all(hanging.map((one) => one.condition('ClusterProgress')));
        return progress.map((condition) => `${condition?.status} ${condition?.reason}`).toSorted();
      };
      const full = [
        ...Array<string>(atOnce).fill('True Installing'),
        ...Array<string>(2).fill('Unknown AwaitingHelm'),
      ];
      await within(40, `${atOnce} rollouts hang and two wait`, async () => {
        const seen = await states();
        return isDeepStrictEqual(seen, full) ? {} : seen.join();
      });
      const ms = Math.round(await corrected(shop, 'edit', driftsOf(shop).edit));
      property('mended-beside-hanging-ms', String(ms));
      expect(ms, 'milliseconds until it is mended').toBeLessThan(5_000);
      await leaver.delete();
      await leaver.gone(30);
      expect(await states(), 'they hang still').toEqual(full);
      await Promise.all(hanging.map((one) => one.delete()));
      await allGone(stage, hanging, 150);
    }),
  );

  c.case(
    '63.1',
    'Tenants that are stored on home and on a remote are rolled out where they are stored, three Deployments each (K24 K51 K63)',
    { timeoutMs: 150_000, tags: ['short'] },
    onStage(async ({ tenants, swept }) => {
      const shops = await tenants([
        { name: 'flow-home', chart: 'healthy' },
        { name: 'flow-remote', storedOn: 'remote-a', chart: 'healthy' },
      ]);
      for (const shop of shops) {
        await shop.reaches('Ready', 60);
        for (const part of ['api', 'web', 'worker']) {
          const found = await shop.cluster.find('Deployment', shop.inWorkspace(`${shop.release}-${part}`));
          expect(found?.status, `Deployment ${part} of ${shop.name}`).toMatchObject({ availableReplicas: 1 });
        }
        const reasons = (await shop.events()).map(({ reason }) => reason);
        expect(reasons, 'events').toEqual(
          expect.arrayContaining(['WorkspaceCreated', 'HelmInstallStart', 'HelmInstalled', 'PhaseSet']),
        );
      }
      await swept(
        shops.map((shop) => shop.expectation),
        10,
      );
    }),
  );

  c.case(
    '63.2',
    'a Tenant for another cluster leaves nothing on the cluster that stores it (K23)',
    { timeoutMs: 90_000 },
    onStage(async ({ tenant, clusters: { home } }) => {
      const shop = await tenant({ name: 'for-another', on: 'remote-a' });
      await shop.reaches('Ready', 60);
      expect(await home.find('Namespace', { name: shop.workspace })).toBeUndefined();
      expect(await shop.cluster.find('Namespace', { name: shop.workspace })).toBeDefined();
    }),
  );

  c.case(
    '63.3',
    'an idle Tenant costs nothing: no Helm write, no status write, no event (K30 K50)',
    { timeoutMs: 300_000 },
    onStage(async ({ tenants }) => {
      const shops = await tenants([
        { name: 'idle-home', chart: 'healthy' },
        { name: 'idle-a', chart: 'healthy', on: 'remote-a' },
      ]);
      await Promise.all(shops.map((shop) => shop.reaches('Ready', 60)));
      const state = async () =>
        JSON.stringify(
          await Promise.all(
            shops.map(async (shop) => [
              (await shop.object())?.metadata.resourceVersion,
              (await shop.revisions()).length,
              await shop.events(),
            ]),
          ),
        );
      // The first look after a rollout says so, once.
      await Promise.all(shops.map((shop) => shop.says('ClusterReady', /NoChange/, 100)));
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const before = await state();
      await never(75, 'something is written while nothing changes', async () => {
        const now = await state();
        return now === before ? undefined : `${before} became ${now}`;
      });
    }),
  );

  c.case(
    '66.1',
    'metrics tell how many Tenants are ready and wrong, by cluster (K66)',
    { timeoutMs: 120_000 },
    onStage(async ({ tenants, operator }) => {
      const [good, bad] = await tenants([
        { name: 'counted-good', on: 'remote-a' },
        { name: 'counted-bad', on: 'remote-a', spec: { workspace: 'kube-system' } },
      ]);
      await good?.reaches('Ready', 60);
      await bad?.says('ClusterError', /WorkspaceForbidden/, 30);
      await within(20, 'both are counted', async () => {
        const samples = (await operator.metrics()).filter(({ labels }) => labels.cluster === 'remote-a');
        const of = (word: RegExp) => samples.filter(({ name, value }) => word.test(name) && value >= 1);
        return of(/ready/).length > 0 && of(/error/).length > 0 ? {} : JSON.stringify(samples);
      });
    }),
  );

  c.case(
    '67.1',
    'NetworkPolicies that a chart ships are enforced on the remote, and end with the release',
    { timeoutMs: 480_000 },
    onStage(async ({ tenant, prober, afterwards }) => {
      const probes = await prober('remote-a');
      afterwards(probes.close);
      const workspace = probes.namespace('x');
      const shop = await tenant({ name: 'policed', on: 'remote-a', chart: 'with-policies', workspace });
      await shop.reaches('Ready', 60);
      const policies = await shop.cluster.list('NetworkPolicy', { namespace: workspace });
      expect(policies.map(({ metadata }) => metadata.name).toSorted()).toEqual([
        `${shop.release}-names`,
        `${shop.release}-nothing`,
      ]);
      // As a Pod of the release: the chart lets those ask the DNS.
      const labels = { 'x/a': { 'app.kubernetes.io/instance': shop.release } };
      const shut = await probes.judge({ name: 'policies of the release', policies, labels });
      expect(shut.verdict, shut.text).toBe('pass');
      expect(shut.denied).toBeGreaterThan(0);
      await shop.delete();
      await shop.gone(60);
      const open = await probes.judge({ name: 'after the release', policies: [], labels: {} });
      expect(open.verdict, open.text).toBe('pass');
      expect(open.denied).toBe(0);
    }),
  );
});
