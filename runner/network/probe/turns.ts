// Who goes first in a cycle. Where an engine rejects, Linux sends a client about one ICMP error a second: the first denied packet of a
// cycle takes it. TCP's leave earlier than UDP's, so without turns a UDP port beside a denied TCP port would never be seen refused.
import type { OutcomeLetter, PlannedPort } from './wire.ts';

type Target = PlannedPort & { readonly to: string; readonly isControl: boolean };

export class Turns {
  /** The cycle in which a target was last refused over a protocol. */
  readonly #refused = new Map<string, number>();
  /** Probes of the last cycle that got no answer, by target and protocol. */
  #waiting = new Map<string, { readonly isControl: boolean; readonly indices: number[] }>();

  /** `letters`: of the cycle `seq`, one per probe. */
  note(probes: readonly Target[], letters: readonly OutcomeLetter[], seq: number): void {
    this.#waiting = new Map();
    probes.forEach((probe, index) => {
      const key = keyOf(probe);
      if (letters[index] === 'r') this.#refused.set(key, seq);
      if (letters[index] !== 't') return;
      const { isControl } = probe;
      const known = this.#waiting.get(key);
      this.#waiting.set(key, { isControl, indices: [...(known?.indices ?? []), index] });
    });
  }

  /**
   * Index of the probe to be sent before all others: of the target that waits longest to be refused, control peers before others;
   * undefined where none waits.
   */
  first(chance: () => number = Math.random): number | undefined {
    const lastOf = (key: string) => this.#refused.get(key) ?? -1;
    const longest = Math.min(...[...this.#waiting.keys()].map(lastOf));
    const equals = [...this.#waiting].filter(([key]) => lastOf(key) === longest).map(([, one]) => one);
    const controls = equals.filter(({ isControl }) => isControl);
    const { indices } = oneOf(controls.length > 0 ? controls : equals, chance) ?? { indices: [] };
    return oneOf(indices, chance);
  }
}

function oneOf<Item>(items: readonly Item[], chance: () => number): Item | undefined {
  return items[Math.floor(chance() * items.length)];
}

function keyOf({ to, protocol }: Target): string {
  return `${to} ${protocol}`;
}
