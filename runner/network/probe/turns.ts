// Who goes first in a cycle. Where an engine rejects, Linux sends a client about one ICMP error a second: the first denied packet of a
// cycle takes it. TCP's leave earlier than UDP's, so without turns a UDP port beside a denied TCP port would never be seen refused.
// Clients cannot agree on who asks whom. They walk along the targets by the clock, each from another place: so all who deny are soon
// seen to refuse somebody.
import type { OutcomeLetter, PlannedPort } from './wire.ts';

type Target = PlannedPort & { readonly to: string; readonly isControl: boolean };
type Waiting = Pick<Target, 'isControl' | 'protocol'> & { readonly key: string; readonly indices: number[] };

/** Milliseconds for one refusal (net.ipv4.icmp_ratelimit). */
const turnMs = 1_000;
/** Multiples of it, modulo one, lie far from each other, however many they are: the golden ratio. */
const apart = 0.618;

export class Turns {
  /** Refused since there was last nobody who waited: targets over a protocol, and protocols alone, by anybody and by control peers. */
  #refused = new Set<string>();
  /** Of the last cycle, what got no answer: by target and protocol, in the order of the plan. */
  #waiting: readonly Waiting[] = [];
  readonly #own: string;
  /** Its number among the targets, which are the same for all clients. */
  #place = 0;

  /** `own`: the client's id, as it is called where it is a target. */
  constructor(own: string) {
    this.#own = own;
  }

  /** `letters`: of a cycle, one per probe. */
  note(probes: readonly Target[], letters: readonly OutcomeLetter[]): void {
    const waiting = new Map<string, Waiting>();
    probes.forEach(({ to, protocol, isControl }, index) => {
      const key = `${to} ${protocol}`;
      if (letters[index] === 'r')
        this.#refused.add(key).add(proofOf(protocol, false)).add(proofOf(protocol, isControl));
      if (letters[index] !== 't') return;
      const { indices } = waiting.get(key) ?? { indices: [] };
      waiting.set(key, { key, protocol, isControl, indices: [...indices, index] });
    });
    this.#waiting = [...waiting.values()];
    this.#place = Math.max(0, [...new Set(probes.map(({ to }) => to))].indexOf(this.#own));
    if (this.#waiting.length === 0) this.#refused = new Set();
  }

  /**
   * Index of the probe to be sent before all others, undefined where none waits. Over each protocol the first is a control peer's, if
   * one waits: what it shows is the client's own isolation. Then those that have not been refused, then all of them once more.
   * `now`: milliseconds since 1970.
   */
  first(now: number): number | undefined {
    const turn = Math.floor(now / turnMs);
    const byProtocol = Object.entries(Object.groupBy(this.#waiting, ({ protocol }) => protocol)).toSorted();
    const candidates = byProtocol.map(([protocol, own]) => {
      const controls = own.filter(({ isControl }) => isControl);
      const isProven = this.#refused.has(proofOf(protocol, controls.length > 0));
      return { isProven, all: isProven || controls.length === 0 ? own : controls };
    });
    const fresh = candidates.filter(({ isProven }) => !isProven);
    const { all = [] } = at(fresh.length > 0 ? fresh : candidates, turn) ?? {};
    const step = Math.floor(turn / byProtocol.length);
    const begin = step + Math.floor(((this.#place * apart) % 1) * all.length);
    const walk = all.map((_, index) => at(all, begin + index));
    const next = walk.find((one) => one !== undefined && !this.#refused.has(one.key)) ?? walk[0];
    return next && at(next.indices, step);
  }
}

/** That the client is isolated over a protocol; a control peer, which no policy selects, refuses nothing itself. */
function proofOf(protocol: string, isControl: boolean): string {
  return `${protocol} by ${isControl ? 'a control peer' : 'anybody'}`;
}

function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items[index % items.length];
}
