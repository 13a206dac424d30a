import { campaign, expect } from 'charter-runner';
import { uidOfRevision } from './revision.ts';
import { onStage } from './stage.ts';
import { never, within } from './wait.ts';
import type { Thing } from './world.ts';

/** The same way to the cluster in other bytes, or one that does not lead there. */
function rotated(secret: Thing, change: (kubeconfig: string) => string): Thing {
  const { kubeconfig } = secret.data as { readonly kubeconfig: string };
  const text = change(Buffer.from(kubeconfig, 'base64').toString('utf8'));
  return { ...secret, data: { kubeconfig: Buffer.from(text).toString('base64') } };
}

interface Rule {
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}
const readsSecrets = ({ resources, verbs }: Rule): boolean =>
  resources?.includes('secrets') === true && verbs.includes('list');

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['clusters'] }, (c) => {
  c.case(
    '1.1',
    'a cluster whose Secret disappears is left as it is, and taken up again under the same name (K08 K09)',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant, clusters: { home }, kubeconfigSecret, afterwards }) => {
      const secret = kubeconfigSecret('remote-b');
      afterwards(() => home.apply(secret));
      const shop = await tenant({ name: 'leaving', on: 'remote-b' });
      await shop.reaches('Ready', 60);
      const uid = await uidOfRevision(shop, 1);

      await home.remove('Secret', secret.metadata as { name: string; namespace: string });
      await shop.says('ClusterError', /ClusterNotEngaged/, 20);
      expect((await shop.object())?.metadata.deletionTimestamp, 'of the Tenant').toBeUndefined();
      expect(await shop.revisions(), 'without the Secret').toHaveLength(1);

      await home.apply(secret);
      await shop.reaches('Ready', 30);
      expect(await shop.revisions(), 'revisions of the release').toEqual([
        { version: 1, status: 'deployed' },
      ]);
      expect(await uidOfRevision(shop, 1), 'uid of the revision, the same release').toBe(uid);
    }),
  );

  c.case(
    '1.2',
    'a rotated kubeconfig is used from its first byte on, also when it is wrong (K07)',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant, clusters: { home }, kubeconfigSecret, afterwards }) => {
      const secret = kubeconfigSecret('remote-b');
      afterwards(() => home.apply(secret));
      const shop = await tenant({ name: 'rotating', on: 'remote-b' });
      await shop.reaches('Ready', 60);

      await home.apply(rotated(secret, (text) => text.replace(/token: .*/, 'token: of-somebody-else')));
      await shop.says('ClusterError', /Cluster(Unreachable|NotEngaged)/, 30);
      await home.apply(rotated(secret, (text) => `# rotated\n${text}`));
      await shop.reaches('Ready', 30);
      await shop.apply({ version: '1.1.0' });
      await shop.reaches('Ready', 40);
    }),
  );

  c.case(
    '1.3',
    'a Secret that loses its label is no cluster any more (K10)',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant, clusters: { home }, kubeconfigSecret, afterwards }) => {
      const secret = kubeconfigSecret('remote-b');
      const where = secret.metadata as { name: string; namespace: string };
      afterwards(() => home.apply(secret));
      const shop = await tenant({ name: 'unlabelled', on: 'remote-b' });
      await shop.reaches('Ready', 60);
      const [label = ''] = Object.keys(secret.metadata.labels ?? {});
      await home.patch('Secret', where, { metadata: { labels: { [label]: 'false' } } });
      await shop.says('ClusterError', /ClusterNotEngaged/, 20);
      await home.patch('Secret', where, { metadata: { labels: { [label]: 'true' } } });
      await shop.reaches('Ready', 30);
    }),
  );

  c.case(
    '1.5',
    'a release that was rolled out under another name of its cluster is taken away with its Tenant',
    { timeoutMs: 180_000 },
    onStage(async ({ tenant, clusters, kubeconfigSecret, afterwards }) => {
      const secret = kubeconfigSecret('remote-b');
      const { name, namespace = '' } = secret.metadata;
      const renamed = { ...secret, metadata: { ...secret.metadata, name: 'remote-renamed' } };
      const shop = await tenant({ name: 'renamed', storedOn: 'remote-b' });
      // It was made for the Tenants of a cluster that is no more: nobody may take it away.
      afterwards(() => clusters['remote-b'].remove('Namespace', { name: shop.workspace }));
      afterwards(() => clusters.home.apply(secret));
      afterwards(() => clusters.home.remove('Secret', { name: 'remote-renamed', namespace }));
      await shop.reaches('Ready', 60);

      await clusters.home.remove('Secret', { name, namespace });
      await clusters.home.apply(renamed);
      await within(30, 'it says whose the workspace is', async () => {
        const { conditions = [] } = await shop.status();
        const refused = conditions.some(({ reason }) => reason === 'WorkspaceOfAnother');
        return refused ? {} : JSON.stringify(conditions);
      });
      expect(await shop.revisions(), 'while it is refused').toHaveLength(1);
      await shop.delete();
      await shop.gone(45);
      expect(await shop.revisions(), 'after it').toEqual([]);
    }),
  );

  c.case(
    '1.4',
    'a cluster that cannot be reached delays no other, and a kubeconfig that runs programs is refused (K11)',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant, clusters: { home }, kubeconfigSecret, afterwards, operator }) => {
      const good = kubeconfigSecret('remote-b');
      const bad = (name: string, change: (kubeconfig: string) => string): Thing => {
        const { labels, namespace } = good.metadata;
        const metadata = { name, ...(labels && { labels }), ...(namespace && { namespace }) };
        return { ...rotated(good, change), metadata };
      };
      const evil = bad('evil', (text) =>
        text.replace(
          /token: .*/,
          'exec: { apiVersion: client.authentication.k8s.io/v1, command: touch, args: [/tmp/was-here], interactiveMode: Never }',
        ),
      );
      const dead = bad('dead', (text) => text.replace(/server: .*/, 'server: https://192.0.2.1:6443'));
      for (const secret of [evil, dead]) {
        afterwards(() =>
          home.remove('Secret', { name: secret.metadata.name, namespace: operator.namespace }),
        );
        await home.apply(secret);
      }
      await operator.kill();
      const shop = await tenant({ name: 'undelayed', on: 'remote-b' });
      await shop.reaches('Ready', 45);
      const log = await operator.log();
      expect(log, 'log of the operator').toMatch(
        /cluster evil is refused: user \S+ has exec, which the operator does not follow/,
      );
      expect(log, 'log of the operator').not.toMatch(/cluster evil (is engaged|cannot be engaged)/);
    }),
  );

  c.case(
    '2.1',
    'an operator that may not even list its clusters uninstalls nothing, and goes on when it may',
    { timeoutMs: 300_000 },
    onStage(async ({ tenants, clusters: { home }, operator, afterwards }) => {
      const shops = await tenants([
        { name: 'kept-home' },
        { name: 'kept-a', on: 'remote-a' },
        { name: 'kept-b', on: 'remote-b' },
      ]);
      for (const shop of shops) await shop.reaches('Ready', 60);
      const uids = () => Promise.all(shops.map((shop) => uidOfRevision(shop, 1)));
      const before = await uids();

      // All else it may do, the Lease too: it leads, and goes looking for clusters.
      const where = { name: 'tenant-operator', namespace: operator.namespace };
      const { rules } = (await home.find('Role', where)) as unknown as { readonly rules: readonly Rule[] };
      expect(rules.some(readsSecrets), 'the Role lets it list Secrets').toBe(true);
      const allow = () => home.patch('Role', where, { rules });
      afterwards(() => operator.start());
      afterwards(allow);
      await home.patch('Role', where, { rules: rules.filter((rule) => !readsSecrets(rule)) });
      await operator.crash();
      await operator.start();
      await within(60, 'it says that it cannot look', async () => {
        const log = await operator.log();
        return /Secrets with kubeconfigs cannot be read, clusters stay/.test(log) ? {} : log.slice(-500);
      });
      await never(20, 'a release changes while discovery fails', async () => {
        const revisions = await Promise.all(shops.map((shop) => shop.revisions()));
        const wrong = revisions.filter((some) => some.length !== 1 || some[0]?.status !== 'deployed');
        return wrong.length === 0 ? undefined : JSON.stringify(revisions);
      });
      const there = await Promise.all(shops.map((shop) => shop.object()));
      expect(there.map((one) => one?.metadata.deletionTimestamp)).toEqual([undefined, undefined, undefined]);
      await allow();
      for (const shop of shops) await shop.apply({ version: '1.1.0' });
      for (const shop of shops) {
        await shop.reaches('Ready', 60);
        expect(await shop.revisions(), `revisions of ${shop.name}`).toEqual([
          { version: 1, status: 'superseded' },
          { version: 2, status: 'deployed' },
        ]);
      }
      expect(await uids(), 'uids of the first revisions, the same releases').toEqual(before);
    }),
  );
});
