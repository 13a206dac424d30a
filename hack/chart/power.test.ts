// The power the chart gives the runner, exactly: rules, tokens, what its Pods may do on the node. docs/security.md says why.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { at, charterOf, helm, manifests, noHelm, only, podOf } from './helm.ts';
import { chartFolder } from './paths.ts';
import { valueRows } from './values-comments.ts';
import { type ValueSet, valueSetNames, valueSets } from './values-sets.ts';

beforeEach((context) => {
  if (helm === undefined) context.skip(noHelm);
});

const name = 'akko-akko-charter-runner';
const leaseRule = {
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  resourceNames: [name],
  verbs: ['get', 'update'],
};
const secretRule = (secret: string) => ({
  apiGroups: [''],
  resources: ['secrets'],
  resourceNames: [secret],
  verbs: ['get'],
});

/** Sets that are not named here have the default's power. */
const expectedRules: Partial<Record<ValueSet, readonly object[]>> = {
  'without a lock': [],
  'stored runs': [],
  'secret through the API': [secretRule('passwords')],
  'lock and secret through the API': [leaseRule, secretRule('akko-test-passwords')],
};

const rbacKinds = /Role|Binding/;

test.each(valueSetNames)('%s: exactly these rules, and a token only with rules', (set) => {
  const found = manifests(valueSets[set]);
  const rules = expectedRules[set] ?? [leaseRule];
  const rbac = found.filter(({ kind }) => rbacKinds.test(kind));
  expect(rbac.map(({ kind }) => kind)).toEqual(rules.length === 0 ? [] : ['Role', 'RoleBinding']);
  expect(rbac[0]?.rules ?? []).toEqual(rules);
  expect(at(podOf(only(found, 'CronJob')), 'automountServiceAccountToken')).toBe(rules.length > 0);
  expect(only(found, 'ServiceAccount').automountServiceAccountToken).toBe(false);
  if (rbac[1] === undefined) return;
  expect(rbac[1]).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'akko' }],
  });
});

test.each(valueSetNames)('%s: charter.yaml tells case 14.4 the same rules', (set) => {
  const found = manifests(valueSets[set]);
  const { grants } = parse(charterOf(found)) as { grants: unknown };
  const rules = expectedRules[set] ?? [leaseRule];
  const expected = rules.flatMap((rule) => {
    const { apiGroups, resources, resourceNames, verbs } = rule as typeof leaseRule;
    const group = apiGroups[0] === '' ? {} : { group: apiGroups[0] };
    return verbs.map((verb) => ({ verb, resource: resources[0], name: resourceNames[0], ...group }));
  });
  expect(grants).toEqual(expected);
});

test.each(valueSetNames)('%s: every Pod is fit for Pod Security `restricted`, and more', (set) => {
  for (const manifest of manifests(valueSets[set])) {
    const pod = podOf(manifest) ?? at(manifest, 'spec.template.spec');
    if (pod === undefined) continue;
    expect(at(pod, 'securityContext')).toEqual({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'])
      expect(at(pod, field)).toBeUndefined();
    const containers = [at(pod, 'containers'), at(pod, 'initContainers') ?? []].flat();
    for (const container of containers)
      expect(at(container, 'securityContext')).toEqual({
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
      });
    const volumes = at(pod, 'volumes') as readonly Record<string, unknown>[];
    const sources = volumes.flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
    expect(['emptyDir', 'configMap', 'secret', 'persistentVolumeClaim', 'image']).toEqual(
      expect.arrayContaining(sources),
    );
  }
});

test('docs/security.md names each value that gives a Secret, a way in or power beyond the namespace', () => {
  const page = readFileSync(join(chartFolder, '..', '..', 'docs', 'security.md'), 'utf8');
  const keys = valueRows(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'))
    .map(({ key }) => key)
    .filter((key) => /[sS]ecret(\.name)?$|ingress|^network\.enabled$|^database\.addresses$/.test(key));
  expect(keys).toEqual(expect.arrayContaining(['personaSecret.name', 'store.secret', 'cockpit.secret']));
  expect(keys.filter((key) => !page.includes(`\`${key}`))).toEqual([]);
});

test('the cockpit listens on all addresses of both families', () => {
  const { containers } = at(
    only(manifests(valueSets['with the cockpit']), 'Deployment', 'akko-akko-charter-runner-cockpit'),
    'spec.template.spec',
  ) as { readonly containers: readonly { readonly args: readonly string[] }[] };
  expect(containers.flatMap(({ args }) => args.filter((arg) => arg.startsWith('--host')))).toEqual([
    '--host=::',
  ]);
});

test('the Secret of the cockpit is mounted for its group to read', () => {
  const cockpit = only(
    manifests(valueSets['with the cockpit']),
    'Deployment',
    'akko-akko-charter-runner-cockpit',
  );
  expect(at(cockpit, 'spec.template.spec.volumes')).toContainEqual({
    name: 'store',
    secret: { secretName: 'charter-store', defaultMode: 0o440 },
  });
});

test('the persona Secret is mounted, optional for the kubelet, unless it is read through the API', () => {
  const mounted = {
    name: 'personas',
    secret: { secretName: 'akko-test-passwords', optional: true, defaultMode: 0o440 },
  };
  const volumesOf = (values: object) => at(podOf(only(manifests(values), 'CronJob')), 'volumes');
  expect(volumesOf({})).toContainEqual(mounted);
  expect(volumesOf({ personaSecret: { optional: false } })).toContainEqual(mounted);
  expect(JSON.stringify(volumesOf(valueSets['lock and secret through the API']))).not.toContain('secret');
});
