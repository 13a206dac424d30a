import { expect, test } from 'vitest';
import { lacks } from './needs.ts';

const four = '10.244.0.2';
const six = 'fd00::2';

test.each([
  ['ipv6', [[four]], 'Pods of this cluster have no IPv6 address'],
  [
    'ipv6',
    [[four, six]],
    'the prober asks a Pod at its first address only, which is an IPv4 one in this cluster',
  ],
  ['ipv6', [[six]], undefined],
  ['ipv6', [[six, four]], undefined],
] as const)('%s with Pods of %j', (need, pods, reason) => {
  expect(
    lacks(
      need,
      pods.map((ips) => ({ ips })),
    ),
  ).toBe(reason);
});

test.each([
  ['dual-stack', /^the prober asks a Pod at its first address only/],
  ['sctp', /^the prober speaks no SCTP/],
] as const)('%s is blamed on the prober, whatever the cluster has', (need, reason) => {
  for (const ips of [[four], [six], [four, six], [six, four]]) expect(lacks(need, [{ ips }])).toMatch(reason);
});
