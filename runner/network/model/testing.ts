// Short words for tables of cases: Pods, policies and the question whether one reaches the other.
import { judge } from './reachability.ts';
import type {
  ContainerPort,
  Labels,
  NamespaceInfo,
  NetworkPolicy,
  Peer,
  PodInfo,
  PolicySpec,
  PortQuery,
} from './types.ts';

export const namespaces: readonly NamespaceInfo[] = [
  { name: 'x', labels: { team: 'x', user: 'alice' } },
  { name: 'y', labels: { team: 'y' } },
  { name: 'z', labels: { team: 'z', user: 'alice' } },
];

export function pod(
  namespace: string,
  name: string,
  ip: string,
  more: Partial<Omit<PodInfo, 'namespace' | 'name' | 'ips'>> & { readonly labels?: Labels } = {},
): PodInfo {
  const ports: readonly ContainerPort[] = [{ name: 'http', port: 80, protocol: 'TCP' }];
  return { namespace, name, labels: { pod: name }, ips: ip === '' ? [] : ip.split(' '), ports, ...more };
}

export const pods = {
  xa: pod('x', 'a', '10.1.0.1'),
  xb: pod('x', 'b', '10.1.0.2'),
  ya: pod('y', 'a', '10.2.0.1'),
  yb: pod('y', 'b', '10.2.0.2'),
  za: pod('z', 'a', '10.3.0.1'),
} as const;

export function policy(namespace: string, spec: PolicySpec, name = 'p'): NetworkPolicy {
  return { metadata: { name, namespace }, spec };
}

export const tcp = (port: number | string): PortQuery => ({ port, protocol: 'TCP' });

/** The verdict of one question, among the usual Pods and those that are asked about. */
export function verdict(
  policies: readonly NetworkPolicy[],
  from: Peer,
  to: Peer,
  port: PortQuery = tcp(80),
): string {
  return judge(policies, namespaces, Object.values(pods))(from, to, port).verdict;
}
