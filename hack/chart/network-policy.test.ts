// Whom the runner's Pods may talk to, exactly.
import { beforeEach, expect, test } from 'vitest';
import { at, helm, manifests, noHelm, only, render, runHelm } from './helm.ts';
import { chartFolder } from './paths.ts';
import { valueSetNames, valueSets } from './values-sets.ts';

beforeEach((context) => {
  if (helm === undefined) context.skip(noHelm);
});

const named = (namespace: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});
const pods = (labels: object) => ({ podSelector: { matchLabels: labels } });
const service = (target: string) => pods({ 'app.kubernetes.io/name': `akko-${target}` });
const tcp = (port: number) => [{ protocol: 'TCP', port }];
const dnsPorts = (port: number) => [{ protocol: 'UDP', port }, ...tcp(port)];
const block = (cidr: string) => ({ ipBlock: { cidr } });

const dns = { to: [{ ...named('kube-system'), ...pods({ 'k8s-app': 'kube-dns' }) }], ports: dnsPorts(53) };
const targets = [
  { to: [service('cockpit-backend')], ports: tcp(8080) },
  { to: [service('keycloak')], ports: tcp(8080) },
  { to: [service('opa')], ports: tcp(8181) },
  { to: [service('policy-sync')], ports: tcp(8080) },
  { to: [service('trino')], ports: tcp(8080) },
];

const own = { 'app.kubernetes.io/name': 'akko-charter-runner', 'app.kubernetes.io/instance': 'akko' };

test('DNS and targets, by Pod and port; nobody comes in', () => {
  expect(only(manifests({ lock: 'none' }), 'NetworkPolicy').spec).toEqual({
    podSelector: {
      matchLabels: own,
      matchExpressions: [
        { key: 'app.kubernetes.io/component', operator: 'NotIn', values: ['report', 'cockpit'] },
      ],
    },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [dns, ...targets],
  });
});

test('the API server only where the runner needs it', () => {
  const networkPolicy = { apiServer: { addresses: ['172.18.0.2'] } };
  const egress = (values: object) =>
    at(only(manifests({ networkPolicy, ...values }), 'NetworkPolicy'), 'spec.egress');
  const withServer = [dns, ...targets, { to: [block('172.18.0.2/32')], ports: tcp(6443) }];
  expect(egress({})).toEqual(withServer);
  expect(egress({ lock: 'none', personaSecret: { via: 'api' } })).toEqual(withServer);
  expect(egress({ lock: 'none' })).toEqual([dns, ...targets]);
});

test('other namespaces, Pods, ports and addresses follow the values; an absent target needs no way', () => {
  const { spec } = only(manifests(valueSets['targets elsewhere']), 'NetworkPolicy');
  expect(at(spec, 'egress')).toEqual([
    {
      to: [{ ...named('openshift-dns'), ...pods({ dns: 'default' }) }, block('169.254.20.10/32')],
      ports: dnsPorts(5353),
    },
    { to: [service('cockpit-backend')], ports: tcp(8080) },
    { to: [{ ...service('keycloak'), ...named('identity') }], ports: tcp(80) },
    { to: [service('opa')], ports: tcp(443) },
    { to: [{ ...pods({ app: 'trino' }), ...named('query') }], ports: tcp(9443) },
    { to: [block('172.18.0.2/32'), block('fd00::2/128'), block('10.0.0.0/24')], ports: tcp(6443) },
  ]);
});

test('without a cluster to ask, the missing rule is named in the manifest and in the notes', () => {
  expect(render().text).toContain('# has no rule');
  const notes = (values: object) =>
    runHelm(['install', 'akko', chartFolder, '--dry-run=client', '--namespace', 'akko'], values).text.split(
      'NOTES:',
    )[1];
  expect(notes({})).toContain('Set networkPolicy.apiServer.addresses');
  expect(notes({ networkPolicy: { apiServer: { addresses: ['10.0.0.1'] } } })).not.toContain('WARNING');
  expect(notes({ lock: 'none' })).not.toContain('WARNING');
});

test('Pods that read a report talk to nobody', () => {
  const report = only(
    manifests(valueSets['kept reports']),
    'NetworkPolicy',
    'akko-akko-charter-runner-report',
  );
  expect(report.spec).toEqual({
    podSelector: { matchLabels: { ...own, 'app.kubernetes.io/component': 'report' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [],
  });
});

test('the cockpit talks to the DNS and its database, and who is named may come in', () => {
  const set = valueSets['with the cockpit'];
  const inside = (values: object) =>
    only(manifests(values), 'NetworkPolicy', 'akko-akko-charter-runner-cockpit').spec;
  expect(inside(set)).toEqual({
    podSelector: { matchLabels: { ...own, 'app.kubernetes.io/component': 'cockpit' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: set.cockpit.ingressFrom, ports: tcp(8080) }],
    egress: [dns, { to: [{ ...named('databases'), ...pods({ app: 'postgres' }) }], ports: tcp(5432) }],
  });
  expect(at(inside(valueSets['a cockpit over a database elsewhere']), 'ingress')).toEqual([]);
});

test.each(valueSetNames)('%s: no rule is open to everybody', (set) => {
  for (const { spec } of manifests(valueSets[set]).filter(({ kind }) => kind === 'NetworkPolicy')) {
    const rules = at(spec, 'egress') as readonly { to?: readonly object[]; ports?: readonly object[] }[];
    for (const { to = [], ports = [] } of rules) {
      expect(Math.min(to.length, ports.length)).toBeGreaterThan(0);
      for (const peer of to)
        expect(JSON.stringify(peer)).toMatch(/"podSelector":\{"matchLabels":\{"|"cidr":"/);
    }
    expect(JSON.stringify(spec)).not.toMatch(/\/0"|"(podSelector|namespaceSelector)":\{\}/);
  }
});

test('the database where runs are stored', () => {
  const database = { podLabels: { app: 'postgres' }, namespace: 'databases', port: 6432 };
  const egress = (values: object) =>
    at(only(manifests({ lock: 'none', database, ...values }), 'NetworkPolicy'), 'spec.egress');
  expect(egress({})).toEqual([dns, ...targets]);
  expect(egress({ store: { secret: 'charter-store' } })).toEqual([
    dns,
    ...targets,
    { to: [{ ...named('databases'), ...pods({ app: 'postgres' }) }], ports: tcp(6432) },
  ]);
});
