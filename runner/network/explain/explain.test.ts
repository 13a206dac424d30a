// An explanation is true when doing what it says changes the verdict. So it is done, and the model is asked again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namespaces, pod, pods, policy, tcp } from '../model/testing.ts';
import type { NetworkPolicy, Peer, PodInfo, PolicyPeer, PolicySpec } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';
import { withChange } from './change.ts';
import { explain } from './explain.ts';
import { findPeers } from './find-peer.ts';
import { explanationText } from './text.ts';

const { xa, xb, ya } = pods;
const web = pod('x', 'web-abc-1', '10.1.1.1', {
  labels: { app: 'web', 'pod-template-hash': 'abc' },
  workload: 'Deployment/web',
});
const webToo = { ...web, name: 'web-abc-2', ips: ['10.1.1.2'] };
const everyone: readonly PodInfo[] = [...Object.values(pods), web, webToo];
const outside = { ip: '2001:db8::7' };

function stateOf(policies: readonly NetworkPolicy[]): NetworkState {
  const none = { services: [], endpoints: [], source: 'a test', notJudged: [] };
  return { policies, namespaces, pods: everyone, ...none };
}

/** What the verdict becomes when each change is made alone, and when all are. */
function afterwards(
  policies: readonly NetworkPolicy[],
  from: Peer,
  to: Peer,
): { alone: string[]; all: string } {
  const { changes } = explain(stateOf(policies), [from], [to], tcp(80));
  const verdict = (changed: readonly NetworkPolicy[]) =>
    explain(stateOf(changed), [from], [to], tcp(80)).verdict;
  return {
    alone: changes.map((change) => verdict(withChange(policies, change))),
    all: verdict(changes.reduce(withChange, policies)),
  };
}

describe('what would have to change', () => {
  const closed = policy('x', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'closed');
  test.each<[string, Peer, Peer]>([
    ['two Pods of one namespace', xa, xb],
    ['two namespaces', ya, xb],
    ['from outside', outside, xb],
    ['to outside', xb, outside],
    ['a workload', web, xa],
    ['to a workload', xa, web],
  ])('%s: closed on both sides, opened by all changes together', (_, from, to) => {
    expect(afterwards([closed], from, to).all).toBe('allowed');
  });

  test('no other Pod is opened by it', () => {
    const { changes } = explain(stateOf([closed]), [ya], [xb], tcp(80));
    const opened = changes.reduce(withChange, [closed] as readonly NetworkPolicy[]);
    expect(explain(stateOf(opened), [ya], [xa], tcp(80)).verdict).toBe('denied');
    expect(explain(stateOf(opened), [ya], [xb], tcp(81)).verdict).toBe('denied');
  });

  test('a policy of the Pod’s own gets the rule, labels that change with every version are left out', () => {
    const own = policy('x', { podSelector: { matchLabels: { app: 'web' } } }, 'web');
    const [change, ...more] = explain(stateOf([closed, own]), [ya], [web], tcp(80)).changes;
    expect(more).toEqual([]);
    expect(change).toMatchObject({ kind: 'add-rule', policy: 'x/web', direction: 'ingress' });
    expect(JSON.stringify(explain(stateOf([closed]), [web], [ya], tcp(80)).changes)).not.toContain(
      'pod-template-hash',
    );
  });

  test('a Pod without labels of its own is labelled first: a policy could only open the whole namespace', () => {
    const nightly = pod('y', 'nightly', '', {
      labels: { 'job-name': 'nightly-1' },
      workload: 'CronJob/nightly',
    });
    const label = [{ kind: 'label-first', pod: 'y/nightly' }];
    const out = policy('y', { podSelector: {}, policyTypes: ['Egress'] }, 'out');
    for (const [from, to] of [
      [nightly, xa],
      [xa, nightly],
    ] as const)
      for (const policies of [[closed], [closed, out]])
        expect(explain(stateOf(policies), [from], [to], tcp(80)).changes).toEqual(label);
    const { changes } = explain(stateOf([]), [xa], [nightly], tcp(80));
    expect(changes).toMatchObject([...label, { kind: 'create-policy', direction: 'egress' }]);
    expect(explanationText(explain(stateOf([closed]), [nightly], [xa], tcp(80)))).toContain(
      'label y/nightly and its like',
    );
  });

  test('types that only a removed rule implied are written out, or removing it would change nothing', () => {
    const implied = policy('x', { podSelector: {}, egress: [{}] }, 'out');
    const answer = explain(stateOf([implied]), [xa], [ya], tcp(80));
    expect(answer.changes.find(({ kind }) => kind === 'remove-rules')).toMatchObject({
      ...{ kind: 'remove-rules', rules: ['x/out spec.egress[0]'] },
      writeOut: [{ policy: 'x/out', policyTypes: ['Ingress', 'Egress'] }],
    });
    expect(explanationText(answer)).toContain('policyTypes: [Ingress, Egress]');
    const literally = { ...implied, spec: { ...implied.spec, egress: [] } };
    const verdict = (changed: NetworkPolicy) => explain(stateOf([changed]), [xa], [ya], tcp(80)).verdict;
    expect(verdict(literally)).toBe('allowed');
    expect(verdict({ ...literally, spec: { ...literally.spec, policyTypes: ['Ingress', 'Egress'] } })).toBe(
      'denied',
    );
  });

  test('for any policies: all changes open, each change closes', () => {
    const selector = fc.constantFrom({}, { matchLabels: { pod: 'a' } }, { matchLabels: { pod: 'b' } });
    const rule = fc.record({
      podSelector: selector,
      namespaceSelector: fc.option(selector, { nil: undefined }),
    });
    const spec: fc.Arbitrary<PolicySpec> = fc.record({
      podSelector: selector,
      policyTypes: fc.constantFrom(
        undefined,
        ['Ingress' as const],
        ['Egress' as const],
        ['Ingress' as const, 'Egress' as const],
      ),
      ingress: fc.array(fc.record({ from: fc.array(rule, { maxLength: 2 }) }), { maxLength: 2 }),
      egress: fc.array(fc.record({ to: fc.array(rule, { maxLength: 2 }) }), { maxLength: 2 }),
    });
    const policies = fc
      .array(fc.record({ namespace: fc.constantFrom('x', 'y'), spec }), { maxLength: 3 })
      .map((all) => all.map((one, index) => policy(one.namespace, one.spec, `n${index}`)));
    const end = fc.constantFrom<Peer>(...everyone, outside);
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, end, end, (given, from, to) => {
        fc.pre(from !== to);
        const { verdict } = explain(stateOf(given), [from], [to], tcp(80));
        seen.add(verdict);
        const { alone, all } = afterwards(given, from, to);
        if (verdict === 'denied') expect(all).toBe('allowed');
        else expect(new Set(alone)).toEqual(new Set(['denied']));
      }),
      { numRuns: 60 },
    );
    expect(seen).toEqual(new Set(['allowed', 'denied']));
  });
});

describe('addresses', () => {
  test('for any policies, a running Pod’s address is that Pod in all that is said', () => {
    const peer = fc.constantFrom<PolicyPeer>(
      { podSelector: { matchLabels: { pod: 'a' } } },
      { podSelector: {}, namespaceSelector: { matchLabels: { team: 'y' } } },
      { ipBlock: { cidr: '10.1.0.0/16' } },
      { ipBlock: { cidr: '10.2.0.2/32' } },
    );
    const rules = fc.array(
      fc.record({ peers: fc.array(peer, { maxLength: 2 }), port: fc.constantFrom(80, 81) }),
      { maxLength: 2 },
    );
    const policies = fc.array(fc.record({ namespace: fc.constantFrom('x', 'y'), rules }), { maxLength: 3 });
    const end = fc.constantFrom(...Object.values(pods));
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, end, end, (given, from, to) => {
        fc.pre(from !== to);
        const made = given.map(({ namespace, rules: own }, index) => {
          const ingress = own.map(({ peers, port }) => ({ from: peers, ports: [{ port }] }));
          const egress = own.map(({ peers, port }) => ({ to: peers, ports: [{ port }] }));
          return policy(namespace, { policyTypes: ['Ingress', 'Egress'], ingress, egress }, `n${index}`);
        });
        const asPod = explain(stateOf(made), [from], [to], tcp(80));
        seen.add(asPod.verdict);
        const address = ({ ips: [ip = ''] }: PodInfo) => ({ ip });
        expect(explain(stateOf(made), [address(from)], [to], tcp(80))).toEqual(asPod);
        expect(explain(stateOf(made), [from], [address(to)], tcp(80))).toEqual(asPod);
      }),
      { numRuns: 60 },
    );
    expect(seen).toEqual(new Set(['allowed', 'denied']));
  });

  test('to the address of a Service there is no verdict: a policy sees the Pods behind it', () => {
    const toService = { ip: '10.96.5.5' };
    const policies = [
      policy('x', { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.96.5.5/32' } }] }] }),
    ];
    const state = stateOf(policies);
    const service = { namespace: 'x', name: 'web', clusterIps: ['10.96.5.5'], ports: [] };
    expect(explain(state, [xa], [toService], tcp(80)).verdict).toBe('allowed');
    const answer = explain({ ...state, services: [service] }, [xa], [toService], tcp(80));
    expect(answer).toMatchObject({
      ...{ verdict: 'implementation-defined', notes: ['service-address'], changes: [] },
    });
    expect(explanationText(answer)).toContain('ask about the Pods behind it');
  });
});

describe('what is said', () => {
  const picky = policy('x', {
    podSelector: { matchLabels: { pod: 'a' } },
    ingress: [
      { from: [{ podSelector: { matchLabels: { pod: 'b' } } }], ports: [{ port: 81 }] },
      { from: [{ podSelector: { matchLabels: { pod: 'c' } } }], ports: [{ port: 80 }] },
      { from: [{ podSelector: { matchLabels: { pod: 'c' } } }], ports: [{ port: 81 }] },
    ],
  });

  test('rules that almost allow it, and by what they miss', () => {
    expect(explain(stateOf([picky]), [xb], [xa], tcp(80)).ingress.nearMisses).toEqual([
      { rule: 'x/p spec.ingress[0]', misses: 'port' },
      { rule: 'x/p spec.ingress[1]', misses: 'peer' },
    ]);
  });

  test('the text fits on 80 columns and holds YAML to paste', () => {
    const text = explanationText(explain(stateOf([picky]), [xb], [xa], tcp('http')));
    expect(text.split('\n')[0]).toBe('DENIED: x/b -> x/a http (80)/TCP');
    expect(text).toContain('spec.ingress[0] fits but for its ports');
    expect(text).toContain(
      '    - from:\n        - podSelector:\n            matchLabels:\n              pod: b',
    );
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('Pods of a workload that are judged otherwise are named', () => {
    const one = policy('x', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.1.1.1/32' } }] }] });
    const answer = explain(stateOf([one]), findPeers(stateOf([]), 'x/web'), [xa], tcp(80));
    expect(answer).toMatchObject({ verdict: 'allowed', differing: ['x/web-abc-2 -> x/a: denied'] });
  });

  test('nothing can change what no policy governs', () => {
    expect(explain(stateOf([]), [xa], [xa], tcp(80))).toMatchObject({
      verdict: 'allowed',
      notes: ['self'],
      changes: [],
    });
  });
});

describe('who is meant', () => {
  const who = (text: string) => findPeers(stateOf([]), text);
  test.each<[string, readonly Peer[]]>([
    ['x/a', [xa]],
    ['x/web', [web, webToo]],
    ['x/deployment/web', [web, webToo]],
    ['x/web-abc-2', [webToo]],
    ['10.0.0.1', [{ ip: '10.0.0.1' }]],
    ['fd00::1', [{ ip: 'fd00::1' }]],
  ])('%s', (text, expected) => expect(who(text)).toEqual(expected));

  test.each([
    ['x/wbe-abc-1', 'x/web-abc-1'],
    ['y/web', 'x/web'],
    ['web', 'x/web'],
    ['x/web-abc', 'x/web-abc-1'],
  ])('%s is a near miss of %s', (text, meant) => {
    expect(() => who(text)).toThrow(
      expect.objectContaining({
        code: 'CHR_PEER_UNKNOWN',
        message: expect.stringContaining(`did you mean ${meant}?`),
      }),
    );
  });

  test('nothing is guessed where nothing is near', () =>
    expect(() => who('x/postgres')).toThrow(/^(?!.*did you mean)/));
});
