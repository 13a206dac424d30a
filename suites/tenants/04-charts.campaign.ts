import { randomBytes } from 'node:crypto';
import { campaign, expect } from 'charter-runner';
import { onStage } from './stage.ts';
import type { Tenant } from './tenant.ts';
import { never, within } from './wait.ts';
import type { RepositoryFault } from './world.ts';

/** No operator has charts of it in its cache. */
const fresh = (name: string): string => `${name}-${randomBytes(4).toString('hex')}`;

campaign('TEN', 'Tenants', { order: 'sequential', tags: ['charts'] }, (c) => {
  c.case(
    '7.1',
    'a repository that fails is said by its reason, changes nothing, and the install follows when it is back (K37 K38)',
    { timeoutMs: 200_000 },
    onStage(async ({ tenants, charts, afterwards }) => {
      const faults = {
        'not-found': /ChartNotLoaded/,
        error: /ChartNotLoaded/,
        reset: /ChartNotLoaded/,
        tampered: /ChartNotLoaded.*the archive is sha256/,
        'no-versions': /VersionNotFound/,
      } as const;
      const names = Object.keys(faults) as (keyof typeof faults)[];
      const repositories = names.map(fresh);
      const setAll = async (faultOf: (i: number) => RepositoryFault) => {
        for (const [i, repository] of repositories.entries()) await charts.set(repository, faultOf(i));
      };
      afterwards(() => setAll(() => 'none'));
      await setAll((i) => names[i] ?? 'none');
      const shops = await tenants(
        names.map((fault, i) => ({ name: `repo-${fault}`, repository: repositories[i] ?? '' })),
      );
      await Promise.all(shops.map((shop, i) => shop.says('ClusterError', faults[names[i] ?? 'error'], 30)));
      await Promise.all(shops.map((shop) => shop.reaches('Pending', 10)));
      expect(await Promise.all(shops.map((shop) => shop.revisions()))).toEqual(names.map(() => []));
      await setAll(() => 'none');
      await Promise.all(shops.map((shop) => shop.reaches('Ready', 120)));
    }),
  );

  c.case(
    '7.2',
    'a slow repository is waited for',
    { timeoutMs: 120_000 },
    onStage(async ({ tenant, charts, afterwards }) => {
      const repository = fresh('slow');
      afterwards(() => charts.set(repository, 'none'));
      await charts.set(repository, 'slow');
      const shop = await tenant({ name: 'repo-slow', repository });
      await shop.reaches('Ready', 60);
    }),
  );

  c.case(
    '7.3',
    'a repository that is gone when it is asked again harms nothing that runs, and an archive is fetched once',
    { timeoutMs: 240_000 },
    onStage(async ({ tenants, charts, afterwards }) => {
      const repository = fresh('cached');
      const shops = await tenants([
        { name: 'cached-1', repository },
        { name: 'cached-2', repository, on: 'remote-a' },
        { name: 'cached-3', repository, on: 'remote-b' },
      ]);
      await Promise.all(shops.map((shop) => shop.reaches('Ready', 90)));
      expect((await charts.requests())[`/${repository}/small-1.0.0.tgz`], 'fetches of the archive').toBe(1);
      afterwards(() => charts.set(repository, 'none'));
      await charts.set(repository, 'not-found');
      const asked = async () => (await charts.requests())[`/${repository}/index.yaml`] ?? 0;
      const before = await asked();
      // Each Tenant is looked at once a minute, and what its repository said is fresh for as long.
      await within(75, 'the index is asked for again', async () =>
        (await asked()) > before ? {} : `asked ${before} times`,
      );
      await never(10, 'a Tenant stops being Ready', async () => {
        const phases = await Promise.all(shops.map(async (shop) => (await shop.status()).phase));
        return phases.every((phase) => phase === 'Ready') ? undefined : phases.join();
      });
    }),
  );

  c.case(
    '7.4',
    'a chart of an OCI registry is taken by its digest, and no other bytes are taken for it',
    { timeoutMs: 120_000 },
    onStage(async ({ tenants, charts }) => {
      const oci = await charts.oci('small', '1.1.0');
      const wrong = oci.replace(/sha256:.{8}/, 'sha256:00000000');
      const [good, bad] = await tenants([
        { name: 'oci-good', spec: { chartFrom: { oci } } },
        { name: 'oci-bad', spec: { chartFrom: { oci: wrong } } },
      ]);
      await good?.reaches('Ready', 60);
      await bad?.says('ClusterError', /ChartNotLoaded|VersionNotFound/, 30);
      expect(await bad?.revisions()).toEqual([]);
    }),
  );

  c.case(
    '7.5',
    'a chart of a place that is not allowed is refused',
    { timeoutMs: 60_000 },
    onStage(async ({ tenant }) => {
      const repo = 'https://charts.example.invalid';
      const shop = await tenant({
        name: 'foreign-chart',
        spec: { chartFrom: { repo, name: 'small', version: '1.0.0' } },
      });
      await shop.says('ClusterError', /ChartNotAllowed/, 20);
      expect(await shop.revisions()).toEqual([]);
    }),
  );

  c.case(
    '8.1',
    'a failing hook fails the install, tells why, and heals with new values (K34 K35)',
    { timeoutMs: 180_000 },
    onStage(async ({ tenant }) => {
      const shop = await tenant({ name: 'hooked', chart: 'failing-hook' });
      await shop.says('ClusterError', /InstallFailed.*(hook|migrate|Job|BackoffLimit)/is, 60);
      expect((await shop.status()).phase).toBe('Error');
      const reasons = (await shop.events()).map(({ reason }) => reason);
      expect(reasons).toContain('HelmInstallFailed');
      expect(reasons, 'no success was told').not.toContain('HelmInstalled');
      await shop.apply({ spec: { values: { exitCode: 0 } } });
      await shop.reaches('Ready', 60);
      expect((await shop.condition('ClusterError'))?.status ?? 'False').toBe('False');
    }),
  );

  c.case(
    '8.2',
    'a failing test keeps the Tenant from being Ready, and heals with new values',
    { timeoutMs: 180_000 },
    onStage(async ({ tenant }) => {
      const shop = await tenant({ name: 'tested', chart: 'failing-test', spec: { tests: 'run' } });
      await shop.says('ClusterError', /TestFailed/, 60);
      expect((await shop.status()).phase).not.toBe('Ready');
      await shop.apply({ spec: { tests: 'run', values: { exitCode: 0 } } });
      await shop.reaches('Ready', 60);
    }),
  );

  c.case(
    '8.3',
    "a release that does not become ready tells the Pod's own reason: image, probe, quota, node",
    { timeoutMs: 150_000 },
    onStage(async ({ tenants, clusters: { home }, afterwards }) => {
      // A chart may not make a quota for its own workspace: whoever runs the cluster does.
      const full = 'full-ws';
      let shops: readonly Tenant[] = [];
      afterwards(async () => {
        await Promise.all(shops.map((shop) => shop.delete()));
        await Promise.all(shops.map((shop) => shop.gone(60)));
        await home.remove('Namespace', { name: full });
      });
      await home.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: full } });
      const metadata = { name: 'no-pods', namespace: full };
      await home.apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '0' } } });
      const reasons = {
        image: /no-such-image|ErrImage|ImagePull/,
        probe: /Readiness probe failed/,
        quota: /exceeded quota: no-pods/,
        node: /node\(s\) didn't match Pod's node affinity\/selector/,
      } as const;
      const names = Object.keys(reasons) as (keyof typeof reasons)[];
      shops = await tenants(
        names.map((because) => ({
          ...{ name: `stuck-${because}`, chart: 'stuck', spec: { values: { because } } },
          ...(because === 'quota' ? { workspace: full } : {}),
        })),
      );
      await Promise.all(shops.map((shop, i) => shop.says('ClusterError', reasons[names[i] ?? 'image'], 75)));
    }),
  );

  c.case(
    '8.4',
    'a field that Kubernetes does not know is refused by its name, in an install and in an upgrade, and heals',
    { timeoutMs: 150_000 },
    onStage(async ({ tenant }) => {
      const spelt = (field: string) => ({ spec: { values: { field } } });
      const shop = await tenant({ name: 'misspelt', chart: 'misspelt', ...spelt('dta') });
      await shop.says('ClusterError', /InstallFailed.*\.dta: field not declared in schema/s, 30);
      await shop.apply(spelt('data'));
      await shop.reaches('Ready', 30);
      await shop.apply(spelt('datta'));
      await shop.says('ClusterError', /UpgradeFailed.*\.datta: field not declared in schema/s, 30);
      await shop.apply(spelt('data'));
      await shop.reaches('Ready', 30);
    }),
  );
});
