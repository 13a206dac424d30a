// Which nonces the servers of this Pod saw, gathered into few short lines: a bit for each probe of a client's cycle.
import type { Question } from './wire.ts';

export class Sightings {
  readonly #bits = new Map<string, bigint>();

  add({ client, boot, seq, index }: Question): void {
    const key = `${client} ${boot} ${seq}`;
    this.#bits.set(key, (this.#bits.get(key) ?? 0n) | (1n << BigInt(index)));
  }

  get isEmpty(): boolean {
    return this.#bits.size === 0;
  }

  /** All since the last call. */
  take(): Readonly<Record<string, string>> {
    const taken = Object.fromEntries([...this.#bits].map(([key, bits]) => [key, bits.toString(16)]));
    this.#bits.clear();
    return taken;
  }
}

/** Reads what {@link Sightings.take} gave. */
export function sightedIndices(hex: string): number[] {
  const indices: number[] = [];
  [...hex].reverse().forEach((digit, at) => {
    const value = Number.parseInt(digit, 16);
    for (let bit = 0; bit < 4; bit++) if ((value >> bit) & 1) indices.push(at * 4 + bit);
  });
  return indices;
}
