// CIDR maths by numbers, for both families. node:net does the comparing; strings are never compared.
import { BlockList, isIP } from 'node:net';
import type { Family, IpBlock } from './types.ts';

export interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

export function familyOf(ip: string): Family | undefined {
  // A zone (fe80::1%eth0) means something on one machine only.
  if (ip.includes('%')) return undefined;
  const version = isIP(ip);
  return version === 4 ? 'IPv4' : version === 6 ? 'IPv6' : undefined;
}

/** Undefined where the text is no CIDR: no prefix, a prefix out of range, an address with a zone or leading zeros. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = familyOf(address);
  const prefix = Number(digits);
  if (family === undefined || (digits.length > 1 && digits.startsWith('0'))) return undefined;
  return prefix <= bits(family) ? { address, prefix, family } : undefined;
}

function bits(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}

/** Every address of `inner` is one of `outer`; equal blocks hold each other. */
export function holds(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.prefix <= inner.prefix && listOf([outer])(inner.address);
}

/** Whether one address is in the block and in none of its exceptions. Invalid CIDRs are for validate.ts to refuse. */
export function ipBlockMatcher({ cidr, except = [] }: IpBlock): (ip: string) => boolean {
  const inBlock = listOf([cidr].flatMap(parsed));
  const inException = listOf(except.flatMap(parsed));
  return (ip) => inBlock(ip) && !inException(ip);
}

function parsed(text: string): Cidr[] {
  const cidr = parseCidr(text);
  return cidr === undefined ? [] : [cidr];
}

/** One list per family: a BlockList of IPv4 ranges would also match IPv6 addresses that map one. */
function listOf(cidrs: readonly Cidr[]): (ip: string) => boolean {
  const lists = { IPv4: new BlockList(), IPv6: new BlockList() };
  for (const { address, prefix, family } of cidrs)
    lists[family].addSubnet(address, prefix, family === 'IPv4' ? 'ipv4' : 'ipv6');
  return (ip) => {
    const family = familyOf(ip);
    return family !== undefined && lists[family].check(ip, family === 'IPv4' ? 'ipv4' : 'ipv6');
  };
}

/** One spelling per address, so that `fd00::1` and `fd00:0::1` are the same key. */
export function canonicalAddress(ip: string): string {
  return familyOf(ip) === 'IPv6' ? new URL(`http://[${ip}]`).hostname.slice(1, -1) : ip;
}
