// Which addresses an ipBlock means, in both families.
import { expect, test } from 'vitest';
import { allow, allowOut, cidr, outside, sentence } from './sentence-testing.ts';
import { pod, pods, tcp, verdict } from './testing.ts';

const { xa, ya, yb } = pods;

sentence('API reference', 'The except entry describes CIDRs that should not be included within this rule.', [
  ['in the block', [allow([cidr('203.0.113.0/24')])], outside, xa, 'allowed'],
  ['not in the block', [allow([cidr('203.0.114.0/24')])], outside, xa, 'denied'],
  ['in the exception', [allow([cidr('203.0.113.0/24', ['203.0.113.0/29'])])], outside, xa, 'denied'],
  ['beside the exception', [allow([cidr('203.0.113.0/24', ['203.0.113.8/29'])])], outside, xa, 'allowed'],
  [
    'another peer may allow what is excepted',
    [allow([cidr('203.0.113.0/24', ['203.0.113.7/32']), cidr('203.0.113.4/30')])],
    outside,
    xa,
    'allowed',
  ],
  ['bits below the mask do not matter', [allow([cidr('203.0.113.99/24')])], outside, xa, 'allowed'],
  ['/0 is everything', [allow([cidr('0.0.0.0/0')])], outside, xa, 'allowed'],
  ['of its own family', [allow([cidr('0.0.0.0/0')])], { ip: '2001:db8::7' }, xa, 'denied'],
  ['IPv6', [allow([cidr('2001:db8::/32')])], { ip: '2001:0db8:0:0::7' }, xa, 'allowed'],
  ['IPv6 excepted', [allow([cidr('2001:db8::/32', ['2001:db8::/64'])])], { ip: '2001:db8::7' }, xa, 'denied'],
  [
    'numbers, not texts: 10.1.0.1 is not in 10.10.0.0/16',
    [allow([cidr('10.10.0.0/16')])],
    xa,
    pods.xb,
    'allowed',
  ],
  ['a Pod by its address', [allow([cidr('10.2.0.1/32')])], ya, xa, 'allowed'],
  ['and not its neighbour', [allow([cidr('10.2.0.1/32')])], yb, xa, 'denied'],
  ['out to an address', [allowOut([cidr('203.0.113.0/24')])], xa, outside, 'allowed'],
  ['out to an excepted one', [allowOut([cidr('203.0.113.0/24', ['203.0.113.7/32'])])], xa, outside, 'denied'],
  ['out to a Pod by its address', [allowOut([cidr('10.2.0.0/16')])], xa, ya, 'allowed'],
  [
    'an address that is a Pod’s is that Pod',
    [allow([{ namespaceSelector: { matchLabels: { team: 'y' } } }])],
    { ip: '10.2.0.1' },
    xa,
    'allowed',
  ],
]);

test('two families: the one both have decides, or the one that is asked for', () => {
  const dual = pod('x', 'a', '10.1.0.1 fd00::1');
  const from = pod('y', 'a', '10.2.0.1 fd00::2');
  const onlyV6 = [allow([cidr('fd00::/16')])];
  expect(verdict(onlyV6, from, dual)).toBe('denied');
  expect(verdict(onlyV6, from, dual, { ...tcp(80), family: 'IPv6' })).toBe('allowed');
  expect(verdict(onlyV6, pod('y', 'c', 'fd00::3'), dual)).toBe('allowed');
});
