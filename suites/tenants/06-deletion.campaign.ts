import { campaign, expect } from 'charter-runner';
import { sentence } from './oracle.ts';
import { onStage } from './stage.ts';
import { never, within } from './wait.ts';

const finalizer = 'mesh.openkcm.io/cleanup';

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['deletion'] }, (c) => {
  c.case(
    '11.1',
    'a deleted Tenant takes release and workspace with it, and can be made again under its name (K45 K47)',
    { timeoutMs: 180_000, tags: ['short'] },
    onStage(async ({ tenant, swept }) => {
      const shop = await tenant({ name: 'deleted', on: 'remote-a', chart: 'healthy' });
      await shop.reaches('Ready', 60);
      await shop.delete();
      await shop.gone(45);
      await swept([], 20);
      await shop.apply();
      await shop.reaches('Ready', 60);
      await swept([shop.expectation], 10);
    }),
  );

  c.case(
    '11.2',
    'a remote that is down keeps the finalizer, with the reason in the status, until it is back',
    { timeoutMs: 240_000 },
    onStage(async ({ tenant, network }) => {
      const shop = await tenant({ name: 'held', on: 'remote-a' });
      await shop.reaches('Ready', 60);
      await network.set('remote-a', { fault: 'refuse' });
      await shop.delete();
      await within(60, 'the status says what holds it', async () => {
        const { conditions = [] } = await shop.status();
        return conditions.some(({ reason }) => reason === 'ClusterUnreachable')
          ? {}
          : JSON.stringify(conditions);
      });
      await never(10, 'the finalizer is lost', async () => {
        const object = await shop.object();
        return object?.metadata.finalizers?.includes(finalizer) ? undefined : 'no finalizer';
      });
      await network.calm();
      await shop.gone(90);
    }),
  );

  c.case(
    '11.3',
    'letting go on purpose ends the wait, and an event tells what stayed behind',
    { timeoutMs: 240_000 },
    onStage(async ({ tenant, network, clusters, afterwards }) => {
      const shop = await tenant({ name: 'let-go', on: 'remote-b' });
      await shop.reaches('Ready', 60);
      // What was left behind on purpose is for its owner to remove.
      afterwards(() => clusters['remote-b'].remove('Namespace', { name: shop.workspace }));
      await network.set('remote-b', { fault: 'refuse' });
      await shop.delete();
      await within(60, 'it waits', async () => {
        const { conditions = [] } = await shop.status();
        return conditions.some(({ reason }) => reason === 'ClusterUnreachable')
          ? {}
          : JSON.stringify(conditions);
      });
      const annotations = { 'mesh.openkcm.io/let-go': 'true' };
      await shop.store.patch('Tenant', shop.where, { metadata: { annotations } });
      await shop.gone(30);
      // Events are written beside the work.
      await within(10, 'an event LetGo names the release', async () => {
        const told = (await shop.events()).filter(({ message }) => message.includes(shop.release));
        const reasons = told.map(({ reason }) => reason);
        return reasons.includes('LetGo') ? {} : `events that name it: ${reasons.join()}`;
      });
      const left = await clusters['remote-b'].list('Secret', {
        namespace: shop.workspace,
        labels: 'owner=helm',
      });
      expect(left, 'releases that stayed').toHaveLength(1);
    }),
  );

  c.case(
    '12.1',
    'a finalizer that somebody removes is there again, and one is never dropped while no operator runs',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant, operator, afterwards }) => {
      afterwards(() => operator.start());
      const shop = await tenant({ name: 'guarded' });
      await shop.reaches('Ready', 60);
      await shop.store.patch('Tenant', shop.where, { metadata: { finalizers: null } });
      await within(15, 'the finalizer is there again', async () => {
        const { finalizers = [] } = (await shop.object())?.metadata ?? {};
        return finalizers.includes(finalizer) ? {} : `finalizers: ${finalizers.join()}`;
      });
      await operator.crash();
      await shop.delete();
      expect((await shop.object())?.metadata.finalizers, 'without an operator').toContain(finalizer);
      await operator.start();
      await shop.gone(60);
    }),
  );

  c.case(
    '12.2',
    'a workspace that the Tenant did not make stays, without the release and the account of it (K45)',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant, clusters: { home }, inventory, afterwards }) => {
      const workspace = 'made-by-somebody';
      await home.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: workspace } });
      const shop = await tenant({ name: 'guest', workspace, chart: 'healthy' });
      afterwards(async () => {
        await shop.delete();
        await shop.gone(60);
        await home.remove('Namespace', { name: workspace });
      });
      await shop.reaches('Ready', 60);
      expect(
        await home.find('RoleBinding', shop.inWorkspace('tenant-release')),
        'while it runs',
      ).toBeDefined();
      await shop.delete();
      await shop.gone(45);
      const left = await home.find('Namespace', { name: workspace });
      expect(left?.metadata.deletionTimestamp, 'of the namespace').toBeUndefined();
      expect(left).toBeDefined();
      expect(await shop.revisions(), 'of the release').toEqual([]);
      const stays = (await inventory()).filter(
        ({ cluster, namespace }) => cluster === 'home' && namespace === workspace,
      );
      expect(stays.map(sentence), 'in the workspace').toEqual([]);
    }),
  );

  c.case(
    '12.4',
    'Tenants that share a workspace and are deleted together take it with them',
    { timeoutMs: 150_000 },
    onStage(async ({ tenants, swept }) => {
      const workspace = 'shared-ws';
      const shops = await tenants(
        ['sharer-1', 'sharer-2', 'sharer-3'].map((name) => ({ name, workspace, on: 'remote-a' as const })),
      );
      await Promise.all(shops.map((shop) => shop.reaches('Ready', 60)));
      await Promise.all(shops.map((shop) => shop.delete()));
      await Promise.all(shops.map((shop) => shop.gone(60)));
      await swept([], 20);
    }),
  );

  c.case(
    '12.3',
    'suspend changes nothing on the cluster, is not called Ready, and deletes all the same',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant }) => {
      const shop = await tenant({ name: 'paused', chart: 'healthy' });
      await shop.reaches('Ready', 60);
      await shop.apply({ version: '1.1.0', spec: { suspend: true } });
      await shop.says('ClusterReady', /Suspended/, 20);
      await never(8, 'the release changes, or is called Ready', async () => {
        const [revisions, { phase }] = [await shop.revisions(), await shop.status()];
        return revisions.length === 1 && phase !== 'Ready'
          ? undefined
          : `${phase} ${JSON.stringify(revisions)}`;
      });
      await shop.delete();
      await shop.gone(60);
    }),
  );
});
