// The report on disk while the run goes on. Guarantee: whatever dies, the file at `path` is a whole report that was true
// at the moment it was written. It is never opened for writing: a new one is written beside it and renamed over it.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CharterError } from '../errors/index.ts';
import type { RunState } from '../journal/index.ts';
import { JunitRenderer, smallRun } from './junit.ts';

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
  #writtenAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(path: string, { clock = systemClock }: LiveReportOptions = {}) {
    this.path = path;
    this.#clock = clock;
  }

  /** Why the file on disk is older than the run; the run ends with exit code 5 when `finish` leaves it set. */
  get problem(): CharterError | undefined {
    return this.#problem;
  }

  /** Call after every event. Up to 1,000 cases each call replaces the file, beyond that at most one in 500 ms does. */
  update(state: RunState): void {
    const wait = state.cases.size <= smallRun ? 0 : this.#writtenAt + interval - this.#clock.now();
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

  #replace(state: RunState, depth: 'page cache' | 'disk'): void {
    this.#cancel?.();
    this.#cancel = undefined;
    try {
      replaceFile(this.path, this.#renderer.render(state), depth);
      this.#problem = undefined;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#problem = new CharterError(
        'CHR_REPORT_UNWRITABLE',
        `The report ${this.path} could not be written: ${why}`,
        {
          cause,
        },
      );
    }
    this.#writtenAt = this.#clock.now();
  }
}

/** UTF-16 units per write: a write per case would cost more than rendering it. */
const batch = 262_144;

/** Leaves either the old file or the new one, both whole, and nothing else. */
export function replaceFile(path: string, pieces: Iterable<string>, depth: 'page cache' | 'disk'): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.${basename(path)}.tmp`);
  try {
    const fd = openSync(draft, 'w', 0o644);
    try {
      let held = '';
      for (const piece of pieces) {
        held += piece;
        if (held.length < batch) continue;
        writeAll(fd, held);
        held = '';
      }
      writeAll(fd, held);
      if (depth === 'disk') fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (depth === 'disk') syncFolder(folder);
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
}

/** Makes the rename itself durable. Some file systems refuse to sync a folder, and then there is nothing more to do. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The file is whole either way.
  }
}
