// Default deny in every direction and width, and what policyTypes mean when they are left out.
import { type Draft, family, type PolicySpec } from '../step.ts';
import { anything, egress, everything, ingress, ingressAndEgress, inX, policies } from '../words.ts';

const denyIngress = ingress(everything);
const denyEgress = egress(everything);
const denyBoth = ingressAndEgress(everything, [], []);
const inAll = (spec: PolicySpec) => ({ 'x/p': spec, 'y/p': spec, 'z/p': spec });
/** Rules of a direction that policyTypes does not name count for nothing. */
const ingressOnlyInWords: PolicySpec = { ...denyEgress, ingress: [] };

const drafts: readonly Draft[] = [
  {
    title: 'nobody reaches Pods under default-deny ingress',
    idea: 'a deny that is not enforced at all',
    upstream: "should support a 'default-deny-ingress' policy",
    state: inX(denyIngress),
    expect: ['* -> x/* no'],
  },
  {
    title: 'Pods under default-deny egress reach nobody',
    idea: 'an engine that knows ingress only',
    upstream: 'should deny egress from all pods in a namespace',
    state: inX(denyEgress),
    expect: ['x/* -> * no'],
  },
  {
    title: 'default-deny of both directions',
    idea: 'the second policy type forgotten',
    upstream: "should support a 'default-deny-all' policy",
    state: inX(denyBoth),
    expect: ['* -> x/* no', 'x/* -> * no'],
  },
  {
    title: 'without policyTypes and rules a policy is default-deny ingress',
    idea: 'policyTypes default: Ingress always',
    state: inX({ podSelector: {} }),
    expect: ['* -> x/* no'],
  },
  {
    title: 'without policyTypes egress rules make both directions count',
    idea: 'policyTypes default: Egress only where there are egress rules',
    state: inX({ podSelector: {}, egress: [{}] }),
    expect: ['* -> x/* no'],
  },
  {
    title: 'without policyTypes an empty list of egress rules is no egress rule',
    idea: 'presence of the field taken for presence of a rule',
    state: inX({ podSelector: {}, egress: [] }),
    expect: ['* -> x/* no'],
  },
  {
    title: 'ingress rules do nothing where policyTypes says Egress',
    idea: 'rules applied although their type is not declared',
    state: inX({
      ...egress(everything, anything),
      ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'a' } } }] }],
    }),
    expect: [],
  },
  {
    title: 'egress rules do nothing where policyTypes says Ingress',
    idea: 'rules applied although their type is not declared',
    state: inX({
      ...ingress(everything),
      egress: [{ to: [{ podSelector: { matchLabels: { pod: 'a' } } }] }],
    }),
    expect: ['* -> x/* no'],
  },
  {
    title: 'an empty list of ingress rules beside type Egress does not isolate ingress',
    idea: 'presence of the field taken for a declared type',
    state: inX(ingressOnlyInWords),
    expect: ['x/* -> * no'],
  },
  {
    title: 'default-deny ingress of two namespaces leaves the third alone',
    idea: 'a policy that leaks out of its namespace',
    state: policies({ 'x/p': denyIngress, 'y/p': denyIngress }),
    expect: ['* -> x/*|y/* no'],
  },
  {
    title: 'default-deny ingress of every namespace',
    idea: 'a gap between namespaces',
    state: policies(inAll(denyIngress)),
    expect: ['* -> */* no'],
  },
  {
    title: 'default-deny egress of every namespace',
    idea: 'a gap between namespaces',
    state: policies(inAll(denyEgress)),
    expect: ['* -> * no'],
  },
  {
    title: 'default-deny of everything: no control can talk',
    idea: 'a total deny that is mistaken for a broken world, or the reverse',
    state: policies(inAll(denyBoth)),
    expect: ['* -> * no'],
  },
  {
    title: 'ingress denied in one namespace, egress in another',
    idea: 'the two directions are judged apart',
    state: policies({ 'x/p': denyIngress, 'y/p': denyEgress }),
    expect: ['* -> x/* no', 'y/* -> * no'],
  },
];

export const deny = family('deny', drafts);
