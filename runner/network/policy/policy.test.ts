// The two forms against golden files, and the API server found however it is named.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseApiServer, type ResolveEdges, resolveApiServer } from './api-server.ts';
import { ciliumPolicy } from './cilium.ts';
import { exceptions, parseRange } from './ranges.ts';
import { standardPolicy } from './standard.ts';
import type { WorkloadTraffic } from './workload.ts';

const golden = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'network', 'golden');

const plain: WorkloadTraffic = {
  name: 'workspace-7',
  namespace: 'agents',
  labels: { 'akko.io/workspace': '7' },
  clusterRanges: ['10.244.0.0/16', '10.96.0.0/16'],
  apiServer: [],
};
const full: WorkloadTraffic = {
  ...plain,
  // Public addresses used inside, as some companies do; and both families.
  clusterRanges: ['25.244.0.0/16', '10.96.0.0/16', 'fd00:10:244::/56', '2001:db8:244::/56'],
  broker: {
    namespace: 'akko',
    labels: { 'app.kubernetes.io/name': 'broker' },
    ports: [{ port: 4222, protocol: 'TCP' }],
  },
  apiServer: [
    { address: '172.18.0.4', port: 6443 },
    { address: 'fd00:18::4', port: 6443 },
  ],
};

test.each([
  ['standard-plain', standardPolicy(plain)],
  ['standard-full', standardPolicy(full)],
  ['cilium-plain', ciliumPolicy(plain)],
  ['cilium-full', ciliumPolicy(full)],
])('%s is the golden file', (name, policy) => {
  expect(stringify(policy, { aliasDuplicateObjects: false })).toBe(
    readFileSync(join(golden, `${name}.yaml`), 'utf8'),
  );
});

describe('ranges', () => {
  test('a range inside another one, or said twice, is left out', () => {
    const ranges = ['10.0.0.0/8', '10.96.0.0/16', '10.0.0.0/8', '25.0.0.0/16', 'fd00::/8', 'fc00::/7'];
    expect(exceptions(ranges, 'ipv4')).toEqual(['10.0.0.0/8', '25.0.0.0/16']);
    expect(exceptions(ranges, 'ipv6')).toEqual(['fc00::/7']);
  });

  test('two spellings of one range leave one', () => {
    expect(exceptions(['10.0.0.0/8', '10.1.0.0/8'], 'ipv4')).toEqual(['10.0.0.0/8']);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '0.0.0.0/0', 'x/8', '::/129', ''])('%j is refused', (text) => {
    expect(() => parseRange(text)).toThrow(expect.objectContaining({ code: 'CHR_NETWORK_ADDRESS' }));
  });
});

describe('API server', () => {
  test.each([
    ['172.18.0.4', { kind: 'host', host: '172.18.0.4', port: 6443 }],
    ['172.18.0.4:7443', { kind: 'host', host: '172.18.0.4', port: 7443 }],
    ['api.example.org', { kind: 'host', host: 'api.example.org', port: 6443 }],
    ['https://api.example.org', { kind: 'host', host: 'api.example.org', port: 443 }],
    ['https://[fd00::4]:6443/', { kind: 'host', host: 'fd00::4', port: 6443 }],
    ['fd00::4', { kind: 'host', host: 'fd00::4', port: 6443 }],
    ['[fd00::4]:8443', { kind: 'host', host: 'fd00::4', port: 8443 }],
    ['kubernetes', { kind: 'service' }],
    ['https://kubernetes.default.svc', { kind: 'service' }],
    ['kubernetes.default.svc.cluster.local:443', { kind: 'service' }],
  ])('%s', (text, place) => {
    expect(parseApiServer(text)).toEqual(place);
  });

  test.each(['', ':6443', 'host:99999', 'a b', '10.0.1', 'https://', 'host:0', '-x'])(
    '%j is refused',
    (text) => {
      expect(() => parseApiServer(text)).toThrow(expect.objectContaining({ code: 'CHR_NETWORK_ADDRESS' }));
    },
  );

  const edges: ResolveEdges = {
    lookup: async (host) => {
      if (host !== 'api.example.org') throw new Error('ENOTFOUND');
      return ['198.51.100.7', '2001:db8::7'];
    },
    serviceEndpoints: async () => [
      { address: '172.18.0.4', port: 6443 },
      { address: '172.18.0.3', port: 6443 },
      { address: '172.18.0.4', port: 6443 },
    ],
    serviceAddresses: async () => ['10.96.0.1'],
  };
  const endpoints = [
    { address: '172.18.0.3', port: 6443 },
    { address: '172.18.0.4', port: 6443 },
  ];

  test('a name gives every address it has', async () => {
    expect(await resolveApiServer(parseApiServer('https://api.example.org'), edges)).toEqual([
      { address: '198.51.100.7', port: 443 },
      { address: '2001:db8::7', port: 443 },
    ]);
  });

  test.each(['kubernetes', 'https://10.96.0.1:443', '10.96.0.1'])(
    '%s means the endpoints, because no engine sees the Service address',
    async (text) => {
      expect(await resolveApiServer(parseApiServer(text), edges)).toEqual(endpoints);
    },
  );

  test('what is not found is an error, not a policy without the API server', async () => {
    await expect(resolveApiServer(parseApiServer('nowhere.example.org'), edges)).rejects.toMatchObject({
      code: 'CHR_NETWORK_ADDRESS',
    });
    const empty = { ...edges, serviceEndpoints: async () => [] };
    await expect(resolveApiServer({ kind: 'service' }, empty)).rejects.toMatchObject({
      code: 'CHR_NETWORK_ADDRESS',
    });
  });
});
