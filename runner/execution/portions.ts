// A run of very many cases goes portion by portion: a worker holds some files with all that they declare, the next one those after them.
// Plan and report know nothing of it. Every other run is one portion.
import { type Collected, nthKey, type Portion } from './protocol.ts';

/** A worker needs some 5 KiB for each. */
export const casesOfPortion = 5_000;

const anyNumber = Number.MAX_SAFE_INTEGER;

interface Known {
  readonly files: readonly string[];
  /** Name of its file for each key. */
  readonly fileOf: ReadonlyMap<string, string>;
}

export class Portions {
  readonly #most: number;
  readonly #known: Known[] = [];

  constructor(most = casesOfPortion) {
    this.#most = most;
  }

  get count(): number {
    return this.#known.length;
  }

  /** Those of which nothing is known yet. */
  filesLeft(files: readonly string[]): string[] {
    const known = new Set(this.#known.flatMap((one) => one.files));
    return files.filter((file) => !known.has(file));
  }

  /** For the next worker, which may hold them all or leave some. */
  rest(files: readonly string[]): Portion {
    const taken = this.#known.flatMap(({ fileOf }) => [...fileOf.keys()]);
    return { files: this.filesLeft(files), most: this.#most, taken };
  }

  /** What a worker has told of its files. */
  add({ files }: Portion, { cases, left }: Collected): void {
    const leftOut = new Set(left);
    const fileOf = new Map(cases.map(({ key, file }) => [key, file]));
    this.#known.push({ files: files.filter((file) => !leftOut.has(file)), fileOf });
  }

  /** The keys of its portion. */
  beside(key: string): Pick<ReadonlySet<string>, 'has'> {
    return this.#known.find(({ fileOf }) => fileOf.has(key))?.fileOf ?? new Set([key]);
  }

  fileOf(key: string): string | undefined {
    return this.#known.find(({ fileOf }) => fileOf.has(key))?.fileOf.get(key);
  }

  /** All that these files declared, by their names. */
  keysIn(names: ReadonlySet<string>): string[] {
    return this.#known.flatMap(({ fileOf }) =>
      [...fileOf].flatMap(([key, file]) => (names.has(file) ? [key] : [])),
    );
  }

  /** The portion of this key, as it is known by now: a file that declares more than it did stays in it. */
  of(key: string | undefined): Portion {
    const found = this.#known.findIndex(({ fileOf }) => key !== undefined && fileOf.has(key));
    const one = this.#known[found];
    if (one === undefined) return { files: [], most: anyNumber, taken: [] };
    return { files: one.files, most: anyNumber, taken: takenFrom(this.#known.slice(0, found), one) };
  }
}

const numbered = /^(.*)#\d+$/s;

/** Of the keys before, those that gave one of these its number: all of them would be megabytes for each worker. */
function takenFrom(before: readonly Known[], { fileOf }: Known): string[] {
  const found = new Set<string>();
  for (const base of new Set([...fileOf.keys()].map((key) => numbered.exec(key)?.[1]))) {
    if (base === undefined) continue;
    for (let n = 1; ; n++) {
      const candidate = nthKey(base, n);
      if (before.some((one) => one.fileOf.has(candidate))) found.add(candidate);
      else if (!fileOf.has(candidate)) break;
    }
  }
  return [...found];
}
