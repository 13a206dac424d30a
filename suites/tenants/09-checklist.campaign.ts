import { campaign, expect } from 'charter-runner';
import { onStage } from './stage.ts';
import { releaseOf, type Tenant } from './tenant.ts';
import { never, within } from './wait.ts';
import { remotes, type Thing } from './world.ts';

const selfCluster = 'self-cluster';

interface Kubeconfig {
  readonly kubeconfig: string;
}
const textOf = (secret: Thing | undefined): string =>
  Buffer.from((secret?.data as Kubeconfig | undefined)?.kubeconfig ?? '', 'base64').toString('utf8');

/** The same upgrade again is told by a higher count of its event. */
async function upgradesOf(
  shop: Tenant,
): Promise<{ readonly last: number | undefined; readonly told: number }> {
  const starts = (await shop.events()).filter(({ reason }) => reason === 'HelmUpgradeStart');
  const told = starts.reduce((sum, { count }) => sum + count, 0);
  return { last: (await shop.revisions()).at(-1)?.version, told };
}

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['checklist'] }, (c) => {
  c.case(
    '3.9',
    'another version of the setting upgrades each Tenant once, and not again at the next check (K03 K31)',
    { timeoutMs: 330_000 },
    onStage(async ({ tenants, operator, afterwards }) => {
      const noChart = { chartFrom: undefined };
      const shops = await tenants([
        { name: 'set-home', spec: noChart },
        { name: 'set-remote', on: 'remote-b', spec: noChart },
      ]);
      await Promise.all(shops.map((shop) => shop.reaches('Ready', 60)));
      afterwards(() => operator.configure({}));
      await operator.configure({ chart: { version: '1.1.0' } });
      for (const shop of shops) {
        await within(60, `${shop.name} is upgraded`, async () => {
          const revisions = await shop.revisions();
          return revisions.at(-1)?.status === 'deployed' && revisions.length === 2
            ? {}
            : JSON.stringify(revisions);
        });
        await shop.reaches('Ready', 30);
        const reasons = (await shop.events()).map(({ reason }) => reason);
        const helm = reasons.filter((reason) => /^Helm(Install|Upgrade)/.test(reason));
        expect(helm, 'events in their order').toEqual([
          'HelmInstallStart',
          'HelmInstalled',
          'HelmUpgradeStart',
          'HelmUpgraded',
        ]);
      }
      // Every Tenant is looked at once a minute.
      await never(70, 'a Tenant is upgraded again', async () => {
        const upgrades = await Promise.all(shops.map(upgradesOf));
        return upgrades.every(({ last, told }) => last === 2 && told === 1)
          ? undefined
          : JSON.stringify(upgrades);
      });
    }),
  );

  c.case(
    '4.9',
    'only a Secret with the label, the value true and the key, in the namespace, is a cluster (K04 K05 K06)',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant, tenants, clusters: { home }, kubeconfigSecret, afterwards }) => {
      const good = kubeconfigSecret('remote-b');
      const [label = ''] = Object.keys(good.metadata.labels ?? {});
      const own = { namespace: good.metadata.namespace ?? '' };
      const secrets: readonly Thing[] = [
        { ...good, metadata: { ...own, name: 'value-yes', labels: { [label]: 'yes' } } },
        { ...good, metadata: { namespace: 'default', name: 'elsewhere', labels: { [label]: 'true' } } },
        {
          ...good,
          metadata: { ...own, name: 'other-key', labels: { [label]: 'true' } },
          data: { config: '' },
        },
      ];
      for (const secret of secrets) {
        afterwards(() => home.remove('Secret', secret.metadata as { name: string; namespace: string }));
        await home.apply(secret);
      }
      const refused = await tenants(
        secrets.map(({ metadata: { name } }) => ({
          name: `by-${name}`,
          spec: { clusterRef: { secretName: name } },
        })),
      );
      for (const shop of refused)
        await within(30, `${shop.name} has no cluster`, async () => {
          const { conditions = [] } = await shop.status();
          return conditions.some(({ reason }) => reason === 'ClusterNotEngaged')
            ? {}
            : JSON.stringify(conditions);
        });
      const shop = await tenant({ name: 'by-remote-b', on: 'remote-b' });
      await shop.reaches('Ready', 45);
    }),
  );

  c.case(
    '12.9',
    'the Secret of the home cluster is made once, verifies TLS, and is left as it is (K12 K13 K19)',
    { timeoutMs: 120_000 },
    onStage(async ({ clusters: { home }, operator }) => {
      const where = { name: selfCluster, namespace: operator.namespace };
      const before = await home.find('Secret', where);
      expect(before?.metadata.labels).toMatchObject({
        'sigs.k8s.io/multicluster-runtime-kubeconfig': 'true',
      });
      expect(textOf(before)).toMatch(/certificate-authority/);
      expect(textOf(before)).not.toMatch(/insecure-skip-tls-verify: true/);
      await operator.kill();
      const after = await home.find('Secret', where);
      expect(after?.metadata.resourceVersion).toBe(before?.metadata.resourceVersion);
    }),
  );

  c.case(
    '21.9',
    'every engaged cluster has the Tenant CRD, and one that is there is not overwritten by an operator that begins anew (K21 K22)',
    { timeoutMs: 180_000 },
    onStage(async ({ tenant, clusters, operator, afterwards }) => {
      const crd = { name: 'tenants.mesh.openkcm.io' };
      for (const remote of remotes)
        expect(await clusters[remote].find('CustomResourceDefinition', crd), `on ${remote}`).toBeDefined();
      const mark = (value: string | null) =>
        clusters['remote-b'].patch('CustomResourceDefinition', crd, {
          spec: { names: { shortNames: value === null ? null : [value] } },
        });
      afterwards(() => mark(null));
      await mark('tn');
      await operator.kill();
      // Rolled out by the new process: it has engaged the cluster, and come past its CRD.
      const shop = await tenant({ name: 'after-the-crd', on: 'remote-b' });
      await shop.reaches('Ready', 60);
      const left = await clusters['remote-b'].find('CustomResourceDefinition', crd);
      expect(left?.spec).toMatchObject({ names: { shortNames: ['tn'] } });
    }),
  );

  c.case(
    '25.9',
    'a rollout is told step by step: workspace, progress, release name, fingerprint (K25 K27 K29 K33 K42 K57)',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant }) => {
      const shop = await tenant({
        name: 'told',
        on: 'remote-a',
        chart: 'slow',
        spec: { values: { seconds: 4 } },
      });
      await shop.says('ClusterProgress', /Installing/, 30);
      await shop.reaches('Ready', 60);
      expect((await shop.condition('ClusterProgress'))?.status).toBe('False');
      const events = await shop.events();
      const reasons = events.map(({ reason }) => reason);
      for (const reason of [
        'WorkspaceCreated',
        'HelmInstallStart',
        'HelmInstalled',
        'FingerprintUpdated',
        'PhaseSet',
      ])
        expect(reasons).toContain(reason);
      expect(events.find(({ reason }) => reason === 'HelmInstalled')?.message).toContain(
        releaseOf('told', 'remote-a'),
      );
      const { annotations = {} } = (await shop.object())?.metadata ?? {};
      expect(annotations['mesh.openkcm.io/fingerprint-remote-a']).toMatch(/^[0-9a-f]{64}$/);
      const [event] = await shop.store.list('Event', { namespace: shop.namespace });
      expect(event).toMatchObject({ source: { component: 'multicluster-tenants' } });
    }),
  );

  c.case(
    '46.9',
    'a Tenant for a cluster that nobody knows can be deleted, and a deleted one leaves its neighbour alone (K46 K48)',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant }) => {
      const neighbour = await tenant({ name: 'neighbour', on: 'remote-a', chart: 'healthy' });
      await neighbour.reaches('Ready', 60);
      const lost = await tenant({ name: 'lost', spec: { clusterRef: { secretName: 'nobody-knows' } } });
      const leaving = await tenant({ name: 'moving-out', on: 'remote-a', chart: 'healthy' });
      await leaving.reaches('Ready', 60);
      for (const shop of [lost, leaving]) {
        await shop.delete();
        await shop.gone(45);
      }
      await neighbour.reaches('Ready', 5);
      expect(await neighbour.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
    }),
  );
});
