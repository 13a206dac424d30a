// Protocols and address families that not every cluster has, or no prober speaks. What needs them is declared, and skipped with the reason.
import { type Draft, family } from '../step.ts';
import {
  at,
  block,
  egress,
  everything,
  from,
  ingress,
  inX,
  namespaces,
  ns,
  pod,
  policies,
  tcp,
} from '../words.ts';

const sctp = (port: number) => ({ protocol: 'SCTP', port }) as const;

const drafts: readonly Draft[] = [
  {
    title: 'a rule for SCTP does not open TCP',
    idea: 'SCTP taken for TCP',
    upstream:
      "should not mistakenly treat 'protocol: SCTP' as 'protocol: TCP', even if the plugin doesn't support SCTP",
    state: inX(ingress(pod('a'), at(sctp(80)))),
    expect: ['* -> x/a no'],
  },
  {
    title: 'Pods selected by a rule for SCTP are isolated for all else',
    idea: 'isolation by protocol instead of by Pod',
    upstream:
      'should properly isolate pods that are selected by a policy allowing SCTP, even if the plugin does not support SCTP',
    state: inX(ingress(everything, at(sctp(80), tcp(80)))),
    expect: ['* -> x/*:80/TCP yes', '* -> x/* no'],
  },
  {
    title: 'egress for SCTP alone opens nothing else',
    idea: 'SCTP taken for TCP',
    state: inX(egress(pod('a'), at(sctp(80)))),
    expect: ['x/a -> * no'],
  },
  {
    title: 'every IPv6 address is let in, and no IPv4 one',
    idea: 'families mixed up in ipBlock',
    needs: 'dual-stack',
    state: inX(ingress(pod('a'), from(block('::/0')))),
  },
  {
    title: 'default-deny ingress holds for IPv6',
    idea: 'a deny for one family only',
    needs: 'ipv6',
    state: policies({ 'x/p': ingress(pod('a')), 'y/p': ingress(pod('a')) }),
    expect: ['* -> x/a|y/a no'],
  },
  {
    title: 'a namespace is let in by IPv6',
    idea: 'peers known by their IPv4 address only',
    needs: 'ipv6',
    state: policies({ 'x/p': ingress(pod('b'), from(namespaces(ns('z')))), 'y/p': ingress(pod('b')) }),
    expect: ['z/* -> x/b yes', '* -> x/b|y/b no'],
  },
  {
    title: 'every IPv4 address is let in, and no IPv6 one',
    idea: 'families mixed up in ipBlock',
    needs: 'dual-stack',
    state: inX(ingress(pod('a'), from(block('0.0.0.0/0')))),
  },
  {
    title: 'SCTP is let in at the port that a rule names, and at no other',
    idea: 'SCTP not enforced at all',
    needs: 'sctp',
    state: inX(ingress(pod('b'), at(sctp(80)))),
  },
];

export const protocols = family('protocols', drafts);
