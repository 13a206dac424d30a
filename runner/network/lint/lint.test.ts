// Each lint rule finds its fault, names the place, and stays silent once the fix it proposes is made.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseManifests } from '../state/manifests.ts';
import { lint, lintRules, lintText } from './lint.ts';

const namespaces = ['shop', 'data', 'host', 'kube-system']
  .map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n---`)
  .join('\n');
const world = `
${namespaces}
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: c, ports: [{ name: http, containerPort: 8080 }] }] }
status: { podIP: 10.244.0.5 }
---
apiVersion: v1
kind: Pod
metadata: { name: db, namespace: data, labels: { app: db } }
spec: { containers: [{ name: c, ports: [{ containerPort: 5432 }] }] }
status: { podIP: 10.244.0.6 }
---
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: host, labels: { app: agent } }
spec: { hostNetwork: true, containers: [{ name: c }] }
status: { podIP: 172.18.0.2, hostIP: 172.18.0.2 }
---
apiVersion: v1
kind: Pod
metadata: { name: coredns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec: { containers: [{ name: c, ports: [{ containerPort: 53, protocol: UDP }, { containerPort: 53 }] }] }
status: { podIP: 10.244.0.7 }
---
apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 10.96.0.1, ports: [{ port: 443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 10.96.0.77, selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kubernetes, namespace: default, labels: { kubernetes.io/service-name: kubernetes } }
endpoints: [{ addresses: [172.18.0.2] }]
ports: [{ port: 6443 }]
`;

function found(spec: string, more = world, namespace = 'shop'): string[] {
  const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: ${namespace} }\nspec: ${spec}`;
  const files = [
    { name: 'world.yaml', text: more },
    { name: 'p.yaml', text: policy },
  ];
  return lint(parseManifests(files)).map(({ rule, path }) => `${rule} ${path}`);
}

const web = 'podSelector: { matchLabels: { app: web } }';
const dns = '{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }';
const out = (rule: string) => `{ ${web}, policyTypes: [Egress], egress: [${dns}, ${rule}] }`;

describe('a fault, and the same without it', () => {
  test.each([
    ['{ podSelector: { matchLabels: { app: wbe } } }', ['selects-no-pod spec.podSelector'], `{ ${web} }`],
    [
      `{ ${web}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: data } } }] }] }`,
      ['peer-matches-no-namespace spec.ingress[0].from[0].namespaceSelector'],
      `{ ${web}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } } }] }] }`,
    ],
    [
      `{ ${web}, ingress: [{ from: [{ podSelector: { matchLabels: { app: db } } }] }] }`,
      ['peer-matches-no-pod spec.ingress[0].from[0]'],
      `{ ${web}, ingress: [{ from: [{ podSelector: { matchLabels: { app: db } }, namespaceSelector: {} }] }] }`,
    ],
    [
      `{ ${web}, ingress: [{ from: [{ namespaceSelector: {} }, { podSelector: { matchLabels: { app: web } } }] }] }`,
      ['two-peers-or-one spec.ingress[0].from[1]'],
      `{ ${web}, ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }] }] }`,
    ],
    [
      `{ ${web}, ingress: [{ ports: [{ port: https }] }] }`,
      ['port-name-unknown spec.ingress[0].ports[0]'],
      `{ ${web}, ingress: [{ ports: [{ port: http }] }] }`,
    ],
    [
      `{ ${web}, ingress: [{ ports: [{ port: 80 }] }] }`,
      ['port-not-served spec.ingress[0].ports[0]'],
      `{ ${web}, ingress: [{ ports: [{ port: 8000, endPort: 8100 }] }] }`,
    ],
    [
      out('{ to: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }'),
      ['ip-block-holds-pods spec.egress[1].to[0].ipBlock'],
      out('{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.244.0.0/16] } }] }'),
    ],
    [
      out('{ to: [{ ipBlock: { cidr: 10.96.0.1/32 } }], ports: [{ port: 443 }] }'),
      ['api-server-by-service-address spec.egress[1].to[0].ipBlock'],
      out('{ to: [{ ipBlock: { cidr: 172.18.0.2/32 } }], ports: [{ port: 6443 }] }'),
    ],
    [
      out('{ to: [{ ipBlock: { cidr: 10.96.0.77/32 } }] }'),
      ['service-address spec.egress[1].to[0].ipBlock'],
      out('{ to: [{ podSelector: { matchLabels: { app: web } } }] }'),
    ],
    [
      `{ ${web}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }`,
      ['egress-without-dns spec.egress'],
      out('{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }'),
    ],
    [
      `{ ${web}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }] }`,
      ['egress-without-dns-tcp spec.egress'],
      `{ ${web}, policyTypes: [Egress], egress: [${dns}] }`,
    ],
    [
      `{ ${web}, policyTypes: [Ingress], egress: [{}] }`,
      ['rules-without-type spec.egress'],
      `{ ${web}, policyTypes: [Ingress, Egress], egress: [{}] }`,
    ],
    [
      `{ ${web}, egress: [] }`,
      ['empty-egress-without-type spec.egress'],
      `{ ${web}, policyTypes: [Ingress, Egress], egress: [] }`,
    ],
    [
      `{ ${web}, ingress: [{ ports: [{ endPort: 90 }] }] }`,
      ['end-port-without-port spec.ingress[0].ports[0].endPort'],
      `{ ${web}, ingress: [{ ports: [{ port: 8080, endPort: 8090 }] }] }`,
    ],
  ])('%s', (fault, expected, mended) => {
    expect(found(fault)).toEqual(expected);
    expect(found(mended)).toEqual([]);
  });

  test('a Pod in the host network', () => {
    expect(found('{ podSelector: {} }', world, 'host')).toEqual(['selects-host-network spec.podSelector']);
  });
});

describe('silence where nothing is known', () => {
  test('who denies all egress needs no DNS', () =>
    expect(found(`{ ${web}, policyTypes: [Egress] }`)).toEqual([]));

  test('another policy may allow DNS', () => {
    const more = `${world}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: dns, namespace: shop }\nspec: { policyTypes: [Egress], egress: [${dns}] }\n`;
    expect(
      found(
        `{ ${web}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }`,
        more,
      ),
    ).toEqual([]);
  });

  test('labels of a namespace that was not read are not guessed', () => {
    const unread = world.replace(namespaces, '');
    const from = (selector: string) =>
      found(
        `{ ${web}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { ${selector} } } }] }] }`,
        unread,
      );
    expect(from('team: data')).toEqual([]);
    expect(from('kubernetes.io/metadata.name: date')).toEqual([
      'peer-matches-no-namespace spec.ingress[0].from[0].namespaceSelector',
    ]);
  });

  test('a network that holds an address which is often the API server’s is not taken for it', () => {
    const to = (cidr: string) => out(`{ to: [{ ipBlock: { cidr: ${cidr} } }], ports: [{ port: 5432 }] }`);
    expect(found(to('10.0.0.0/24'), '')).toEqual([]);
    expect(found(to('10.0.0.1/32'), '')).toEqual([
      'api-server-by-service-address spec.egress[1].to[0].ipBlock',
    ]);
    // Here the address is known.
    expect(found(to('10.96.0.0/24'))).toContain('api-server-by-service-address spec.egress[1].to[0].ipBlock');
  });

  test('the DNS of OpenShift is DNS, at the port of its Pods', () => {
    const toDns = (ports: string, where = 'openshift-dns') =>
      `{ ${web}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${where} } } }], ports: [${ports}] }] }`;
    const both = (port: number) => `{ port: ${port}, protocol: UDP }, { port: ${port} }`;
    expect(found(toDns(both(5353)), '')).toEqual([]);
    expect(found(toDns(both(53)), '')).toEqual([]);
    expect(found(toDns(both(5353), 'elsewhere'), '')).toEqual(['egress-without-dns spec.egress']);
    // This cluster has its own.
    expect(found(toDns(both(5353)))).toContain('egress-without-dns spec.egress');
  });

  test('without Pods no selector is called wrong, and DNS is still asked for', () => {
    expect(found(`{ ${web}, ingress: [{ ports: [{ port: http }] }] }`, '')).toEqual([]);
    expect(found(`{ ${web}, policyTypes: [Egress], egress: [{ ports: [{ port: 443 }] }] }`, '')).toEqual([
      'egress-without-dns spec.egress',
    ]);
    expect(found(out('{ to: [{ ipBlock: { cidr: 10.96.0.1/32 } }] }'), '')).toEqual([
      'api-server-by-service-address spec.egress[1].to[0].ipBlock',
    ]);
  });
});

test('errors come first, every finding says what to do, every rule has a sentence', () => {
  const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: shop }\nspec: { podSelector: { matchLabels: { app: none } }, policyTypes: [Ingress], egress: [{}] }`;
  const findings = lint(
    parseManifests([
      { name: 'w', text: world },
      { name: 'p', text },
    ]),
  );
  expect(findings.map(({ severity }) => severity)).toEqual(['error', 'warning']);
  expect(findings.every(({ fix, message }) => fix !== '' && message !== '')).toBe(true);
  expect(lintText(findings)).toMatch(/1 errors, 1 warnings, 0 hints$/);
  expect(new Set(lintRules.map(({ id }) => id)).size).toBe(lintRules.length);
  expect(lintRules.filter(({ finds }) => finds === '')).toEqual([]);
});

test('docs/network-model.md has a row for each rule', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/network-model.md'), 'utf8');
  const rows = lintRules.map(({ id, severity, finds }) => `| \`${id}\` | ${severity} | ${finds} |`);
  expect(page.split('\n').filter((line) => /^\| `[a-z-]+` \| (error|warning|info) \|/.test(line))).toEqual(
    rows,
  );
});
