// Which addresses are no internet, and how a list of them becomes the exceptions of one range.
import { BlockList, isIP } from 'node:net';
import { CharterError } from '../../errors/index.ts';

export type Family = 'ipv4' | 'ipv6';

/** RFC 1918, 6598 (carrier NAT), 3927 (link-local, where clouds serve credentials), loopback; RFC 4193, 4291 for IPv6. */
export const privateRanges: readonly string[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

export const everywhere: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };
export const loopback: Readonly<Record<Family, string>> = { ipv4: '127.0.0.0/8', ipv6: '::1/128' };

interface Range {
  readonly text: string;
  readonly family: Family;
  readonly address: string;
  readonly prefix: number;
}

/** @throws CHR_NETWORK_ADDRESS when it is no CIDR, or so wide that nothing would be left of the internet. */
export function parseRange(text: string): Range {
  const [address = '', width = ''] = text.split('/');
  const kind = isIP(address);
  const prefix = /^\d{1,3}$/.test(width) ? Number(width) : Number.NaN;
  if (kind === 0 || !(prefix >= 1 && prefix <= (kind === 4 ? 32 : 128))) {
    throw new CharterError('CHR_NETWORK_ADDRESS', `'${text}' is no range of addresses`, {
      hint: 'Ranges look like 10.244.0.0/16 or fd00:10:244::/56, and leave something of the internet.',
    });
  }
  return { text, family: kind === 4 ? 'ipv4' : 'ipv6', address, prefix };
}

/** The ranges of one family, each once, without those that lie inside another one; in the order given. */
export function exceptions(ranges: readonly string[], family: Family): string[] {
  const own = [...new Set(ranges)].map(parseRange).filter((range) => range.family === family);
  const inside = (one: Range) =>
    own.some(
      (other) => other !== one && other.prefix <= one.prefix && holds(other, one) && !same(other, one, own),
    );
  return own.filter((range) => !inside(range)).map(({ text }) => text);
}

function holds(wide: Range, narrow: Range): boolean {
  const list = new BlockList();
  list.addSubnet(wide.address, wide.prefix, wide.family);
  return list.check(narrow.address, narrow.family);
}

/** Two spellings of one range: the first stays. */
function same(one: Range, other: Range, order: readonly Range[]): boolean {
  return one.prefix === other.prefix && order.indexOf(one) > order.indexOf(other);
}
