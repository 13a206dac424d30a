// The power of a network run, exactly as docs/network.md lists it, for an account of its own that nothing else of the chart uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { at, helm, inventory, type Manifest, manifests, noHelm, only, podOf } from './helm.ts';
import { chartFolder } from './paths.ts';
import { type ValueSet, valueSetNames, valueSets } from './values-sets.ts';

beforeEach((context) => {
  if (helm === undefined) context.skip(noHelm);
});

const name = 'akko-akko-charter-runner-network';
const wide = `akko-${name}`;
const given = (set: ValueSet) => manifests({ ...valueSets[set], network: { enabled: true } });
const core = { apiGroups: [''] };
const inAll = [
  { ...core, resources: ['namespaces'], verbs: ['create', 'get', 'list', 'patch', 'delete'] },
  { ...core, resources: ['pods'], verbs: ['create', 'list', 'patch', 'delete'] },
  { ...core, resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['create', 'update', 'delete'] },
  { ...core, resources: ['nodes'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['daemonsets', 'deployments'], verbs: ['list'] },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['list'] },
];
const inDefault = [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] }];

test.each(valueSetNames)('%s: exactly these rules, and no exec; endpoints in one namespace only', (set) => {
  const found = given(set);
  expect(only(found, 'ClusterRole', wide).rules).toEqual(inAll);
  expect(only(found, 'Role', wide)).toMatchObject({ metadata: { namespace: 'default' }, rules: inDefault });
  for (const [kind, role] of [
    ['ClusterRoleBinding', 'ClusterRole'],
    ['RoleBinding', 'Role'],
  ] as const)
    expect(only(found, kind, wide)).toMatchObject({
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name: wide },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'akko' }],
    });
});

test.each(valueSetNames)('%s: no Pod runs with that account, and without the value there is none', (set) => {
  const found = given(set);
  expect(only(found, 'ServiceAccount', name).automountServiceAccountToken).toBe(false);
  const accounts = found
    .filter(({ kind }) => kind === 'CronJob')
    .map((job) => at(podOf(job), 'serviceAccountName'));
  expect(accounts).not.toContain(name);
  const isOfNetwork = ({ metadata }: Manifest) => metadata.name.endsWith('-network');
  expect(inventory(found.filter(isOfNetwork))).toEqual([
    ...['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map((kind) => `${kind}/${wide}`),
    `ServiceAccount/${name}`,
  ]);
  expect(found.filter((one) => !isOfNetwork(one))).toEqual(manifests(valueSets[set]));
});

test('docs/network.md lists the same power', () => {
  const text = readFileSync(join(chartFolder, '..', '..', 'docs', 'network.md'), 'utf8');
  const [, section = ''] = text.split('### What power it needs');
  const [power = ''] = section.split('\n#');
  const rows = power.split('\n').flatMap((line) => {
    const [, resources, verbs] = /^\| (`[^|]*) \| ([a-z, ]+)(?:, in `default`)? \|/.exec(line) ?? [];
    return (resources ?? '')
      .split(', ')
      .filter((one) => one !== '')
      .map((one) => `${one.replaceAll('`', '')} ${verbs}`);
  });
  const listed = [...inAll, ...inDefault].flatMap(({ apiGroups: [group], resources, verbs }) =>
    resources.map((one) => `${one}${group === '' ? '' : `.${group}`} ${verbs.join(', ')}`),
  );
  expect(rows.toSorted()).toEqual(listed.toSorted());
});
