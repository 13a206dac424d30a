// What the API server refuses, the model refuses, with the place.
import { expect, test } from 'vitest';
import { reachability } from './reachability.ts';
import { policy } from './testing.ts';
import type { PolicyPeer, PolicyPort, PolicySpec } from './types.ts';
import { policyProblems } from './validate.ts';

const withPort = (port: PolicyPort): PolicySpec => ({ ingress: [{ ports: [port] }] });
const withPeer = (peer: PolicyPeer): PolicySpec => ({ egress: [{ to: [peer] }] });
const block = (cidr: string, ...except: string[]) => withPeer({ ipBlock: { cidr, except } });
const expression = (operator: string, values?: string[]): PolicySpec => ({
  podSelector: { matchExpressions: [{ key: 'k', operator: operator as 'In', values }] },
});
const port0 = 'spec.ingress[0].ports[0]';
const peer0 = 'spec.egress[0].to[0]';

test.each<[string, PolicySpec, string[]]>([
  ['endPort without port', withPort({ endPort: 90 }), [`end-port-without-port ${port0}.endPort`]],
  [
    'endPort with a named port',
    withPort({ port: 'web', endPort: 90 }),
    [`end-port-with-named-port ${port0}.endPort`],
  ],
  ['endPort below port', withPort({ port: 90, endPort: 80 }), [`end-port-below-port ${port0}.endPort`]],
  ['port 0', withPort({ port: 0 }), [`invalid-port ${port0}.port`]],
  ['port 65536', withPort({ port: 65_536 }), [`invalid-port ${port0}.port`]],
  ['a port name without a letter', withPort({ port: '8080' }), [`invalid-port ${port0}.port`]],
  ['a port name too long', withPort({ port: 'a'.repeat(16) }), [`invalid-port ${port0}.port`]],
  ['an unknown protocol', withPort({ protocol: 'ICMP' as 'TCP' }), [`invalid-protocol ${port0}.protocol`]],
  ['an empty peer', withPeer({}), [`empty-peer ${peer0}`]],
  [
    'ipBlock beside a selector',
    withPeer({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }),
    [`mixed-peer ${peer0}`],
  ],
  ['an address without a prefix', block('10.0.0.1'), [`invalid-cidr ${peer0}.ipBlock.cidr`]],
  ['a prefix too long', block('10.0.0.0/33'), [`invalid-cidr ${peer0}.ipBlock.cidr`]],
  ['leading zeros', block('010.0.0.0/8'), [`invalid-cidr ${peer0}.ipBlock.cidr`]],
  ['an IPv6 zone', block('fe80::1%eth0/64'), [`invalid-cidr ${peer0}.ipBlock.cidr`]],
  [
    'except outside the block',
    block('10.0.0.0/8', '11.0.0.0/9'),
    [`invalid-except ${peer0}.ipBlock.except[0]`],
  ],
  [
    'except as large as the block',
    block('10.0.0.0/8', '10.0.0.0/8'),
    [`invalid-except ${peer0}.ipBlock.except[0]`],
  ],
  [
    'except of the other family',
    block('10.0.0.0/8', 'fd00::/16'),
    [`invalid-except ${peer0}.ipBlock.except[0]`],
  ],
  ['In without values', expression('In'), ['invalid-selector spec.podSelector.matchExpressions[0]']],
  [
    'Exists with values',
    expression('Exists', ['v']),
    ['invalid-selector spec.podSelector.matchExpressions[0]'],
  ],
  ['an unknown operator', expression('Gt', ['1']), ['invalid-selector spec.podSelector.matchExpressions[0]']],
  ['an unknown type', { policyTypes: ['ingress' as 'Ingress'] }, ['invalid-policy-type spec.policyTypes[0]']],
  ['nothing at all', {}, []],
  [
    'a good one',
    { ...withPort({ port: 80, endPort: 90, protocol: 'SCTP' }), ...block('fd00::/16', 'fd00:1::/32') },
    [],
  ],
])('%s', (_, spec, expected) => {
  const given = policy('x', spec);
  expect(policyProblems(given).map(({ id, path }) => `${id} ${path}`)).toEqual(expected);
  const judge = () => reachability([given], [], [], []);
  if (expected.length === 0) expect(judge).not.toThrow();
  else
    expect(judge).toThrow(
      expect.objectContaining({ code: 'CHR_POLICY_INVALID', message: expect.stringContaining('x/p') }),
    );
});
