// Policies that change, go and come back while everybody talks: what an engine forgets to take back. Each follows on the step before.
import { chain, type Draft } from '../step.ts';
import {
  at,
  both,
  egress,
  everything,
  from,
  ingress,
  namespaces,
  ns,
  pod,
  pods,
  policies,
  tcp,
  udp,
} from '../words.ts';

/** A policy that stays through the family, so that an engine which rebuilds everything is seen to keep it. */
const stays = { 'z/stays': ingress(pod('c'), from(pods(everything))) };
const kept = ['z/* -> z/c yes', '* -> z/c no'];

const drafts: readonly Draft[] = [
  {
    title: 'a policy appears beside one that stays',
    idea: 'the older policy lost when a new one comes',
    state: policies({ ...stays, 'x/p': ingress(everything) }),
    expect: ['* -> x/* no', ...kept],
  },
  {
    title: 'a policy is updated to let a namespace in',
    idea: 'updates that are only seen after a restart',
    upstream: 'should enforce updated policy',
    state: policies({ ...stays, 'x/p': ingress(everything, from(namespaces(ns('y')))) }),
    expect: ['y/* -> x/* yes', '* -> x/* no', ...kept],
  },
  {
    title: 'a policy is updated to let another namespace in instead',
    idea: 'peers of the old version kept',
    state: policies({ ...stays, 'x/p': ingress(everything, from(namespaces(ns('z')))) }),
    expect: ['z/* -> x/* yes', '* -> x/* no', ...kept],
  },
  {
    title: 'a policy is narrowed to one port',
    idea: 'ports of the old version kept',
    state: policies({ ...stays, 'x/p': ingress(everything, both(from(namespaces(ns('z'))), at(tcp(80)))) }),
    expect: ['z/* -> x/*:80/TCP yes', '* -> x/* no', ...kept],
  },
  {
    title: 'the port of a policy is changed, and its protocol',
    idea: 'ports of the old version kept',
    state: policies({ ...stays, 'x/p': ingress(everything, both(from(namespaces(ns('z'))), at(udp(81)))) }),
    expect: ['z/* -> x/*:81/UDP yes', '* -> x/* no', ...kept],
  },
  {
    title: 'a policy is narrowed to one Pod',
    idea: 'Pods that stay isolated although nothing selects them any more',
    state: policies({ ...stays, 'x/p': ingress(pod('a'), both(from(namespaces(ns('z'))), at(udp(81)))) }),
    expect: ['z/* -> x/a:81/UDP yes', '* -> x/a no', ...kept],
  },
  {
    title: 'a policy changes its direction',
    idea: 'the old direction kept',
    state: policies({ ...stays, 'x/p': egress(pod('a')) }),
    expect: ['x/a -> * no', ...kept],
  },
  {
    title: 'a second policy is added to the first',
    idea: 'the newest policy taken for the only one',
    state: policies({ ...stays, 'x/more': ingress(pod('a'), from(pods(pod('b')))), 'x/p': egress(pod('a')) }),
    expect: ['x/a -> * no', 'x/b -> x/a yes', '* -> x/a no', ...kept],
  },
  {
    title: 'one of two policies of a Pod is deleted',
    idea: 'the deletion of one policy taken for the deletion of all',
    state: policies({ ...stays, 'x/more': ingress(pod('a'), from(pods(pod('b')))) }),
    expect: ['x/b -> x/a yes', '* -> x/a no', ...kept],
  },
  {
    title: 'the last policy of a namespace is deleted',
    idea: 'isolation that outlives its policy',
    upstream: 'should stop enforcing policies after they are deleted',
    state: policies(stays),
    expect: kept,
  },
  {
    title: 'a policy is created again under its old name with another meaning',
    idea: 'a name remembered with its old rules',
    state: policies({ ...stays, 'x/p': ingress(pod('b'), from(pods(pod('c')))) }),
    expect: ['x/c -> x/b yes', '* -> x/b no', ...kept],
  },
  {
    title: 'a policy moves to another namespace under its name',
    idea: 'a policy kept where it was',
    state: policies({ ...stays, 'y/p': ingress(pod('b'), from(pods(pod('c')))) }),
    expect: ['y/c -> y/b yes', '* -> y/b no', ...kept],
  },
];

export const changes = chain('changes', drafts);
