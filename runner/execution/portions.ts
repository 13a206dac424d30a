// A run of very many cases goes portion by portion: a worker holds some files with all that they declare, the next one those after them.
// Plan and report know nothing of it. Every other run is one portion.
import type { NextRound } from './next.ts';
import type { CollectedCase, Portion } from './protocol.ts';

/** A worker needs some 5 KiB for each. */
export const casesOfPortion = 5_000;

const whole = Number.MAX_SAFE_INTEGER;

interface Known {
  readonly files: readonly string[];
  readonly keys: ReadonlySet<string>;
}

export class Portions {
  readonly #size: number;
  readonly #known: Known[] = [];

  constructor(size = casesOfPortion) {
    this.#size = size;
  }

  get count(): number {
    return this.#known.length;
  }

  /** Files of which nothing is known yet, for the next worker. */
  rest(files: readonly string[]): Portion {
    const known = new Set(this.#known.flatMap((one) => one.files));
    return this.#portion(
      files.filter((file) => !known.has(file)),
      this.#known,
    );
  }

  /** What a worker has told of its files, but for those it left. */
  add({ files }: Portion, cases: readonly CollectedCase[], left: readonly string[]): void {
    const leftOut = new Set(left);
    const keys = new Set(cases.map(({ key }) => key));
    this.#known.push({ files: files.filter((file) => !leftOut.has(file)), keys });
  }

  /** The first portion of which something is due, and of that what is. */
  first(next: NextRound): NextRound & { readonly of: Portion } {
    const due = Object.entries(next.attempts);
    const found = this.#known.findIndex(({ keys }) => due.some(([key]) => keys.has(key)));
    const one = this.#known[found];
    if (one === undefined) return { ...next, of: this.#portion([], []) };
    const attempts = Object.fromEntries(due.filter(([key]) => one.keys.has(key)));
    // What it may hold is known by now: a file that declares more than it did stays in its portion.
    return {
      ...next,
      attempts,
      of: { ...this.#portion(one.files, this.#known.slice(0, found)), portion: whole },
    };
  }

  #portion(files: readonly string[], before: readonly Known[]): Portion {
    return { files, portion: this.#size, taken: before.flatMap(({ keys }) => [...keys]) };
  }
}
