// Policies that take nothing away: what an engine that isolates too eagerly gets wrong.
import { type Draft, family } from '../step.ts';
import {
  anything,
  egress,
  everything,
  from,
  ingress,
  ingressAndEgress,
  inX,
  labelled,
  namespaces,
  policies,
} from '../words.ts';

const drafts: readonly Draft[] = [
  {
    title: 'without policies everybody reaches everybody',
    idea: 'the ground on which every deny stands',
    state: policies({}),
    expect: [],
  },
  {
    title: 'a policy that selects no Pod changes nothing',
    idea: 'isolation of Pods that nobody selected',
    state: inX(ingress(labelled({ pod: 'nobody' }))),
    expect: [],
  },
  {
    title: 'an empty ingress rule allows everything in',
    idea: 'an empty rule read as no rule',
    upstream: 'should support allow-all policy',
    state: inX(ingress(everything, anything)),
    expect: [],
  },
  {
    title: 'an empty egress rule allows everything out',
    idea: 'an empty rule read as no rule',
    state: inX(egress(everything, anything)),
    expect: [],
  },
  {
    title: 'empty rules in both directions allow everything',
    idea: 'one direction lost when both are declared',
    state: inX(ingressAndEgress(everything, [anything], [anything])),
    expect: [],
  },
  {
    title: 'a rule with an empty list of peers allows everybody in',
    idea: '`from: []` read as nobody',
    state: inX(ingress(everything, from())),
    expect: [],
  },
  {
    title: 'a rule for all namespaces lets every Pod in',
    idea: 'an empty namespaceSelector read as no namespace',
    state: inX(ingress(everything, from(namespaces(everything)))),
    expect: [],
  },
];

export const open = family('open', drafts);
