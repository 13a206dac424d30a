// The documentation's sentences as tests: each group quotes one. Where it stands in the API reference it is looked up in the client
// package, so that no quote is made up.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { policy, verdict } from './testing.ts';
import type { NetworkPolicy, Peer, PolicyPeer, PolicyPort, PortQuery } from './types.ts';

export const outside = { ip: '203.0.113.7' };

export type Row = readonly [
  what: string,
  policies: readonly NetworkPolicy[],
  from: Peer,
  to: Peer,
  expected: string,
  port?: PortQuery,
];

/** `Network Policies` is the page of the concept, `API types` the comments of the Go types. */
type Source = 'API reference' | 'API types' | 'Network Policies';

/** Title, where the sentence stands, and the rows that test it. */
export function sentence(source: Source, text: string, rows: readonly Row[]): void {
  describe(`${text} (${source})`, () => {
    if (source === 'API reference')
      test('is the documentation’s sentence', () => expect(apiReference).toContain(text));
    for (const [what, policies, from, to, expected, port] of rows)
      test(what, () => expect(verdict(policies, from, to, port)).toBe(expected));
  });
}

const models = new URL('./gen/models/', import.meta.resolve('@kubernetes/client-node'));
const apiReference = [
  ...['Spec', 'Peer', 'Port', 'IngressRule', 'EgressRule'].map((part) => `V1NetworkPolicy${part}`),
  ...['V1IPBlock', 'V1LabelSelector', 'V1LabelSelectorRequirement'],
]
  .map((name) => readFileSync(new URL(`${name}.d.ts`, models), 'utf8').replaceAll('\\', ''))
  .join('\n');

export const toA = { podSelector: { matchLabels: { pod: 'a' } } };
export const allow = (from: readonly PolicyPeer[], ports?: readonly PolicyPort[]) =>
  policy('x', { ...toA, ingress: [{ from, ...(ports === undefined ? {} : { ports }) }] });
export const allowOut = (to: readonly PolicyPeer[], ports?: readonly PolicyPort[]) =>
  policy('x', {
    ...toA,
    policyTypes: ['Egress'],
    egress: [{ to, ...(ports === undefined ? {} : { ports }) }],
  });
export const denyIn = policy('x', { podSelector: {} }, 'deny-in');
export const denyOut = policy('x', { podSelector: {}, policyTypes: ['Egress'] }, 'deny-out');

export const inAlice = { namespaceSelector: { matchLabels: { user: 'alice' } } };
export const isB = { podSelector: { matchLabels: { pod: 'b' } } };
export const cidr = (text: string, except?: readonly string[]): PolicyPeer => ({
  ipBlock: except === undefined ? { cidr: text } : { cidr: text, except },
});
