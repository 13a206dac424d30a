// Who brought a worker down, and what becomes of it: cases end as errors, files are told as unsound, some run no more.
import type { Failure } from '../journal/index.ts';
import type { NextRound } from './next.ts';
import type { Portions } from './portions.ts';
import type { Recorder } from './record.ts';
import type { RoundEnd } from './round.ts';
import type { UnsoundFiles } from './unsound-files.ts';

/** Rounds that end without telling anything new, before what they held is given up. */
export const maxFruitless = 3;

export class Culprits {
  readonly #recorder: Recorder;
  readonly #portions: Portions;
  readonly #unsound: UnsoundFiles;
  readonly #suspectFiles = new Set<string>();
  /** Files outside whose cases a worker has died. */
  readonly #deadly = new Set<string>();
  /** Cases that ran side by side when a worker died. */
  readonly suspects = new Set<string>();
  /** Cases that no round runs, for good or for now. */
  readonly unrunnable = new Set<string>();

  constructor(recorder: Recorder, portions: Portions, unsound: UnsoundFiles) {
    this.#recorder = recorder;
    this.#portions = portions;
    this.#unsound = unsound;
  }

  /** Grows or shrinks with each suspicion. */
  get known(): string {
    return [this.#suspectFiles, this.#deadly, this.suspects].map(({ size }) => size).join(' ');
  }

  /** Says which case or file brought the worker down; several side by side are suspects, to be run again one by one. */
  blame(end: RoundEnd): void {
    const failure: Failure = { kind: end.kind, message: end.detail };
    if (end.importing !== undefined) {
      // Somebody may have killed the worker; a second death in the same import is the file's. What hangs would hang as long again.
      if (end.kind === 'crash' && !this.#suspectFiles.has(end.importing)) {
        this.#suspectFiles.add(end.importing);
        return;
      }
      this.#portions.exclude(end.importing);
      const message = `while the file was imported: ${end.detail}`;
      this.#unsound.tell(end.importing, { ...failure, message });
      return;
    }
    if (end.file !== undefined && end.running.length === 0) {
      this.#blameHooks(end.file, failure);
      return;
    }
    const [only, ...others] = end.running;
    if (only !== undefined && others.length === 0) this.endCase(only, this.#openAttempt(only), failure);
    else for (const key of end.running) this.suspects.add(key);
  }

  /** Its other cases get one more round. Where that dies of its hooks too, none of them runs again: they would keep all others from it. */
  #blameHooks(path: string, failure: Failure): void {
    this.#unsound.hold(path, { ...failure, message: `outside its cases: ${failure.message}` });
    if (this.#deadly.has(path)) {
      const message = `its file brought the worker down twice outside its cases: ${failure.message}`;
      for (const { planned, progress } of this.#recorder.state.cases.values()) {
        const { key, file } = planned;
        if (file !== this.#unsound.nameOf(path)) continue;
        if (progress !== 'ended') this.endCase(key, this.#openAttempt(key), { ...failure, message });
        this.unrunnable.add(key);
      }
    }
    this.#deadly.add(path);
  }

  /** What the worker of a round held: others may do better. */
  giveUp(end: RoundEnd, { attempts }: NextRound, filesLeft: readonly string[]): void {
    const failure: Failure = {
      kind: end.kind,
      message: `${end.detail}; given up after ${maxFruitless} rounds that told nothing new`,
    };
    for (const key of Object.keys(attempts)) {
      const isOpen = this.#recorder.state.cases.get(key)?.progress !== 'ended';
      if (isOpen) this.endCase(key, this.#openAttempt(key), failure);
      this.unrunnable.add(key);
    }
    for (const file of filesLeft) {
      this.#portions.exclude(file);
      this.#unsound.tell(file, failure);
    }
  }

  endCase(key: string, attempt: number, failure: Failure): void {
    this.suspects.delete(key);
    this.#recorder.record({
      event: 'case-ended',
      key,
      attempt,
      durationMs: 0,
      outcome: { verdict: 'error', failure },
    });
  }

  #openAttempt(key: string): number {
    const attempts = this.#recorder.state.cases.get(key)?.attempts ?? [];
    return attempts.find((attempt) => attempt.outcome === undefined)?.attempt ?? attempts.length + 1;
  }
}
