// Why a step cannot be judged here: for what the cluster lacks, or for what the prober lacks, whatever the cluster has. Probers ask over
// the first address of each Pod: a step about another one must not pass by what was seen over the first.
import type { Need } from './catalogue/step.ts';

const notAsked: Readonly<Record<Exclude<Need, 'ipv6'>, string>> = {
  'dual-stack':
    'the prober asks a Pod at its first address only: two families at once are not judged, also where the cluster has both',
  sctp: 'the prober speaks no SCTP: Node has no sockets for it, whatever the cluster can do',
};

/** The reason to skip, or undefined. `pods`: their addresses, the first one first. */
export function lacks(need: Need, pods: readonly { readonly ips: readonly string[] }[]): string | undefined {
  const isIpv6 = (ip: string | undefined) => ip?.includes(':') === true;
  if (need !== 'ipv6') return notAsked[need];
  if (!pods.some(({ ips }) => ips.some(isIpv6))) return 'Pods of this cluster have no IPv6 address';
  return pods.every(({ ips }) => isIpv6(ips[0]))
    ? undefined
    : 'the prober asks a Pod at its first address only, which is an IPv4 one in this cluster';
}
