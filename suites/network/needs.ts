// Why a cluster cannot do what a step needs. Probers ask over the first address of each Pod: what a cluster has beside it is not judged,
// and a step about it must not pass by what was seen over the other family.
import type { Need } from './catalogue/step.ts';

/** The reason to skip, or undefined. `pods`: their addresses, the first one first. */
export function lacks(need: Need, pods: readonly { readonly ips: readonly string[] }[]): string | undefined {
  const isIpv6 = (ip: string | undefined) => ip?.includes(':') === true;
  const all = pods.flatMap(({ ips }) => ips);
  if (!all.some(isIpv6)) return 'Pods of this cluster have no IPv6 address';
  if (need === 'dual-stack')
    return all.every(isIpv6)
      ? 'Pods of this cluster have no IPv4 address'
      : 'probes go to the first address of a Pod: two families at once are not judged';
  return pods.every(({ ips }) => isIpv6(ips[0]))
    ? undefined
    : 'probes go to the first address of a Pod, which is an IPv4 one in this cluster';
}
