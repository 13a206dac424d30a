// Who is looking, as a proxy before the cockpit has found out. A header says that only when the proxy itself sent it: anybody can
// write a header, so it counts from the configured addresses alone, and from elsewhere nothing is shown.
import { BlockList, isIP } from 'node:net';

export interface ProxyTrust {
  /** Addresses and networks, e.g. `10.0.0.7`, `10.244.0.0/16`. */
  readonly addresses: readonly string[];
  /** e.g. `X-Auth-Request-User`. */
  readonly header: string;
}

export type Caller =
  | { readonly kind: 'user'; readonly name: string }
  /** No proxy is configured: whoever can reach the port may read. */
  | { readonly kind: 'anybody' }
  | { readonly kind: 'stranger'; readonly why: 'not the proxy' | 'not signed in' };

export type CallerOf = (address: string | undefined, header: (name: string) => string | undefined) => Caller;

/** Throws a RangeError where an address is none. */
export function callerOf(trust: ProxyTrust | undefined): CallerOf {
  if (trust === undefined) return () => ({ kind: 'anybody' });
  const proxies = new BlockList();
  for (const text of trust.addresses) add(proxies, text);
  return (address, header) => {
    const plain = address?.replace(/^::ffff:(?=\d+\.)/, '');
    const family = isIP(plain ?? '');
    if (plain === undefined || family === 0 || !proxies.check(plain, family === 6 ? 'ipv6' : 'ipv4'))
      return { kind: 'stranger', why: 'not the proxy' };
    const name = header(trust.header)?.trim();
    return name === undefined || name === ''
      ? { kind: 'stranger', why: 'not signed in' }
      : { kind: 'user', name: name.slice(0, 200) };
  };
}

function add(proxies: BlockList, text: string): void {
  const [, address = '', bits] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  if (family === 0 || Number(bits ?? most) > most)
    throw new RangeError(`${text} is no address and no network`);
  proxies.addSubnet(address, Number(bits ?? most), family === 6 ? 'ipv6' : 'ipv4');
}
