// Front door of the network room: the NetworkPolicy model and what is built on it.

export type { ClusterAddress } from '../kube/index.ts';
export { detectNetwork } from './detect/detect.ts';
export type { Agent, ClusterFacts, Detection, Evidence, NetworkName } from './detect/facts.ts';
export { type OutsideTargets, outsideTargets } from './detect/outside-targets.ts';
export { readDetection } from './detect/read-detection.ts';
export { sweepCluster } from './detect/sweep-cluster.ts';
export { detectionText } from './detect/text.ts';
export { networkEnvironment } from './environment.ts';
export { type Change, withChange } from './explain/change.ts';
export { type Explanation, explain } from './explain/explain.ts';
export { findPeers } from './explain/find-peer.ts';
export { explanationText } from './explain/text.ts';
export { lint, lintRules, lintText } from './lint/lint.ts';
export type { Finding, LintRule, Severity } from './lint/types.ts';
export { drawMatrix, type MatrixFormat, matrixFormats, matrixOf } from './matrix/matrix.ts';
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
export {
  type ApiServerPlace,
  parseApiServer,
  type ResolveEdges,
  resolveApiServer,
} from './policy/api-server.ts';
export { ciliumPolicy } from './policy/cilium.ts';
export { apiServerEndpoints, type ReadFromCluster, readForPolicy } from './policy/cluster-edges.ts';
export { standardPolicy } from './policy/standard.ts';
export type {
  Endpoint,
  PeerAllowed,
  PolicyManifest,
  PortAllowed,
  WorkloadTraffic,
} from './policy/workload.ts';
export * from './session.ts';
export { readCluster } from './state/cluster.ts';
export { type ManifestOptions, parseManifests, readManifests } from './state/manifests.ts';
export type { EndpointsInfo, NetworkState, ServiceInfo } from './state/types.ts';
