// Front door of the network room: the NetworkPolicy model and what is built on it.
export { cellKey, isExternal, isPod, peerName } from './model/peer.ts';
export { judge, reachability } from './model/reachability.ts';
export type {
  Cell,
  CellNote,
  CellVerdict,
  ContainerPort,
  Decision,
  Direction,
  EgressRule,
  ExternalPeer,
  Family,
  IngressRule,
  IpBlock,
  LabelSelector,
  Labels,
  Matrix,
  NamespaceInfo,
  NetworkPolicy,
  Peer,
  PodInfo,
  PolicyPeer,
  PolicyPort,
  PolicySpec,
  PortQuery,
  Protocol,
  RuleRef,
  SelectorRequirement,
} from './model/types.ts';
export { type PolicyProblem, policyProblems } from './model/validate.ts';
