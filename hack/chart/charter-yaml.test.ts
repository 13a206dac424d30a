// charter.yaml as the chart writes it: accepted by the runner, and each key from one place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../runner/config/index.ts';
import { readQuarantine } from '../../runner/store/index.ts';
import { at, charterOf, helm, manifests, noHelm, only, podOf, render } from './helm.ts';
import { chartFolder } from './paths.ts';
import { valueSetNames, valueSets } from './values-sets.ts';

beforeEach((context) => {
  if (helm === undefined) context.skip(noHelm);
});

const written = (values: object, release = 'akko'): string =>
  charterOf(manifests(values, release), `${release}-akko-charter-runner`);

/** As a run would find it: passwords come from the Secret, which is not there, so it must be optional. */
test.each(valueSetNames)('%s: the runner accepts it', async (set) => {
  const text = written(valueSets[set]).replace('optional: false', 'optional: true');
  const config = await parseConfig('charter.yaml', text, { env: {} });
  expect(Object.keys(config.data.targets)).toHaveLength(5);
});

test('targets are those of the release', () => {
  expect(parse(written({}, 'blue'))).toMatchObject({
    targets: {
      cockpitBackend: { url: 'http://blue-akko-cockpit-backend:8080' },
      trino: { url: 'http://blue-akko-trino:8080' },
      keycloak: { url: 'http://blue-akko-keycloak:8080' },
      opa: { url: 'http://blue-akko-opa:8181' },
      policySync: { url: 'http://blue-akko-policy-sync:8080' },
    },
  });
});

test('values and config make one file', () => {
  const { config } = valueSets['whole charter'];
  const whole = parse(written(valueSets['whole charter']));
  expect(whole).toMatchObject(config);
  expect(whole).toMatchObject({ suites: 'all', execution: { retry: 0 } });
  expect(
    parse(written({ config: { execution: { concurrency: 2 }, targets: { opa: { expected: false } } } })),
  ).toMatchObject({
    execution: { concurrency: 2, retry: 1 },
    targets: { opa: { expected: false, url: 'http://akko-akko-opa:8181' } },
  });
});

test('where runs are stored, and that the Secret is mounted there', () => {
  const found = manifests(valueSets['stored runs']);
  expect(at(parse(written(valueSets['stored runs'])), 'store')).toEqual({
    mode: 'postgres',
    connectionFile: '/var/run/secrets/charter/store/uri',
    required: true,
  });
  const pod = podOf(only(found, 'CronJob'));
  expect(at(pod, 'volumes')).toContainEqual({
    name: 'store',
    secret: { secretName: 'charter-store', optional: true, defaultMode: 0o440 },
  });
  const mount = { name: 'store', mountPath: '/var/run/secrets/charter/store', readOnly: true };
  expect(at(pod, 'containers.0.volumeMounts')).toContainEqual(mount);
  expect(parse(written({}))).toMatchObject({ store: {} });
});

test('the cockpit finds the quarantine that the values hold beside charter.yaml', () => {
  const found = manifests(valueSets['with the cockpit']);
  const texts = at(only(found, 'ConfigMap'), 'data') as Record<string, string>;
  const folder = mkdtempSync(join(tmpdir(), 'charter-quarantine-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, String(at(parse(texts['charter.yaml'] ?? ''), 'store.quarantine')));
  writeFileSync(file, texts['quarantine.yaml'] ?? '');
  expect([...readQuarantine(file, new Date()).active.keys()]).toEqual(['C-11/11.4[bob]']);
  const pod = at(only(found, 'Deployment', 'akko-akko-charter-runner-cockpit'), 'spec.template.spec');
  expect(at(pod, 'containers.0.args')).toContain('--config=/etc/charter/charter.yaml');
  expect(at(pod, 'containers.0.volumeMounts')).toContainEqual({
    ...{ name: 'charter', mountPath: '/etc/charter', readOnly: true },
  });
  expect(at(pod, 'volumes')).toContainEqual({
    name: 'charter',
    configMap: { name: 'akko-akko-charter-runner' },
  });
});

test('the cockpit proves the server by the authority that the runs know', () => {
  const caFile = '/var/run/secrets/charter/store/ca.crt';
  const { store, ...values } = valueSets['with the cockpit'];
  const found = manifests({ ...values, store: { secret: 'charter-store' }, config: { store: { caFile } } });
  const texts = at(only(found, 'ConfigMap'), 'data') as Record<string, string>;
  expect(at(parse(texts['charter.yaml'] ?? ''), 'store.caFile')).toBe(caFile);
  const pod = at(only(found, 'Deployment', 'akko-akko-charter-runner-cockpit'), 'spec.template.spec');
  expect(at(pod, 'containers.0.args')).toContain('--config=/etc/charter/charter.yaml');
  for (const [name, mountPath] of [
    ['charter', '/etc/charter'],
    ['store', '/var/run/secrets/charter/store'],
  ])
    expect(at(pod, 'containers.0.volumeMounts')).toContainEqual({ name, mountPath, readOnly: true });
});

test('an entry of the quarantine without a day is refused', () => {
  const { status, messages } = render({
    store: { quarantine: [{ case: 'C-11/11.4', owner: 'data', reason: 'slow' }] },
  });
  expect(status).not.toBe(0);
  expect(messages).toContain("missing property 'expires'");
});

test.each([
  [{}, { mode: 'lease', lease: 'akko-akko-charter-runner', waitMs: 0, leaseMs: 30_000 }],
  [{ lock: 'lease' }, { mode: 'lease', lease: 'akko-akko-charter-runner', waitMs: 0, leaseMs: 30_000 }],
  [
    valueSets['lock that waits'],
    { mode: 'lease', lease: 'akko-akko-charter-runner', waitMs: 120_000, leaseMs: 60_000 },
  ],
  [valueSets['stored runs'], { mode: 'postgres', waitMs: 10_000, leaseMs: 30_000 }],
  [
    { ...valueSets['stored runs'], lock: { mode: 'postgres', leaseSeconds: 60 } },
    { mode: 'postgres', waitMs: 0, leaseMs: 60_000 },
  ],
  [{ lock: 'none' }, { mode: 'none' }],
  [{ lock: { mode: 'none' } }, { mode: 'none' }],
])('lock of %j', (values, lock) => {
  expect(at(parse(written(values)), 'execution.lock')).toEqual(lock);
});

test.each([
  ['suites', { suites: 'all' }],
  ['grants', { grants: [] }],
  ['personaSecret', { personaSecret: { name: 'other' } }],
  ['execution.retry', { execution: { retry: 0 } }],
  ['store.quarantine', { store: { quarantine: 'mine.yaml' } }],
  ['store.mode', { store: { mode: 'postgres' } }],
  ['store.connectionFile', { store: { connectionFile: '/mine' } }],
  ['execution.lock', { execution: { lock: 'none' } }],
  ['targets.trino.url', { targets: { trino: { url: 'http://akko-akko-trino:8080' } } }],
  ['targets.policySync.url', { targets: { policySync: { url: 'http://x:1' } } }],
])('config.%s is refused by name: the chart has a value for it', (key, config) => {
  const { status, messages } = render({ config });
  expect(status).not.toBe(0);
  expect(messages).toContain(`config.${key}: only the value `);
});

test('a store in the folder of the results is for config to choose, until store.secret names a database', () => {
  const config = { store: { mode: 'folder', folder: '/tmp/charter-out/mine' } } as const;
  expect(at(parse(written({ config })), 'store')).toEqual(config.store);
  const { messages } = render({ ...valueSets['stored runs'], config });
  expect(messages).toContain('config.store.mode: only the value store.secret');
});

test('all refusals come at once', () => {
  const { messages } = render({ shards: 2, config: { suites: 'all', grants: [] } });
  expect(messages.match(/^\S+: /gm)).toEqual(['Error: ', 'config.grants: ', 'config.suites: ', 'shards: ']);
});

test('null, which takes a value away, is for those only that Kubernetes or values.yaml has a default for', () => {
  expect(optionalKeys(parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')))).toEqual([
    'global',
    'resources',
    'cockpit.resources',
    ...['cockpitBackend', 'trino', 'keycloak', 'opa', 'policySync'].map(
      (target) => `networkPolicy.targets.${target}.port`,
    ),
    ...['imagePullSecrets', 'nodeSelector', 'tolerations', 'affinity'],
    ...['activeDeadlineSeconds', 'terminationGracePeriodSeconds'],
  ]);
  const values = { resources: null, nodeSelector: null, activeDeadlineSeconds: null, affinity: null };
  expect(manifests(values).map(({ kind }) => kind)).toEqual(manifests({}).map(({ kind }) => kind));
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

/** Dotted keys that may be missing; those of charter.yaml are the runner's business. */
function optionalKeys({ properties = {}, required = [], anyOf = [] }: Schema, prefix = ''): string[] {
  const own = Object.entries(properties).flatMap(([name, inner]) => {
    const key = `${prefix}${name}`;
    return [
      ...(required.includes(name) ? [] : [key]),
      ...(key === 'config' ? [] : optionalKeys(inner, `${key}.`)),
    ];
  });
  return [...own, ...anyOf.flatMap((inner) => optionalKeys(inner, prefix))];
}

test.each([
  [{ results: { existingClaim: 'mine' } }, 'results.existingClaim: '],
  [{ extraSuites: { configMap: 'a', image: { reference: 'b' } } }, 'extraSuites.image.reference: '],
  [{ extraSuites: { configMap: 'a' }, suites: ['C-10'] }, 'extraSuites: '],
  [
    { inClusterTargets: { opa: 'http://opa.example.com' } },
    'inClusterTargets.opa: http://opa.example.com is no Service',
  ],
  [
    { networkPolicy: { apiServer: { addresses: ['0.0.0.0/0'] } } },
    'networkPolicy.apiServer.addresses: 0.0.0.0/0 opens',
  ],
  [{ networkPolicy: { dns: { addresses: ['::/0'] } } }, 'networkPolicy.dns.addresses: ::/0 opens'],
  [
    { store: { secret: 'store' }, database: { addresses: ['0.0.0.0/0'] } },
    'database.addresses: 0.0.0.0/0 opens',
  ],
  [
    { ...valueSets['stored runs'], ...valueSets['three shards'] },
    'lock: a session of the database is held by one',
  ],
  [
    { shards: 2, results: { type: 'persistentVolumeClaim', accessModes: ['ReadWriteOncePod'] } },
    'results.accessModes: one Pod of the cluster may use a claim that is ReadWriteOncePod',
  ],
  [
    { config: { budgets: { graceMs: 10_001 } }, lock: 'lease' },
    'lock.leaseSeconds: 30 s are less than three times config.budgets.graceMs, 10001 ms',
  ],
  [{ lock: { leaseSeconds: 14 } }, 'lock.leaseSeconds: 14 s are less'],
  [{ ttlSecondsAfterFinished: null }, "missing property 'ttlSecondsAfterFinished'"],
  [{ lock: { waitSeconds: null } }, "missing property 'waitSeconds'"],
  [{ lock: { waitSeconds: 864_001 } }, "at '/lock/waitSeconds': maximum: got 864,001, want 864,000"],
  [{ config: { budgets: { runMs: 2_592_000_000 } } }, "at '/config/budgets/runMs': maximum"],
  [{ networkPolicy: { enabled: null } }, "at '/networkPolicy': missing property 'enabled'"],
  [{ shards: 0 }, "at '/shards': minimum: got 0, want 1"],
  [{ results: { type: 'pvc' } }, "value must be one of 'emptyDir', 'persistentVolumeClaim'"],
  [{ lock: 'leese' }, "value must be one of 'lease', 'postgres', 'none'"],
  [{ schedul: '' }, "additional properties 'schedul' not allowed"],
  [{ config: { budgets: { runMS: 1 } } }, "at '/config/budgets': additional properties 'runMS' not allowed"],
  [{ config: { personas: [{ name: 'alice' }] } }, "at '/config/personas/0': missing property 'username'"],
])('%j does not install', (values, message) => {
  const { status, messages } = render(values);
  expect(status).not.toBe(0);
  expect(messages).toContain(message);
});
