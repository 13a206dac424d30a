// A run of very many cases goes portion by portion: a worker holds some files with all that they declare, the next one those after them.
// Plan and report know nothing of it. Every other run is one portion.
import { type CollectedCase, nthKey, type Portion } from './protocol.ts';

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
    const taken = this.#known.flatMap(({ keys }) => [...keys]);
    return { files: files.filter((file) => !known.has(file)), portion: this.#size, taken };
  }

  /** What a worker has told of its files, but for those it left. */
  add({ files }: Portion, cases: readonly CollectedCase[], left: readonly string[]): void {
    const leftOut = new Set(left);
    const keys = new Set(cases.map(({ key }) => key));
    this.#known.push({ files: files.filter((file) => !leftOut.has(file)), keys });
  }

  /** The keys of its portion. */
  beside(key: string): ReadonlySet<string> {
    return this.#known.find(({ keys }) => keys.has(key))?.keys ?? new Set([key]);
  }

  /** The portion of this key, as it is known by now: a file that declares more than it did stays in it. */
  of(key: string | undefined): Portion {
    const found = this.#known.findIndex(({ keys }) => key !== undefined && keys.has(key));
    const { files, keys } = this.#known[found] ?? { files: [], keys: new Set<string>() };
    return { files, portion: whole, taken: takenFrom(this.#known.slice(0, Math.max(0, found)), keys) };
  }
}

const numbered = /^(.*)#\d+$/s;

/** Of the keys before, those that gave one of these its number: all of them would be megabytes for each worker. */
function takenFrom(before: readonly Known[], keys: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const key of keys) {
    const base = numbered.exec(key)?.[1];
    if (base === undefined) continue;
    for (let n = 1; nthKey(base, n) !== key; n++) {
      const candidate = nthKey(base, n);
      if (before.some((one) => one.keys.has(candidate))) found.add(candidate);
      else if (!keys.has(candidate)) break;
    }
  }
  return [...found];
}
