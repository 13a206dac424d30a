import { expect, test } from 'vitest';
import { lacks } from './needs.ts';

const four = '10.244.0.2';
const six = 'fd00::2';

test.each([
  ['ipv6', [[four]], 'Pods of this cluster have no IPv6 address'],
  ['ipv6', [[four, six]], 'probes go to the first address of a Pod, which is an IPv4 one in this cluster'],
  ['ipv6', [[six]], undefined],
  ['ipv6', [[six, four]], undefined],
  ['dual-stack', [[four]], 'Pods of this cluster have no IPv6 address'],
  ['dual-stack', [[six]], 'Pods of this cluster have no IPv4 address'],
  [
    'dual-stack',
    [[six, four]],
    'probes go to the first address of a Pod: two families at once are not judged',
  ],
] as const)('%s with Pods of %j', (need, pods, reason) => {
  expect(
    lacks(
      need,
      pods.map((ips) => ({ ips })),
    ),
  ).toBe(reason);
});
