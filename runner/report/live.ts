// The report on disk while the run goes on. Guarantee: whatever dies, the file at `path` is a whole report that was true
// at the moment it was written. It is never opened for writing: a new one is written beside it and renamed over it.
import { CharterError } from '../errors/index.ts';
import type { RunState } from '../journal/index.ts';
import { JunitRenderer, smallRun } from './junit.ts';
import { type Depth, replaceFile } from './replace-file.ts';

export interface LiveClock {
  readonly now: () => number;
  /** Calls back once; returns what takes the call back. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

const systemClock: LiveClock = {
  now: () => performance.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    // The run's own work decides how long the process lives; `finish` writes what is left.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface LiveReportOptions {
  readonly clock?: LiveClock;
}

const interval = 500;

export class LiveReport {
  readonly path: string;
  readonly #clock: LiveClock;
  readonly #renderer = new JunitRenderer();
  #problem: CharterError | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(path: string, { clock = systemClock }: LiveReportOptions = {}) {
    this.path = path;
    this.#clock = clock;
  }

  /** Why the file on disk is older than the run; the run ends with exit code 5 when `finish` leaves it set. */
  get problem(): CharterError | undefined {
    return this.#problem;
  }

  /** Call after every change. Up to 1,000 cases each call replaces the file, beyond that at most one in 500 ms does. */
  update(state: RunState): void {
    const wait = this.#notBefore - this.#clock.now();
    if (wait <= 0) {
      this.#replace(state, 'page cache');
    } else {
      this.#cancel ??= this.#clock.after(wait, () => this.#replace(state, 'page cache'));
    }
  }

  /** The last write, down to the disk. Tries again whatever failed before, so a disk that was full for a moment costs nothing. */
  finish(state: RunState): CharterError | undefined {
    this.#replace(state, 'disk');
    return this.#problem;
  }

  #replace(state: RunState, depth: Depth): void {
    this.#cancel?.();
    this.#cancel = undefined;
    try {
      replaceFile(this.path, this.#renderer.render(state), depth);
      this.#problem = undefined;
    } catch (error) {
      if (!(error instanceof CharterError)) throw error;
      this.#problem = error;
    }
    this.#notBefore = this.#clock.now() + (state.cases.size <= smallRun ? 0 : interval);
  }
}
