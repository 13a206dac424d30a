// What the model expects of a declared state, cell by cell, with the way in which this engine would deny it.
import { judge } from '../model/reachability.ts';
import type { Cell, ExternalPeer, NamespaceInfo, NetworkPolicy, PodInfo } from '../model/types.ts';
import type { Denial, Outcome, PodId, StepCell } from '../verdict/index.ts';
import type { OutsideTarget, ServedPort } from './declaration.ts';
import { isControl } from './names.ts';

/** A Pod of the world as it runs. */
export interface RunningPod {
  readonly id: PodId;
  readonly uid: string;
  readonly address: string;
  readonly info: PodInfo;
  readonly ports: readonly ServedPort[];
}

export type Direction = 'ingress' | 'egress';
/** By {@link signalKey}: how the engine of a node denies. */
export type Signals = Readonly<Record<string, Outcome>>;

export interface Expectation {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaces: readonly NamespaceInfo[];
  /** In the order of the plan. */
  readonly pods: readonly RunningPod[];
  readonly outside: readonly OutsideTarget[];
  /** `any`: not learned yet. */
  readonly signals: Signals | 'any';
}

/** What a node does is learned for each of these: engines treat the two directions, and protocols, by rules of their own. */
export interface Learned {
  readonly direction: Direction;
  readonly protocol: ServedPort['protocol'];
}

export function signalKey(node: string | undefined, { direction, protocol }: Learned): string {
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
        const isEvidence = isControl(from.id) || isControl(to.id);
        const base = { from: from.id, to: to.id, port, protocol, servedAs, index: index++, isEvidence };
        const denials = denialsOf(model, { from, to, protocol }, signals);
        return { ...base, model, expected: model.verdict, denials };
      }),
    );
    const outside = targets.map(({ target: { id, port, protocol }, peer }) => {
      const model = decide(from.info, peer, { port, protocol });
      const isEvidence = isControl(from.id);
      const base = { from: from.id, to: id, port, protocol, servedAs: undefined, index: index++, isEvidence };
      const denials = denialsOf(model, { from, to: undefined, protocol }, signals);
      return { ...base, model, expected: model.verdict, denials };
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
    const { namespaceLabels, ...info } = pod;
    const { namespace } = info;
    if (!known.has(namespace)) known.set(namespace, { name: namespace, labels: namespaceLabels });
    const peer: PodInfo = { ...info, name: id, ips: [address], ports: [{ port, protocol }] };
    return { target, peer };
  });
  return { namespaces: [...known.values()], targets };
}

/**
 * Each side that isolates and has no rule for it denies on its own node; where both do, either may be seen. Of a cell that is allowed,
 * each side could.
 */
function denialsOf(
  { ingress, egress, verdict }: Cell,
  {
    from,
    to,
    protocol,
  }: { readonly from: RunningPod; readonly to: RunningPod | undefined } & Pick<Learned, 'protocol'>,
  signals: Expectation['signals'],
): readonly Denial[] {
  const denial = ({ id, info }: RunningPod, direction: Direction): Denial => ({
    ...{ pod: id, direction, protocol },
    signal: signals === 'any' ? 'any' : signals[signalKey(info.node, { direction, protocol })],
  });
  const concerns = (kind: string) => verdict === 'allowed' || kind === 'isolated';
  return [
    ...(concerns(egress.kind) ? [denial(from, 'egress')] : []),
    ...(concerns(ingress.kind) && to !== undefined ? [denial(to, 'ingress')] : []),
  ];
}
