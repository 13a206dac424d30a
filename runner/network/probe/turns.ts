// Who goes first in a cycle. Where an engine rejects, Linux sends a client about one ICMP error a second: the first denied packet of a
// cycle takes it. TCP's leave earlier than UDP's, so without turns a UDP port beside a denied TCP port would never be seen refused.
// Clients cannot agree on who asks whom. They walk along the targets by the clock, each from another place: so all who deny are soon
// seen to refuse somebody. Who is not refused in its turn (a firewall that drops, a peer that is dead) waits until the others had theirs.
import type { OutcomeLetter, PlannedPort } from './wire.ts';

type Target = PlannedPort & { readonly to: string; readonly isControl: boolean };
type Waiting = Pick<Target, 'isControl' | 'protocol'> & { readonly key: string; readonly indices: number[] };

/** Milliseconds for one refusal (net.ipv4.icmp_ratelimit). */
const turnMs = 1_000;
/** Multiples of it, modulo one, lie far from each other, however many they are: the golden ratio. */
const apart = 0.618;
/** Turns over a protocol that control peers get before all others; one that refuses does so in its first, unless there is no ration left. */
const turnsOfControls = 3;

export class Turns {
  readonly #own: string;
  /** Its number among the targets, which are the same for all clients. */
  #place = 0;
  /** Of the last cycle, what got no answer: by target and protocol, in the order of the plan. */
  #waiting: readonly Waiting[] = [];
  /** Keys of those that had their turn, or were refused without one. */
  readonly #done = new Set<string>();
  /** By protocol: how many turns control peers had; {@link turnsOfControls} once one of them has refused. */
  readonly #proofs = new Map<string, number>();
  /** By protocol: the turn in which somebody was first, or refused, over it; counted by {@link Turns.#count}. */
  readonly #last = new Map<string, number>();
  #turn = -1;
  #count = 0;
  #head: string | undefined;

  /** `own`: the client's id, as it is called where it is a target. */
  constructor(own: string) {
    this.#own = own;
  }

  /** `letters`: of a cycle, one per probe. */
  note(probes: readonly Target[], letters: readonly OutcomeLetter[]): void {
    const waiting = new Map<string, Waiting>();
    probes.forEach(({ to, protocol, isControl }, index) => {
      const key = `${to} ${protocol}`;
      const letter = letters[index];
      if (isControl && letter !== 't') this.#proofs.set(protocol, letter === 'o' ? 0 : turnsOfControls);
      if (letter === 'o') this.#done.delete(key);
      else if (letter !== 't') {
        this.#done.add(key);
        this.#last.set(protocol, this.#count);
      }
      if (letter !== 't') return;
      const { indices } = waiting.get(key) ?? { indices: [] };
      waiting.set(key, { key, protocol, isControl, indices: [...indices, index] });
    });
    this.#waiting = [...waiting.values()];
    this.#place = Math.max(0, [...new Set(probes.map(({ to }) => to))].indexOf(this.#own));
  }

  /**
   * Index of the probe to be sent before all others, undefined where none waits. The protocol that waits longest, and of those over
   * which a control peer waits, with that peer: what it shows is the client's own isolation. `now`: milliseconds since 1970.
   */
  first(now: number): number | undefined {
    const turn = Math.floor(now / turnMs);
    const isOver = turn !== this.#turn;
    if (isOver) {
      if (this.#head !== undefined) this.#done.add(this.#head);
      this.#turn = turn;
      this.#count += 1;
    }
    const stays = isOver ? undefined : this.#waiting.find(({ key }) => key === this.#head);
    const head = stays ?? this.#next(turn);
    this.#head = head?.key;
    return head && at(head.indices, this.#count);
  }

  #next(turn: number): Waiting | undefined {
    const all = Object.entries(Object.groupBy(this.#waiting, ({ protocol }) => protocol)).toSorted();
    const unproven = all.flatMap(([protocol, own]): typeof all => {
      const controls = own.filter(({ isControl }) => isControl);
      const isDone = (this.#proofs.get(protocol) ?? 0) >= turnsOfControls;
      return isDone || controls.length === 0 ? [] : [[protocol, controls]];
    });
    const open = unproven.length > 0 ? unproven : all;
    const lastOf = ([protocol]: (typeof all)[number]) => this.#last.get(protocol) ?? -1;
    const oldest = Math.min(...open.map(lastOf));
    const longest = open.filter((one) => lastOf(one) === oldest);
    const [protocol = '', some = []] = at(longest, turn) ?? [];
    this.#last.set(protocol, this.#count);
    if (unproven.length > 0) this.#proofs.set(protocol, (this.#proofs.get(protocol) ?? 0) + 1);
    const begin = Math.floor(turn / all.length) + Math.floor(((this.#place * apart) % 1) * some.length);
    const walk = some.flatMap((_, index) => at(some, begin + index) ?? []);
    const next = walk.find(({ key }) => !this.#done.has(key));
    if (next === undefined) for (const { key } of walk) this.#done.delete(key);
    return next ?? walk[0];
  }
}

function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items[index % items.length];
}
