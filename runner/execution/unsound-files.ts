// An unsound campaign file is a case of its own, so that what it hides is not missed in silence.
import { relative } from 'node:path';
import type { Failure, PlannedCase } from '../journal/index.ts';

export class UnsoundFiles {
  readonly #folder: string;
  readonly #record: (planned: PlannedCase, failure: Failure) => void;
  readonly #known = new Set<string>();
  readonly #held = new Map<string, Failure[]>();
  /** Met before the plan is known: told after it, because a plan of one file is not the plan. */
  #early: (() => void)[] | undefined = [];

  constructor(folder: string, record: (planned: PlannedCase, failure: Failure) => void) {
    this.#folder = folder;
    this.#record = record;
  }

  /** Path of the file as the plan has it. */
  nameOf(path: string): string {
    return relative(this.#folder, path);
  }

  /** One of several things that a round may see of a file. */
  hold(path: string, failure: Failure): void {
    this.#held.set(path, [...(this.#held.get(path) ?? []), failure]);
  }

  /** The round has ended. */
  tellHeld(): void {
    for (const [path, [first, ...others]] of this.#held) {
      if (first === undefined) continue;
      const message = [...new Set([first, ...others].map((one) => one.message))].join('; ');
      this.tell(path, { ...first, message });
    }
    this.#held.clear();
  }

  tell(path: string, failure: Failure): void {
    if (this.#known.has(path)) return;
    this.#known.add(path);
    const file = this.nameOf(path);
    const key = `file/${file}`;
    const title = `${file} is sound`;
    const planned = { key, campaign: 'file', id: file, title, file, tags: [], targets: [] };
    const tell = () => this.#record(planned, failure);
    if (this.#early === undefined) tell();
    else this.#early.push(tell);
  }

  planKnown(): void {
    for (const tell of this.#early ?? []) tell();
    this.#early = undefined;
  }
}
