// Which addresses stay inside: where a name of the configuration really leads.
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

const inside = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
] as const) {
  inside.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::1', 128],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/** Private (RFC 1918, 4193), shared (RFC 6598), link-local IPv6 or loopback: nothing that is routed on the internet. */
export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return isIP(plain) !== 0 && inside.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

export type Resolution = { readonly addresses: readonly string[] } | { readonly unresolved: string };

/** By the resolver of the system, as every connection of the runner does it. */
export async function addressesOf(host: string): Promise<Resolution> {
  try {
    const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
    return { addresses: found.map(({ address }) => address) };
  } catch (error) {
    return { unresolved: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
}

const loopbackName = /^(?:localhost[46]?|ip6-localhost|ip6-loopback)(?:\.localdomain[46]?)?\.?$/;

/** A Service by the names that charter.yaml may give it, told here once more; loopback is the embedded platform. */
export function isClusterName(host: string, clusterDomain: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  if (host === '[::1]' || loopbackName.test(host)) return true;
  if (host.startsWith('[')) return false;
  const labels = host.replace(/\.$/, '').split('.');
  const domain = labels.slice(2).join('.');
  // With a dot at its end a name is looked up as it stands: only the whole one leads to a Service.
  return (
    domain === `svc.${clusterDomain}` || (!host.endsWith('.') && (labels.length === 1 || domain === 'svc'))
  );
}
