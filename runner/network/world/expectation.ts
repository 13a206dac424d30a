// What the model expects of a declared state, cell by cell, with the way in which this engine would deny it.
import { judge } from '../model/reachability.ts';
import type { Cell, ExternalPeer, NamespaceInfo, NetworkPolicy, PodInfo } from '../model/types.ts';
import type { Outcome, PodId, StepCell } from '../verdict/index.ts';
import type { OutsideTarget, ServedPort } from './declaration.ts';

/** A Pod of the world as it runs. */
export interface RunningPod {
  readonly id: PodId;
  readonly uid: string;
  readonly address: string;
  readonly info: PodInfo;
  readonly ports: readonly ServedPort[];
}

export interface Expectation {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaces: readonly NamespaceInfo[];
  /** In the order of the plan. */
  readonly pods: readonly RunningPod[];
  readonly outside: readonly OutsideTarget[];
  /** By {@link signalKey}. */
  readonly signals: Readonly<Record<string, Outcome>>;
}

export function signalKey(
  node: string | undefined,
  direction: 'ingress' | 'egress',
  protocol: string,
): string {
  return `${node ?? 'any'} ${direction} ${protocol}`;
}

/** Every client to every server port and outside target, in the order of the plan's probes. Throws CHR_POLICY_INVALID. */
export function expectedCells(given: Expectation): readonly (StepCell & { readonly model: Cell })[] {
  const { pods, signals } = given;
  const { namespaces, targets } = withOutside(given);
  const decide = judge(given.policies, namespaces, [
    ...pods.map(({ info }) => info),
    ...targets.flatMap(({ peer }) => ('ip' in peer ? [] : [peer])),
  ]);
  return pods.flatMap((from) => {
    let index = 0;
    const toPods = pods.flatMap((to) =>
      to.ports.map(({ port, protocol }, servedAs) => {
        const model = decide(from.info, to.info, { port, protocol });
        const base = { from: from.id, to: to.id, port, protocol, servedAs, index: index++ };
        const nodes = { egress: from.info.node, ingress: to.info.node };
        return { ...base, model, expected: model.verdict, signals: signalsOf(model, nodes, signals) };
      }),
    );
    const outside = targets.map(({ target: { id, port, protocol }, peer }) => {
      const model = decide(from.info, peer, { port, protocol });
      const base = { from: from.id, to: id, port, protocol, servedAs: undefined, index: index++ };
      const nodes = { egress: from.info.node, ingress: undefined };
      return { ...base, model, expected: model.verdict, signals: signalsOf(model, nodes, signals) };
    });
    return [...toPods, ...outside];
  });
}

function withOutside({ namespaces, outside }: Expectation): {
  readonly namespaces: readonly NamespaceInfo[];
  readonly targets: readonly { readonly target: OutsideTarget; readonly peer: PodInfo | ExternalPeer }[];
} {
  const known = new Map(namespaces.map((one) => [one.name, one]));
  const targets = outside.map((target) => {
    const { id, address, pod, port, protocol } = target;
    if (pod === undefined) return { target, peer: { ip: address } };
    const { namespace, namespaceLabels, labels } = pod;
    if (!known.has(namespace)) known.set(namespace, { name: namespace, labels: namespaceLabels });
    const peer: PodInfo = { namespace, name: id, labels, ips: [address], ports: [{ port, protocol }] };
    return { target, peer };
  });
  return { namespaces: [...known.values()], targets };
}

/** Each side that isolates and has no rule for it denies on its own node; where both do, either may be seen. */
function signalsOf(
  { ingress, egress, protocol }: Cell,
  nodes: { readonly ingress: string | undefined; readonly egress: string | undefined },
  signals: Readonly<Record<string, Outcome>>,
): readonly Outcome[] {
  const denying = [
    ...(ingress.kind === 'isolated' ? [signals[signalKey(nodes.ingress, 'ingress', protocol)]] : []),
    ...(egress.kind === 'isolated' ? [signals[signalKey(nodes.egress, 'egress', protocol)]] : []),
  ];
  return denying.includes(undefined) ? [] : [...new Set(denying.filter((signal) => signal !== undefined))];
}
