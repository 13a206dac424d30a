// Which outcomes count as a deny. Where an engine rejects, Linux sends one client no more than one ICMP error a second (six at first;
// net.ipv4.icmp_ratelimit): most of many denied probes then just time out. Such a timeout counts only while in the same step whoever
// denies it is seen to refuse other probes, and the client to be refused others. Else something else may swallow the packets.
import type { Protocol } from '../model/types.ts';
import type { Observation } from './observe.ts';
import type { Outcome, PodId } from './types.ts';

/** A policy's side of a denied cell. */
export interface Denial {
  /** The Pod which the policies isolate. */
  readonly pod: PodId;
  readonly direction: 'ingress' | 'egress';
  readonly protocol: Protocol;
  /** What this engine was seen to do there; `any` while that is being learned, undefined when it could not be. */
  readonly signal: Outcome | 'any' | undefined;
}

const anySignal: readonly Outcome[] = ['refused', 'timeout', 'unreachable', 'reset'];

/** Linux allows a client one refusal in this time, in milliseconds (net.ipv4.icmp_ratelimit). */
const rationMs = 1_000;

/** Milliseconds in which everybody who denies by rejecting can be seen to do it, at one refusal after the other. */
export function refusalsTakeMs(
  cells: readonly { readonly expected: string; readonly denials: readonly Denial[] }[],
): number {
  const rejecting = cells
    .filter(({ expected }) => expected !== 'allowed')
    .flatMap(({ denials }) => denials)
    .filter(({ signal }) => signal !== 'timeout' && signal !== 'any' && signal !== undefined);
  return new Set(rejecting.map((one) => keyOf([one]))).size * rationMs;
}

/**
 * Was a talk that is expected refused since it was last there, as a node at one of its ends denies? Not before `from`: the policy of the
 * step before may still have refused it rightly.
 */
export function isRefusedSince(
  from: number,
  denials: readonly Denial[],
  observations: readonly Observation[],
): boolean {
  const lately = observations.slice(observations.findLastIndex(({ outcome }) => outcome === 'ok') + 1);
  return lately.some(
    ({ start, outcome, saw }) => start >= from && saw !== 'yes' && knownSignals(denials).includes(outcome),
  );
}

/**
 * What counts as a deny where a talk is expected: what the nodes at the two ends do to deny. A timeout of one that rejects counts where
 * the two Pods were refused over any port: a client has one ration for all that one node refuses. Empty when neither is known.
 */
export function signalsAgainst(denials: readonly Denial[], isPairRefused: boolean): readonly Outcome[] {
  const known = knownSignals(denials);
  return known.length > 0 && isPairRefused
    ? [...new Set([...known, 'timeout' as const])]
    : [...new Set(known)];
}

function knownSignals(denials: readonly Denial[]): readonly Outcome[] {
  return denials.flatMap(({ signal }) => (signal === undefined || signal === 'any' ? [] : [signal]));
}

export class Refusals {
  /** Sets of denials of which one is known to refuse. */
  readonly #seen = new Set<string>();
  /** Clients that are known to hear of refusals, by direction. Both protocols have one ration: to see each would take seconds more. */
  readonly #refused = new Set<string>();

  /**
   * Observations of a cell whose server is known to live: a dead one refuses too. A refusal that may be of two is credited to neither;
   * that its client hears refusals, to both directions.
   */
  add(client: PodId, denials: readonly Denial[], observations: readonly Observation[]): void {
    for (const { outcome, saw } of observations) {
      const possible = denials.filter(({ signal }) => signal === outcome);
      if (saw === 'yes' || possible.length === 0) continue;
      this.#seen.add(keyOf(possible));
      for (const denial of possible) this.#refused.add(clientKey(client, denial));
    }
  }

  /** Empty when one of the denials is not known. */
  signalsOf(client: PodId, denials: readonly Denial[]): readonly Outcome[] {
    if (denials.some(({ signal }) => signal === undefined)) return [];
    const all = denials.flatMap((denial): readonly Outcome[] => {
      const { signal } = denial;
      if (signal === undefined || signal === 'any') return anySignal;
      const same = denials.filter((one) => one.signal === signal);
      const refuses = this.#seen.has(keyOf([denial])) || this.#seen.has(keyOf(same));
      const isHeard = this.#refused.has(clientKey(client, denial));
      return refuses && isHeard ? [signal, 'timeout'] : [signal];
    });
    return [...new Set(all)];
  }
}

function clientKey(client: PodId, { direction }: Denial): string {
  return `${client} by ${direction}`;
}

function keyOf(denials: readonly Denial[]): string {
  return denials
    .map(({ pod, direction, protocol }) => `${pod} ${direction} ${protocol}`)
    .toSorted()
    .join(', ');
}
