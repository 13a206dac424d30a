// The supervisor: rounds until nothing is left to run, whatever dies in them. It is the only writer of the run.
import type { Retry } from '../campaign/index.ts';
import { wordsOf } from '../errors/index.ts';
import { Culprits, maxFruitless } from './culprits.ts';
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

export function supervise(options: SuperviseOptions): Supervision {
  const run = new SupervisedRun(options);
  return { end: run.run(), interrupt: (reason) => run.interrupt(reason), kill: () => run.kill() };
}

class SupervisedRun {
  readonly #options: SuperviseOptions;
  readonly #portions: Portions;
  readonly #unsound: UnsoundFiles;
  readonly #culprits: Culprits;
  readonly #rules = new Map<string, Retry>();
  /** Cases that wait for the other shards; unrunnable until these have ended. */
  readonly #isolated = new Set<string>();
  readonly #interruption = new AbortController();
  #round: Round | undefined;
  /** Of the portions that are known, until the last one is. */
  #collected: readonly CollectedCase[] = [];
  #unmatched: readonly string[] = [];
  #planned = false;
  #worker: WarmWorker | undefined;

  constructor(options: SuperviseOptions) {
    this.#options = options;
    this.#worker = options.worker;
    const { files, folder, recorder } = options;
    this.#portions = new Portions(files, folder);
    this.#unsound = new UnsoundFiles(folder, (planned, failure) => {
      this.#culprits.unrunnable.add(planned.key);
      recorder.record({ event: 'planned', cases: [planned] });
      this.#culprits.endCase(planned.key, 1, failure);
    });
    this.#culprits = new Culprits(recorder, this.#portions, this.#unsound);
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
      if (end.how === 'died' && this.#interrupted === undefined) this.#culprits.blame(end);
      this.#unsound.tellHeld();
      fruitless = this.#progress() === before ? fruitless + 1 : 0;
      if (fruitless >= maxFruitless) {
        this.#culprits.giveUp(end, next, this.#planned ? [] : this.#portions.left());
        fruitless = 0;
      }
      const isLeft = !this.#planned && this.#portions.left().length > 0;
      // Where no worker told the plan of the last files, it is what the others told.
      if (!this.#planned && !isLeft && this.#portions.isAnyTold) this.#plan();
      if (isLeft) next = collecting;
      else next = this.#planned ? (this.#next() ?? (await this.#nextIsolated())) : undefined;
    }
  }

  #next(): NextRound | undefined {
    const { config, recorder } = this.#options;
    const retry = config.data.execution.retry;
    return nextRound({
      state: recorder.state,
      suspects: this.#culprits.suspects,
      rules: this.#rules,
      retry,
      unrunnable: this.#culprits.unrunnable,
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
      for (const key of isolated) this.#culprits.unrunnable.delete(key);
      return this.#next();
    }
    const message = `it did not run, because it may not run beside another shard. ${missing}`;
    for (const key of isolated) this.#culprits.endCase(key, 1, { kind: 'not-isolated', message });
    return undefined;
  }

  /** Changes whenever a round brought anything: a plan, an ended attempt, a suspected or excluded file, a narrowed suspicion. */
  #progress(): string {
    const { cases } = this.#options.recorder.state;
    let ended = 0;
    for (const item of cases.values())
      for (const attempt of item.attempts) if (attempt.outcome !== undefined) ended++;
    return [cases.size, ended, this.#culprits.known, this.#portions.known, this.#planned].join(' ');
  }

  async #runRound(next: NextRound): Promise<RoundEnd> {
    const { config, runId, folder } = this.#options;
    const portion = this.#planned ? this.#portions.of(Object.keys(next.attempts)[0]) : this.#portions.rest();
    const plan: RoundPlan = {
      assignment: assignmentOf(config, {
        ...{ runId, folder, ...portion },
        concurrency: next.mode === 'alone' ? 1 : config.data.execution.concurrency,
      }),
      graceMs: config.data.budgets.graceMs,
      allowedUntil: () => this.#options.hold?.until(),
      choose: (collected) => {
        if (this.#interrupted !== undefined) return {};
        if (!this.#planned) return this.#collect(portion, collected);
        // One that cannot be imported any more has left its keys to others: the next round knows it.
        const isAnyGone = portion.files.some((file) => this.#portions.isExcluded(file));
        return isAnyGone ? {} : this.#attemptsOf(collected.cases, next);
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
    const isOnly = !this.#portions.isAnyTold;
    this.#portions.add(portion, collected);
    this.#collected = this.#collected.concat(collected.cases);
    if (collected.left.length > 0) return {};
    this.#plan();
    return isOnly ? (this.#next()?.attempts ?? {}) : {};
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

  #attemptsOf(collected: readonly CollectedCase[], next: NextRound): Readonly<Record<string, number>> {
    const again = new Map(collected.map(({ key, file }) => [key, file]));
    const attempts = { ...next.attempts };
    for (const [key, attempt] of Object.entries(next.attempts)) {
      const failure = this.#portions.missing(key, again);
      if (failure === undefined) continue;
      delete attempts[key];
      this.#culprits.endCase(key, attempt, failure);
    }
    return attempts;
  }

  #holdBack(isolated: ReadonlySet<string>, cases: readonly CollectedCase[]): void {
    for (const { key } of cases) {
      if (!isolated.has(key)) continue;
      this.#isolated.add(key);
      this.#culprits.unrunnable.add(key);
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
        this.#portions.exclude(message.file);
        this.#unsound.tell(message.file, message.failure);
      } else this.#unsound.hold(message.file, message.failure);
    } else if (message.type === 'case-started') {
      recorder.record({ event: 'case-started', key: message.key, attempt: message.attempt });
    } else if (message.type === 'case-ended') {
      const { type: _type, warnings, ...ended } = message;
      this.#culprits.suspects.delete(ended.key);
      recorder.record({ event: 'case-ended', ...ended, ...(warnings.length > 0 ? { warnings } : {}) });
    }
  }
}
