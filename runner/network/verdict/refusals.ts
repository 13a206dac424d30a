// Which outcomes count as a deny. Where an engine rejects, Linux sends one client no more than one ICMP error a second (six at first;
// net.ipv4.icmp_ratelimit): most of many denied probes then just time out. Such a timeout counts only while the Pod whose policy denies
// is seen to refuse others of its probes in the same step. Where it refuses nobody, something else swallows the packets.
import type { Observation } from './observe.ts';
import type { Outcome, PodId } from './types.ts';

/** A policy's side of a denied cell. */
export interface Denial {
  /** The Pod which the policies isolate. */
  readonly pod: PodId;
  readonly direction: 'ingress' | 'egress';
  /** What this engine was seen to do there; `any` while that is being learned, undefined when it could not be. */
  readonly signal: Outcome | 'any' | undefined;
}

const anySignal: readonly Outcome[] = ['refused', 'timeout', 'unreachable', 'reset'];

export class Refusals {
  readonly #seen = new Set<string>();

  /** Observations of a cell whose server is known to live: a dead one refuses too. */
  add(denials: readonly Denial[], observations: readonly Observation[]): void {
    for (const denial of denials) {
      const isSeen = ({ outcome, saw }: Observation) => outcome === denial.signal && saw !== 'yes';
      if (observations.some(isSeen)) this.#seen.add(keyOf(denial));
    }
  }

  /** Empty when one of the denials is not known. */
  signalsOf(denials: readonly Denial[]): readonly Outcome[] {
    if (denials.some(({ signal }) => signal === undefined)) return [];
    const all = denials.flatMap((denial): readonly Outcome[] => {
      if (denial.signal === undefined || denial.signal === 'any') return anySignal;
      return this.#seen.has(keyOf(denial)) ? [denial.signal, 'timeout'] : [denial.signal];
    });
    return [...new Set(all)];
  }
}

function keyOf({ pod, direction }: Denial): string {
  return `${pod} ${direction}`;
}
