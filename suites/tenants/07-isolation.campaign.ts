import { randomBytes } from 'node:crypto';
import { campaign, expect } from 'charter-runner';
import { onStage, type Stage } from './stage.ts';
import { never } from './wait.ts';

/** A second namespace for Tenants, gone after the scenario. */
async function otherNamespace({ clusters: { home }, afterwards }: Stage): Promise<string> {
  const name = 'tenants-other';
  await home.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  // It goes when the last Tenant in it has gone.
  afterwards(() => home.remove('Namespace', { name }));
  return name;
}

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['isolation'] }, (c) => {
  c.case(
    '13.1',
    'of two Tenants with one name and one workspace the later is refused, and follows when the earlier is gone',
    { timeoutMs: 240_000 },
    onStage(async (stage) => {
      const namespace = await otherNamespace(stage);
      const first = await stage.tenant({ name: 'twin', workspace: 'twin-ws' });
      await first.reaches('Ready', 60);
      const second = await stage.tenant({ name: 'twin', namespace, workspace: 'twin-ws' });
      await second.says('ClusterError', /ReleaseNameConflict|WorkspaceOfAnother/, 20);
      expect((await first.status()).phase, 'phase of the earlier').toBe('Ready');
      await first.delete();
      await first.gone(45);
      await second.reaches('Ready', 90);
    }),
  );

  c.case(
    '13.3',
    'two Tenants with one name in two namespaces, each with its workspace, know nothing of each other',
    { timeoutMs: 150_000 },
    onStage(async (stage) => {
      const namespace = await otherNamespace(stage);
      const first = await stage.tenant({ name: 'same', workspace: 'same-first' });
      const second = await stage.tenant({ name: 'same', namespace, workspace: 'same-second' });
      await first.reaches('Ready', 60);
      await second.reaches('Ready', 60);
      await first.delete();
      await first.gone(45);
      expect((await second.status()).phase, 'phase of the other').toBe('Ready');
      expect(await second.revisions()).toEqual([{ version: 1, status: 'deployed' }]);
    }),
  );

  c.case(
    '13.2',
    "a Tenant cannot take another's workspace, nor one of the system",
    { timeoutMs: 120_000 },
    onStage(async ({ tenant }) => {
      const owner = await tenant({ name: 'owner' });
      await owner.reaches('Ready', 60);
      const guest = await tenant({ name: 'squatter', workspace: owner.workspace, namespace: 'default' });
      await guest.says('ClusterError', /WorkspaceOfAnother/, 20);
      const system = await tenant({ name: 'climber', workspace: 'kube-system' });
      await system.says('ClusterError', /WorkspaceForbidden/, 20);
      expect(await guest.revisions()).toEqual([]);
      expect(await system.revisions()).toEqual([]);
    }),
  );

  c.case(
    '15.1',
    'a chart that reaches outside its workspace is refused by the API server of that cluster',
    { timeoutMs: 180_000 },
    onStage(async ({ tenants, clusters }) => {
      const secret = { name: 'kubeadm-secret', namespace: 'kube-system' };
      await clusters['remote-a'].apply({
        ...{ apiVersion: 'v1', kind: 'Secret', metadata: secret },
        stringData: { loot: 'loot' },
      });
      try {
        const hows = ['clusterRoleBinding', 'role', 'read'] as const;
        const shops = await tenants(
          hows.map((how) => ({
            name: `reach-${how.toLowerCase()}`,
            on: 'remote-a' as const,
            chart: 'reaches-out',
            spec: { values: { how, secret: secret.name } },
          })),
        );
        await Promise.all(
          shops.map((shop) => shop.says('ClusterError', /InstallFailed.*(forbidden|cannot)/is, 60)),
        );
        const bindings = await clusters['remote-a'].list('ClusterRoleBinding');
        expect(bindings.filter(({ metadata }) => metadata.name.endsWith('-takes-all'))).toEqual([]);
        const roles = await clusters['remote-a'].list('Role', { namespace: 'kube-system' });
        expect(roles.filter(({ metadata }) => metadata.name.endsWith('-reads-secrets'))).toEqual([]);
      } finally {
        await clusters['remote-a'].remove('Secret', secret);
      }
    }),
  );

  c.case(
    '15.2',
    'a chart with CRDs cannot put them into a cluster',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant, clusters }) => {
      const shop = await tenant({ name: 'with-crd', on: 'remote-b', chart: 'with-crd' });
      await shop.says('ClusterError', /InstallFailed.*(forbidden|cannot)/is, 60);
      const crds = await clusters['remote-b'].list('CustomResourceDefinition');
      expect(crds.filter(({ metadata }) => metadata.name.startsWith('widgets.'))).toEqual([]);
    }),
  );

  c.case(
    '15.3',
    "valuesFrom reads Secrets of the Tenant's namespace only, and what it reads is nowhere to be seen, also when Helm fails with it",
    { timeoutMs: 240_000 },
    onStage(async ({ tenant, clusters: { home }, operator, afterwards }) => {
      const secret = `image-${randomBytes(12).toString('hex')}`;
      const values = { name: 'shop-values', namespace: 'tenants' };
      const elsewhere = { name: 'other-values', namespace: 'default' };
      const text = `secret: ${secret}\nmessage: from-secret\nnodeImage: ${secret}\n`;
      const content = { stringData: { 'values.yaml': text } };
      for (const metadata of [values, elsewhere]) {
        afterwards(() => home.remove('Secret', metadata));
        await home.apply({ apiVersion: 'v1', kind: 'Secret', metadata, ...content });
      }
      const from = (name: string) => ({ valuesFrom: [{ kind: 'Secret', name, key: 'values.yaml' }] });
      const shop = await tenant({ name: 'valued', chart: 'healthy', spec: from(values.name) });
      await shop.reaches('Ready', 60);
      const settings = await home.find('ConfigMap', shop.inWorkspace(`${shop.release}-settings`));
      expect(settings?.data).toMatchObject({ message: 'from-secret' });

      const reader = await tenant({ name: 'reader', chart: 'healthy', spec: from(elsewhere.name) });
      await reader.says('ClusterError', /ValuesNotLoaded/, 30);
      await never(5, 'values of another namespace are used', async () =>
        (await reader.revisions()).length === 0 ? undefined : 'a release',
      );
      // The kubelet names the image of the hook that it does not find: words that the operator passes on.
      const failed = await tenant({ name: 'failed', chart: 'failing-hook', spec: from(values.name) });
      await failed.says('ClusterError', /InstallFailed.*\*\*\*/s, 90);
      const told = await Promise.all([shop, failed].flatMap((one) => [one.object(), one.events()]));
      const seen = [await operator.log(), told, await operator.metrics()];
      expect(JSON.stringify(seen).includes(secret), 'the secret is in log, status, event or metric').toBe(
        false,
      );
    }),
  );

  c.case(
    '15.4',
    'a Tenant of an older form, with spec.chart, is refused with what to do (K65)',
    { timeoutMs: 60_000 },
    onStage(async ({ tenant }) => {
      const refused = tenant({ name: 'old-form', spec: { chart: { name: 'small' } } });
      // Either the API server refuses it by the CRD, or the operator does.
      const message = await refused.then(
        async (shop) => (await shop.says('ClusterError', /ChartFieldRemoved/, 20)).result.message,
        (error: Error) => error.message,
      );
      expect(message).toMatch(/spec\.chart/);
    }),
  );
});
