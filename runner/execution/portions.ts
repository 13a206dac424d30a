// A run of very many cases goes portion by portion: a worker holds some files with all that they declare, the next one those after them.
// Plan and report know nothing of it. Every other run is one portion.
import { relative } from 'node:path';
import type { Failure } from '../journal/index.ts';
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
  readonly #files: readonly string[];
  readonly #folder: string;
  readonly #most: number;
  readonly #excluded = new Set<string>();
  readonly #known: Known[] = [];

  /** Campaign files, absolute, and the folder that the plan's names of them are relative to. */
  constructor(files: readonly string[], folder: string, most = casesOfPortion) {
    this.#files = files;
    this.#folder = folder;
    this.#most = most;
  }

  /** Grows with all that is learned of the files. */
  get known(): number {
    return this.#known.length + this.#excluded.size;
  }

  /** Whether a worker told of any of them. */
  get isAnyTold(): boolean {
    return this.#known.length > 0;
  }

  /** No worker imports it any more. */
  exclude(file: string): void {
    this.#excluded.add(file);
  }

  isExcluded(file: string): boolean {
    return this.#excluded.has(file);
  }

  /** Those of which nothing is known yet. */
  left(): string[] {
    const told = new Set(this.#known.flatMap((one) => one.files));
    return this.#importable(this.#files).filter((file) => !told.has(file));
  }

  /** For the next worker, which may hold them all or leave some. */
  rest(): Portion {
    const taken = this.#known.flatMap(({ fileOf }) => [...fileOf.keys()]);
    return { files: this.left(), most: this.#most, taken };
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

  /** The portion of this key, as it is known by now: a file that declares more than it did stays in it. */
  of(key: string | undefined): Portion {
    const found = this.#known.findIndex(({ fileOf }) => key !== undefined && fileOf.has(key));
    const one = this.#known[found];
    if (one === undefined) return { files: [], most: anyNumber, taken: [] };
    const taken = [...takenFrom(this.#known.slice(0, found), one), ...this.#excludedKeys(one)];
    return { files: this.#importable(one.files), most: anyNumber, taken };
  }

  /** Why a case of the plan is not among those that its files declare when they are imported again. A namesake in another file is another case. */
  missing(key: string, again: ReadonlyMap<string, string>): Failure | undefined {
    const file = this.#known.find(({ fileOf }) => fileOf.has(key))?.fileOf.get(key);
    if (file !== undefined && again.get(key) === file) return undefined;
    if (file !== undefined && this.#excludedNames().has(file))
      return { kind: 'import', message: 'its file could not be imported again' };
    return {
      kind: 'crash',
      message: 'the case is no longer declared when its file is imported again',
    };
  }

  #importable(files: readonly string[]): string[] {
    return files.filter((file) => !this.#excluded.has(file));
  }

  #excludedNames(): ReadonlySet<string> {
    return new Set([...this.#excluded].map((file) => relative(this.#folder, file)));
  }

  /** Whoever has the same key in a file that is still imported keeps its number. */
  #excludedKeys({ fileOf }: Known): string[] {
    const names = this.#excludedNames();
    return names.size === 0 ? [] : [...fileOf].flatMap(([key, file]) => (names.has(file) ? [key] : []));
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
