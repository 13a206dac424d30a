// The supervisor: rounds until nothing is left to run, whatever dies in them. It is the only writer of the run.
import type { Retry } from '../campaign/index.ts';
import { wordsOf } from '../errors/index.ts';
import type { Failure } from '../journal/index.ts';
import { type NextRound, nextRound } from './next.ts';
import { Portions } from './portions.ts';
import {
  assignmentOf,
  type Collected,
  type CollectedCase,
  type Portion,
  planLine,
  type WorkerMessage,
} from './protocol.ts';
import { type Round, type RoundEnd, type RoundPlan, startRound } from './round.ts';
import { isolatedIn, select, unmatched } from './select.ts';
import type { SuperviseEnd, SuperviseOptions, Supervision } from './supervision.ts';
import { UnsoundFiles } from './unsound-files.ts';
import type { WarmWorker } from './warm-worker.ts';

/** Rounds that end without telling anything new, before the rest is given up. */
const maxFruitless = 3;

export function supervise(options: SuperviseOptions): Supervision {
  const run = new SupervisedRun(options);
  return { end: run.run(), interrupt: (reason) => run.interrupt(reason), kill: () => run.kill() };
}

class SupervisedRun {
  readonly #options: SuperviseOptions;
  readonly #suspects = new Set<string>();
  readonly #unrunnable = new Set<string>();
  readonly #badFiles = new Set<string>();
  readonly #suspectFiles = new Set<string>();
  readonly #unsound: UnsoundFiles;
  /** Files outside whose cases a worker has died. */
  readonly #deadly = new Set<string>();
  readonly #rules = new Map<string, Retry>();
  /** Cases that wait for the other shards; unrunnable until these have ended. */
  readonly #isolated = new Set<string>();
  readonly #interruption = new AbortController();
  #round: Round | undefined;
  readonly #portions = new Portions();
  /** Of the portions that are known, until the last one is. */
  #collected: readonly CollectedCase[] = [];
  #unmatched: readonly string[] = [];
  #planned = false;
  #worker: WarmWorker | undefined;

  constructor(options: SuperviseOptions) {
    this.#options = options;
    this.#worker = options.worker;
    this.#unsound = new UnsoundFiles(options.folder, (planned, failure) => {
      this.#unrunnable.add(planned.key);
      options.recorder.record({ event: 'planned', cases: [planned] });
      this.#endCase(planned.key, 1, failure);
    });
  }

  async run(): Promise<SuperviseEnd> {
    const deadline = setTimeout(() => this.interrupt('deadline'), this.#options.config.data.budgets.runMs);
    const { hold } = this.#options;
    hold?.follow((until) => this.#round?.allow(until));
    const onLost = () => this.interrupt(String(hold?.lost.reason));
    hold?.lost.addEventListener('abort', onLost);
    if (hold?.lost.aborted === true) onLost();
    try {
      await this.#rounds();
    } finally {
      clearTimeout(deadline);
      hold?.lost.removeEventListener('abort', onLost);
    }
    if (!this.#planned && this.#interrupted === undefined) {
      this.#planned = true;
      this.#unsound.planKnown();
    }
    return {
      unmatched: this.#unmatched,
      ...(this.#interrupted === undefined ? {} : { interrupted: this.#interrupted }),
    };
  }

  interrupt(reason: string): void {
    if (this.#interrupted !== undefined) return;
    this.#interruption.abort(reason);
    this.#round?.stop();
    setTimeout(() => this.#round?.kill(), this.#options.config.data.budgets.graceMs).unref();
  }

  kill(): void {
    this.#interruption.abort('interrupted');
    this.#round?.kill();
  }

  get #interrupted(): string | undefined {
    const { aborted, reason } = this.#interruption.signal;
    return aborted ? String(reason) : undefined;
  }

  async #rounds(): Promise<void> {
    let fruitless = 0;
    const collecting: NextRound = { attempts: {}, mode: 'together' };
    let next: NextRound | undefined = collecting;
    while (next !== undefined && this.#interrupted === undefined) {
      const before = this.#progress();
      const end = await this.#runRound(next);
      if (end.how === 'died' && this.#interrupted === undefined) this.#blame(end);
      this.#unsound.tellHeld();
      fruitless = this.#progress() === before ? fruitless + 1 : 0;
      if (fruitless >= maxFruitless) {
        this.#giveUp(end, next);
        fruitless = 0;
      }
      const isLeft = !this.#planned && this.#filesLeft().length > 0;
      // Where no worker told the plan of the last files, it is what the others told.
      if (!this.#planned && !isLeft && this.#portions.count > 0) this.#plan();
      if (isLeft) next = collecting;
      else next = this.#planned ? (this.#next() ?? (await this.#nextIsolated())) : undefined;
    }
  }

  #next(): NextRound | undefined {
    const { config, recorder } = this.#options;
    const retry = config.data.execution.retry;
    return nextRound({
      state: recorder.state,
      suspects: this.#suspects,
      rules: this.#rules,
      retry,
      unrunnable: this.#unrunnable,
      beside: (key) => this.#portions.beside(key),
    });
  }

  /** Isolated cases come last, when the other shards have ended; where nobody knows that, they are errors. */
  async #nextIsolated(): Promise<NextRound | undefined> {
    const isolated = [...this.#isolated];
    if (isolated.length === 0 || this.#interrupted !== undefined) return undefined;
    this.#isolated.clear();
    const missing = await this.#options.missingOthers?.(this.#interruption.signal).catch(wordsOf);
    if (missing === undefined) {
      for (const key of isolated) this.#unrunnable.delete(key);
      return this.#next();
    }
    const message = `it did not run, because it may not run beside another shard. ${missing}`;
    for (const key of isolated) this.#endCase(key, 1, { kind: 'not-isolated', message });
    return undefined;
  }

  /** Changes whenever a round brought anything: a plan, an ended attempt, a suspected or excluded file, a narrowed suspicion. */
  #progress(): string {
    const { cases } = this.#options.recorder.state;
    let ended = 0;
    for (const item of cases.values())
      for (const attempt of item.attempts) if (attempt.outcome !== undefined) ended++;
    const files = [this.#suspectFiles, this.#badFiles, this.#deadly].map(({ size }) => size);
    return [cases.size, ended, ...files, this.#suspects.size, this.#portions.count, this.#planned].join(' ');
  }

  #isRunnable(file: string): boolean {
    return !this.#badFiles.has(file);
  }

  /** Those whose plan is not known. */
  #filesLeft(): string[] {
    return this.#portions.filesLeft(this.#options.files.filter((file) => this.#isRunnable(file)));
  }

  #namesOfBadFiles(): ReadonlySet<string> {
    return new Set([...this.#badFiles].map((path) => this.#unsound.nameOf(path)));
  }

  async #runRound(next: NextRound): Promise<RoundEnd> {
    const { config, runId, folder } = this.#options;
    const portion = this.#planned
      ? this.#portions.of(Object.keys(next.attempts)[0])
      : this.#portions.rest(this.#filesLeft());
    const files = portion.files.filter((file) => this.#isRunnable(file));
    const plan: RoundPlan = {
      assignment: assignmentOf(config, {
        ...{ runId, folder, ...portion, files },
        // Whoever has the same key in a file that is still imported keeps its number.
        taken: [...portion.taken, ...this.#portions.keysIn(this.#namesOfBadFiles())],
        concurrency: next.mode === 'alone' ? 1 : config.data.execution.concurrency,
      }),
      graceMs: config.data.budgets.graceMs,
      allowedUntil: () => this.#options.hold?.until(),
      choose: (collected) => {
        if (this.#interrupted !== undefined) return {};
        if (!this.#planned) return this.#collect(portion, collected);
        // One that cannot be imported any more has left its keys to others: the next round knows it.
        return files.every((file) => this.#isRunnable(file)) ? this.#attemptsOf(collected.cases, next) : {};
      },
      onMessage: (message) => this.#take(message),
      onOutput: this.#options.onOutput,
    };
    this.#round = startRound(plan, this.#worker);
    this.#worker = undefined;
    if (this.#interrupted !== undefined) this.#round.kill();
    const end = await this.#round.end;
    this.#round = undefined;
    return end;
  }

  #collect(portion: Portion, collected: Collected): Readonly<Record<string, number>> {
    this.#portions.add(portion, collected);
    this.#collected = this.#collected.concat(collected.cases);
    if (collected.left.length > 0) return {};
    this.#plan();
    return this.#portions.count === 1 ? (this.#next()?.attempts ?? {}) : {};
  }

  #plan(): void {
    const { selection, recorder } = this.#options;
    const collected = this.#collected;
    this.#collected = [];
    this.#planned = true;
    this.#unmatched = unmatched(collected, selection);
    const cases = select(collected, selection);
    for (const { key, retry } of cases) if (retry !== 'as configured') this.#rules.set(key, retry);
    if (selection.shard !== undefined) this.#holdBack(isolatedIn(collected), cases);
    recorder.record({ event: 'planned', cases: cases.map(planLine) });
    this.#unsound.planKnown();
  }

  /** A case of another file than the plan's is another case. */
  #attemptsOf(collected: readonly CollectedCase[], next: NextRound): Readonly<Record<string, number>> {
    const fileOf = new Map(collected.map(({ key, file }) => [key, file]));
    const attempts = { ...next.attempts };
    const bad = this.#namesOfBadFiles();
    for (const [key, attempt] of Object.entries(next.attempts)) {
      const file = this.#portions.fileOf(key);
      if (file !== undefined && fileOf.get(key) === file) continue;
      delete attempts[key];
      this.#endCase(
        key,
        attempt,
        bad.has(file ?? '')
          ? { kind: 'import', message: 'its file could not be imported again' }
          : { kind: 'crash', message: 'the case is no longer declared when its file is imported again' },
      );
    }
    return attempts;
  }

  #holdBack(isolated: ReadonlySet<string>, cases: readonly CollectedCase[]): void {
    for (const { key } of cases) {
      if (!isolated.has(key)) continue;
      this.#isolated.add(key);
      this.#unrunnable.add(key);
    }
  }

  #take(message: WorkerMessage): void {
    const { recorder, onSecret, onOutput } = this.#options;
    if (message.type === 'secret') onSecret(message.text);
    else if (message.type === 'output') onOutput(message.text, message.from);
    else if (message.type === 'property') {
      recorder.record({ event: 'property', name: message.name, value: message.value });
    } else if (message.type === 'file-failed') {
      if (message.failure.kind === 'import') {
        this.#badFiles.add(message.file);
        this.#unsound.tell(message.file, message.failure);
      } else this.#unsound.hold(message.file, message.failure);
    } else if (message.type === 'case-started') {
      recorder.record({ event: 'case-started', key: message.key, attempt: message.attempt });
    } else if (message.type === 'case-ended') {
      const { type: _type, warnings, ...ended } = message;
      this.#suspects.delete(ended.key);
      recorder.record({ event: 'case-ended', ...ended, ...(warnings.length > 0 ? { warnings } : {}) });
    }
  }

  /** Says which case or file brought the worker down; several side by side are suspects, to be run again one by one. */
  #blame(end: RoundEnd): void {
    const failure: Failure = { kind: end.kind, message: end.detail };
    if (end.importing !== undefined) {
      // Somebody may have killed the worker; a second death in the same import is the file's. What hangs would hang as long again.
      if (end.kind === 'crash' && !this.#suspectFiles.has(end.importing)) {
        this.#suspectFiles.add(end.importing);
        return;
      }
      this.#badFiles.add(end.importing);
      const message = `while the file was imported: ${end.detail}`;
      this.#unsound.tell(end.importing, { ...failure, message });
      return;
    }
    if (end.file !== undefined && end.running.length === 0) {
      this.#blameHooks(end.file, failure);
      return;
    }
    const [only, ...others] = end.running;
    if (only !== undefined && others.length === 0) this.#endCase(only, this.#openAttempt(only), failure);
    else for (const key of end.running) this.#suspects.add(key);
  }

  /** Its other cases get one more round. Where that dies of its hooks too, none of them runs again: they would keep all others from it. */
  #blameHooks(path: string, failure: Failure): void {
    this.#unsound.hold(path, { ...failure, message: `outside its cases: ${failure.message}` });
    if (this.#deadly.has(path)) {
      const message = `its file brought the worker down twice outside its cases: ${failure.message}`;
      for (const { planned, progress } of this.#options.recorder.state.cases.values()) {
        const { key, file } = planned;
        if (file !== this.#unsound.nameOf(path)) continue;
        if (progress !== 'ended') this.#endCase(key, this.#openAttempt(key), { ...failure, message });
        this.#unrunnable.add(key);
      }
    }
    this.#deadly.add(path);
  }

  #openAttempt(key: string): number {
    const attempts = this.#options.recorder.state.cases.get(key)?.attempts ?? [];
    return attempts.find((attempt) => attempt.outcome === undefined)?.attempt ?? attempts.length + 1;
  }

  /** What one worker holds: the others may do better. */
  #giveUp(end: RoundEnd, next: NextRound): void {
    const failure: Failure = {
      kind: end.kind,
      message: `${end.detail}; given up after ${maxFruitless} rounds that told nothing new`,
    };
    for (const key of Object.keys(next.attempts)) {
      const isOpen = this.#options.recorder.state.cases.get(key)?.progress !== 'ended';
      if (isOpen) this.#endCase(key, this.#openAttempt(key), failure);
      this.#unrunnable.add(key);
    }
    if (this.#planned) return;
    for (const file of this.#filesLeft()) {
      this.#badFiles.add(file);
      this.#unsound.tell(file, failure);
    }
  }

  #endCase(key: string, attempt: number, failure: Failure): void {
    this.#suspects.delete(key);
    this.#options.recorder.record({
      event: 'case-ended',
      key,
      attempt,
      durationMs: 0,
      outcome: { verdict: 'error', failure },
    });
  }
}
