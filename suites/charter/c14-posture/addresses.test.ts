import { expect, test } from 'vitest';
import { addressesOf, isClusterName, isInside } from './addresses.ts';

test.each([
  '10.96.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '127.0.0.1',
  '::1',
  'fd00::1',
  '::ffff:10.0.0.1',
])('%s stays inside', (address) => {
  expect(isInside(address)).toBe(true);
});

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '172.15.0.1',
  '11.0.0.1',
  '100.128.0.1',
  '192.169.0.1',
  '169.254.169.254',
  '2001:db8::1',
  '::ffff:8.8.8.8',
  'akko.example',
  '',
])('%s does not', (address) => {
  expect(isInside(address)).toBe(false);
});

test('an address is its own resolution, in brackets too', async () => {
  expect(await addressesOf('127.0.0.1')).toEqual({ addresses: ['127.0.0.1'] });
  expect(await addressesOf('[::1]')).toEqual({ addresses: ['::1'] });
});

test('a name that does not resolve says what the resolver said', async () => {
  // A label of 64 characters fails in the resolver of the machine; no packet is sent.
  expect(await addressesOf(`${'a'.repeat(64)}.test`)).toEqual({ unresolved: expect.stringMatching(/^E/) });
});

test.each([
  'akko-akko-trino',
  'akko-akko-trino.akko.svc',
  'akko-akko-trino.akko.svc.cluster.local',
  '127.0.0.1',
  '[::1]',
  'ip6-localhost',
  'localhost.localdomain',
  'akko-akko-trino.akko.svc.cluster.local.',
])('%s names something of the cluster', (host) => {
  expect(isClusterName(host, 'cluster.local')).toBe(true);
});

test.each([
  'trino.akko.example',
  'trino.svc.akko.example',
  'akko-akko-trino.akko.svc.other.domain',
  'svc.cluster.local',
  '10.96.0.1',
  '127.evil.com',
  'localhost.evil.com',
  'trino.',
  'trino.akko.svc.',
  '[2001:db8::1]',
])('%s does not', (host) => {
  expect(isClusterName(host, 'cluster.local')).toBe(false);
});
