// Labels, namespaces and Pods that change under policies which stay as they are.
import { chain, type Draft } from '../step.ts';
import {
  allOf,
  at,
  both,
  egress,
  everything,
  from,
  ingress,
  ingressAndEgress,
  inX,
  labelled,
  namespaces,
  ns,
  pod,
  pods,
  podsIn,
  policies,
  tcp,
} from '../words.ts';

const friend = labelled({ friend: 'yes' });
const friends = inX(ingress(pod('a'), from(pods(friend))));
const letsFriends = ingress(pod('a'), from(pods(friend)));
const letsFriendly = ingress(pod('a'), from(namespaces(friend)));

/** Who has neither label is not isolated. */
const guards = { 'x/p': ingress(labelled({ guarded: 'in' })), 'x/q': egress(labelled({ guarded: 'out' })) };

const labelDrafts: readonly Draft[] = [
  {
    title: 'nobody has the label that would be let in',
    idea: 'the ground for the steps that follow',
    state: friends,
    expect: ['* -> x/a no'],
  },
  {
    title: 'a Pod gets the label and is let in',
    idea: 'peers that are computed once, when the policy is created',
    upstream: 'should allow ingress access from updated pod',
    state: inX(letsFriends, { podLabels: { 'x/b': { friend: 'yes' } } }),
    expect: ['x/b -> x/a yes', '* -> x/a no'],
  },
  {
    title: 'the label moves to another Pod',
    idea: 'a Pod that stays let in after it has lost its label',
    state: inX(letsFriends, { podLabels: { 'x/c': { friend: 'yes' } } }),
    expect: ['x/c -> x/a yes', '* -> x/a no'],
  },
  {
    title: 'the label has another value',
    idea: 'keys compared, values not',
    state: inX(ingress(pod('a'), both(from(pods(friend)), at(tcp(80)))), {
      podLabels: { 'x/c': { friend: 'no' } },
    }),
    expect: ['* -> x/a no'],
  },
  {
    title: 'the same label in another namespace lets nobody in',
    idea: 'a podSelector that looks beyond its namespace',
    state: inX(ingressAndEgress(pod('a'), [from(pods(friend))], [from(pods(friend))]), {
      podLabels: { 'y/b': { friend: 'yes' } },
    }),
    expect: ['* -> x/a no', 'x/a -> * no'],
  },
  {
    title: 'a Pod gets the label by which it is isolated',
    idea: 'a policy and its first member that come together',
    state: inX(ingress(labelled({ locked: 'yes' })), { podLabels: { 'x/c': { locked: 'yes' } } }),
    expect: ['* -> x/c no'],
  },
  {
    title: 'a Pod loses the label by which it was isolated',
    idea: 'isolation that outlives the selection',
    state: inX(ingress(labelled({ locked: 'yes' }))),
    expect: [],
  },
  {
    title: 'the label isolates another Pod in the other direction',
    idea: 'selections kept by direction',
    state: inX(egress(labelled({ locked: 'yes' })), { podLabels: { 'x/b': { locked: 'yes' } } }),
    expect: ['x/b -> * no'],
  },
  {
    title: 'no namespace has the label that would be let in',
    idea: 'the ground for the steps that follow',
    state: inX(letsFriendly),
    expect: ['* -> x/a no'],
  },
  {
    title: 'a namespace gets the label and is let in',
    idea: 'namespaces that are looked at once, when the policy is created',
    upstream: 'should allow ingress access from updated namespace',
    state: inX(letsFriendly, { namespaceLabels: { y: { friend: 'yes' } } }),
    expect: ['y/* -> x/a yes', '* -> x/a no'],
  },
  {
    title: 'the label moves to another namespace',
    idea: 'a namespace that stays let in after it has lost its label',
    state: inX(letsFriendly, { namespaceLabels: { z: { friend: 'yes' } } }),
    expect: ['z/* -> x/a yes', '* -> x/a no'],
  },
  {
    title: 'namespace and Pod both need their label, and only one of them has it',
    idea: 'selectors of one peer added instead of crossed',
    state: inX(ingress(pod('a'), from(podsIn(friend, friend))), {
      namespaceLabels: { z: { friend: 'yes' } },
      podLabels: { 'y/b': { friend: 'yes' } },
    }),
    expect: ['* -> x/a no'],
  },
  {
    title: 'namespace and Pod both need their label, and both have it',
    idea: 'selectors of one peer never found together',
    state: inX(ingress(pod('a'), from(podsIn(friend, friend))), {
      namespaceLabels: { z: { friend: 'yes' } },
      podLabels: { 'z/b': { friend: 'yes' } },
    }),
    expect: ['z/b -> x/a yes', '* -> x/a no'],
  },
  {
    title: 'two policies that select nobody yet',
    idea: 'the ground for the steps that follow',
    state: policies(guards),
    expect: [],
  },
  {
    title: 'a Pod gets the label of a policy that was there before, and is isolated',
    idea: 'isolation of new members of a selection',
    upstream: 'should deny ingress access to updated pod',
    state: policies(guards, { podLabels: { 'x/c': { guarded: 'in' } } }),
    expect: ['* -> x/c no'],
  },
  {
    title: 'it loses the label, and another Pod gets that of the other direction',
    idea: 'selections that are not kept by direction, or not let go',
    state: policies(guards, { podLabels: { 'x/b': { guarded: 'out' } } }),
    expect: ['x/b -> * no'],
  },
];

const podDrafts: readonly Draft[] = [
  {
    title: 'a Pod that comes later is isolated like the others',
    idea: 'Pods that are looked at once, when the policy is created',
    state: inX(ingress(everything, from(namespaces(ns('y')))), { morePods: ['x/d'] }),
    expect: ['y/* -> x/* yes', '* -> x/* no'],
  },
  {
    title: 'a Pod that comes later is let in like the others',
    idea: 'peers that are looked at once, when the policy is created',
    state: inX(ingress(everything, from(namespaces(ns('y')))), { morePods: ['y/d'] }),
    expect: ['y/* -> x/* yes', '* -> x/* no'],
  },
  {
    title: 'a Pod under egress rules comes later',
    idea: 'new Pods get ingress rules only',
    state: inX(egress(everything, from(namespaces(ns('y')))), { morePods: ['x/d'] }),
    expect: ['x/* -> y/* yes', 'x/* -> * no'],
  },
  {
    title: 'a Pod goes, and its rules with it',
    idea: 'rules of the gone Pod that hit others',
    state: inX(ingress(pod('c')), { withoutPods: ['x/c'] }),
    expect: [],
  },
  {
    title: 'a Pod comes back with a new address and is isolated again',
    idea: 'rules kept by address, so that the old address is guarded and the new one is not',
    state: inX(ingress(pod('c'), from(namespaces(ns('z'))))),
    expect: ['z/* -> x/c yes', '* -> x/c no'],
  },
  {
    title: 'a Pod that was let in is gone: nobody else may use its place',
    idea: 'an address of a gone Pod that stays allowed',
    state: policies({ 'x/p': ingress(pod('a'), from(podsIn(ns('y'), pod('b')))) }, { withoutPods: ['y/b'] }),
    expect: ['* -> x/a no'],
  },
  {
    title: 'the Pod that is let in comes back with a new address',
    idea: 'peers kept by address',
    state: policies({
      'x/p': ingress(pod('a'), from(podsIn(ns('y'), allOf(pod('b'), labelled({ tier: 'back' }))))),
    }),
    expect: ['y/b -> x/a yes', '* -> x/a no'],
  },
];

export const labels = chain('labels', labelDrafts);
export const podsComeAndGo = chain('pods', podDrafts);
