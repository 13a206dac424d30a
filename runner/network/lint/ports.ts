// Ports that no Pod serves. A container may serve a port without declaring it, so a number is a warning; a name that nobody has is dead.
import type { PodInfo, PolicyPort } from '../model/types.ts';
import type { NetworkState } from '../state/types.ts';
import { podsOf, type RulePart, ruleParts, selectedPods } from './parts.ts';
import { type LintRule, lintRule } from './types.ts';

export const portRules: readonly LintRule[] = [
  lintRule('port-name-unknown', 'error', 'A port name that no Pod it is about has never matches.', (state) =>
    unserved(state)
      .filter(({ port }) => typeof port.port === 'string')
      .map(({ policy, path, port, pods }) => ({
        policy,
        path,
        message: `no Pod it is about has a ${port.protocol ?? 'TCP'} port named '${port.port}'`,
        fix: `declared there: ${declared(pods)}`,
      })),
  ),
  lintRule(
    'port-not-served',
    'warning',
    'A port number that no Pod it is about declares is probably a Service’s, or wrong.',
    (state) =>
      unserved(state)
        .filter(({ port }) => typeof port.port === 'number')
        .map(({ policy, path, port, pods }) => ({
          policy,
          path,
          message: `no Pod it is about declares ${port.port}${port.endPort === undefined ? '' : `-${port.endPort}`}/${port.protocol ?? 'TCP'}`,
          fix: `policies see the container port, not the Service's${servicePort(state, port, pods)}; declared there: ${declared(pods)}`,
        })),
  ),
];

interface Unserved {
  readonly policy: RulePart['policy'];
  readonly path: string;
  readonly port: PolicyPort;
  readonly pods: readonly PodInfo[];
}

/** Where the Pods on the serving side are known, and at least one of them declares ports at all. */
function unserved(state: NetworkState): Unserved[] {
  return ruleParts(state.policies).flatMap((part) => {
    const pods = servingPods(part, state);
    if (!pods.some(({ ports }) => ports.length > 0)) return [];
    return part.ports.flatMap((port, index) =>
      port.port === undefined || pods.some((pod) => serves(pod, port))
        ? []
        : [{ policy: part.policy, path: `${part.path}.ports[${index}]`, port, pods }],
    );
  });
}

/** Of ingress the Pods of the policy, of egress those of its peers; an ipBlock leads to what is not known. */
function servingPods({ policy, direction, peers }: RulePart, state: NetworkState): readonly PodInfo[] {
  if (direction === 'ingress') return selectedPods(policy, state.pods);
  if (peers.length === 0 || peers.some(({ ipBlock }) => ipBlock !== undefined)) return [];
  return peers.flatMap((peer) => podsOf(peer, policy.metadata.namespace, state) ?? []);
}

function serves({ ports }: PodInfo, { port, endPort, protocol = 'TCP' }: PolicyPort): boolean {
  return ports.some((own) => {
    if (own.protocol !== protocol) return false;
    if (typeof port !== 'number') return own.name === port;
    return own.port >= port && own.port <= (endPort ?? port);
  });
}

function declared(pods: readonly PodInfo[]): string {
  const all = new Set(
    pods.flatMap(({ ports }) =>
      ports.map(({ name, port, protocol }) => `${port}/${protocol}${name === undefined ? '' : ` (${name})`}`),
    ),
  );
  const shown = [...all].slice(0, 8).join(', ');
  return all.size > 8 ? `${shown}, …` : shown;
}

function servicePort({ services }: NetworkState, { port }: PolicyPort, pods: readonly PodInfo[]): string {
  const service = services.find(
    ({ namespace, selector, ports }) =>
      selector !== undefined &&
      ports.some((one) => one.port === port) &&
      pods.some(
        (pod) =>
          pod.namespace === namespace &&
          Object.entries(selector).every(([key, value]) => pod.labels[key] === value),
      ),
  );
  if (service === undefined) return '';
  const target = service.ports.find((one) => one.port === port)?.targetPort ?? port;
  return `: Service ${service.name} leads ${port} to ${target}`;
}
