import { expect, test } from 'vitest';
import { politeMs } from './helm/process.ts';
import { type Environment, type Flags, type Settings, settingsOf } from './settings.ts';

const of = (flags: Flags = {}, env: Environment = {}, pod?: string): Settings => settingsOf(flags, env, pod);

test('K01 without flags: namespace default, the label of multicluster-runtime, key kubeconfig', () => {
  expect(of()).toMatchObject({
    namespace: 'default',
    kubeconfigLabel: 'sigs.k8s.io/multicluster-runtime-kubeconfig',
    kubeconfigKey: 'kubeconfig',
  });
});

test('K02 without flags the chart is cert-manager 1.19.1 of jetstack, with installCRDs', () => {
  expect(of()).toMatchObject({
    chart: { repo: 'https://charts.jetstack.io', name: 'cert-manager', version: '1.19.1' },
    chartInstallCrds: 'yes',
  });
  expect(of({ chartInstallCrds: 'false' }).chartInstallCrds).toBe('no');
});

test.each([
  [{}, undefined, 'flag'],
  [{}, 'pod-file', 'pod-file'],
  [{ POD_NAMESPACE: 'pod' }, 'pod-file', 'pod'],
  [{ POD_NAMESPACE: 'pod', WATCH_NAMESPACE: 'watch' }, 'pod-file', 'watch'],
] as const)('K55 namespace with %j and file %s is %s', (env, file, expected) => {
  const settings = of({ namespace: 'flag' }, env, file);
  expect(settings.namespace).toBe(expected);
  expect(settings.overruled).toHaveLength(expected === 'flag' ? 0 : 1);
});

test("the namespace of the Pod is the operator's own beside that of the kubeconfigs", () => {
  const watching = { WATCH_NAMESPACE: 'clusters' };
  expect(of({}, watching, 'tenant-operator').ownNamespaces).toEqual(['clusters', 'tenant-operator']);
  expect(of({}, { ...watching, POD_NAMESPACE: 'pods' }).ownNamespaces).toEqual(['clusters', 'pods']);
  expect(of({}, {}, 'tenant-operator').ownNamespaces).toEqual(['tenant-operator']);
  expect(of().ownNamespaces).toEqual(['default']);
});

test('the most that a Tenant may ask of Helm is never less than what it gets without asking', () => {
  expect(of({})).toMatchObject({ maxHelmTimeoutMs: 900_000, overruled: [] });
  expect(of({ maxHelmTimeout: '2h' })).toMatchObject({ maxHelmTimeoutMs: 7_200_000, overruled: [] });
  expect(of({ helmTimeout: '30m' })).toMatchObject({ maxHelmTimeoutMs: 1_800_000, overruled: [] });
  expect(of({ helmTimeout: '30m', maxHelmTimeout: '5m' })).toMatchObject({
    maxHelmTimeoutMs: 1_800_000,
    overruled: ['--max-helm-timeout 5m is overruled by --helm-timeout: 1800 s'],
  });
});

test('a Lease is long enough for Helm to have ended before another operator begins', () => {
  const { leaseDurationMs, overruled } = of({ leaseDuration: '3s' });
  // Work is aborted after two thirds of it; Helm is killed `politeMs` later.
  expect((leaseDurationMs * 2) / 3 + politeMs).toBeLessThan(leaseDurationMs);
  expect(leaseDurationMs).toBe(12_000);
  expect(overruled).toEqual(['--lease-duration 3s is too short for Helm to end: 12 s']);
  expect(of({ leaseDuration: '20s' })).toMatchObject({ leaseDurationMs: 20_000, overruled: [] });
});

test.each([
  ['30s', 30_000],
  ['30', 30_000],
  ['1m30s', 90_000],
  ['often', 60_000],
  ['-5s', 60_000],
  ['0', 60_000],
  [undefined, 60_000],
])('K54 KRYPTON_CHECK_INTERVAL %s is %d ms', (text, ms) => {
  expect(of({}, { KRYPTON_CHECK_INTERVAL: text }).checkIntervalMs).toBe(ms);
});

test.each([
  ['true', 'hide-while-ready'],
  ['1', 'show'],
  ['True', 'show'],
  [undefined, 'show'],
] as const)('K39 ALLOW_CHART_SKIP %s means %s', (text, expected) => {
  expect(of({}, { ALLOW_CHART_SKIP: text }).chartProblems).toBe(expected);
});

test.each([
  [{}, {}, []],
  [{ watchNamespaces: '*' }, {}, []],
  [{ watchNamespaces: 'a, b' }, {}, ['a', 'b']],
  [{ watchNamespaces: 'a' }, { WATCH_NAMESPACES: 'b,c' }, ['b', 'c']],
] as const)('K55 watch-namespaces of %j and %j', (flags, env, expected) => {
  expect(of(flags, env).watchNamespaces).toEqual(expected);
});

test('K55 the watch cluster is named by flags, and variables win over them', () => {
  const flags = {
    watchContext: 'flag',
    watchKubeconfigSecret: 'flag-secret',
    watchKubeconfigSecretKey: 'flag-key',
  };
  expect(of(flags).watchCluster).toEqual({
    context: 'flag',
    crds: 'leave',
    secret: { name: 'flag-secret', namespace: 'default', key: 'flag-key' },
    kubeconfigFile: undefined,
  });
  const env = {
    WATCH_CONTEXT: 'env',
    WATCH_KUBECONFIG_SECRET: 'env-secret',
    WATCH_KUBECONFIG_SECRET_NAMESPACE: 'env-namespace',
    WATCH_KUBECONFIG_SECRET_KEY: 'env-key',
    WATCH_CLUSTER_KUBECONFIG: '/etc/watch',
    ENSURE_WATCH_CRDS: 'yes',
  };
  expect(of(flags, env).watchCluster).toEqual({
    context: 'env',
    crds: 'ensure',
    secret: { name: 'env-secret', namespace: 'env-namespace', key: 'env-key' },
    kubeconfigFile: '/etc/watch',
  });
});

test.each(['true', '1', 'yes'])('K55 ENSURE_WATCH_CRDS %s ensures', (text) => {
  expect(of({}, { ENSURE_WATCH_CRDS: text }).watchCluster.crds).toBe('ensure');
});

test('K55 ENSURE_WATCH_CRDS with another word leaves them', () => {
  expect(of({ ensureWatchCrds: 'true' }, { ENSURE_WATCH_CRDS: 'on' }).watchCluster.crds).toBe('leave');
});

test.each([
  { chartRepo: 'https://user:hunter2@charts.x' },
  { chartRepo: 'oci://hunter2@charts.x/y' },
  { chartRepo: 'https:\\\\user:hunter2@charts.x' },
  { allowedChartRepos: 'https://a.b,https://user:hunter2@charts.x' },
])('a password in the URL of a repository is refused, and not told: %#', (flags) => {
  const refused = expect.objectContaining({
    code: 'CHR_USAGE',
    hint: expect.stringContaining('anonymously'),
  });
  expect(() => of(flags)).toThrow(refused);
  expect(() => of(flags)).not.toThrow('hunter2');
});

test('an @ of a path is no password', () => {
  expect(of({ chartRepo: 'https://charts.x/@team' }).chart.repo).toBe('https://charts.x/@team');
});
