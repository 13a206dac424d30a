// What vitest alone knows, and only when it is through with a test or a suite: hooks around cases that failed, and cases that it failed
// after they had been told. It is told before the next thing runs, because that may take the worker along.
import type { RunnerTask } from 'vitest';
import type { Failure } from '../../journal/index.ts';
import { tellLate } from './follow.ts';
import type { WorkerLink } from './link.ts';
import { keyOf, type PlannedTask } from './plan.ts';
import { testsIn } from './tree.ts';

type Suite = Extract<RunnerTask, { type: 'suite' }>;
type Errors = NonNullable<NonNullable<RunnerTask['result']>['errors']>;

export interface Round {
  planned: ReadonlyMap<string, PlannedTask>;
  attempts: Readonly<Record<string, number>>;
  /** Attempts that have not started. */
  readonly due: Map<string, number>;
}

/** Tells nothing when the run is stopped: what was cut off says nothing of its hooks. */
export class Afterwards {
  readonly #link: WorkerLink;
  readonly #round: Round;
  readonly #open = new Set<RunnerTask>();
  readonly #told = new WeakSet<RunnerTask>();

  constructor(link: WorkerLink, round: Round) {
    this.#link = link;
    this.#round = round;
  }

  /** Before it runs. */
  watch(task: RunnerTask): void {
    for (const one of task.type === 'suite' ? suitesIn(task) : [task])
      if (one.mode === 'run') this.#open.add(one);
  }

  /** Of all that has ended. */
  tell(): void {
    for (const task of this.#open) {
      if (task.result?.duration === undefined) continue;
      this.#open.delete(task);
      this.#tell(task);
    }
  }

  /** Of everything, also of what never ran: a suite that failed while it was collected. */
  tellAll(files: readonly RunnerTask[]): void {
    for (const key of Object.keys(this.#round.attempts)) {
      const { task } = this.#round.planned.get(key) ?? {};
      if (task !== undefined) this.#tell(task);
    }
    for (const file of files)
      if (file.type === 'suite') for (const suite of suitesIn(file)) this.#tell(suite);
  }

  #tell(task: RunnerTask): void {
    const errors = task.result?.errors ?? [];
    if (task.result?.state !== 'fail' || this.#told.has(task) || this.#link.stopping()) return;
    this.#told.add(task);
    if (task.type === 'suite') {
      if (errors.length > 0) this.#tellHooks(task, errors);
    } else if (this.#isDue(task)) this.#tellUnstarted(task, failureOf('it could not start', errors));
    else tellLate(this.#link, task, failureOf('it was failed after it had ended', errors));
  }

  /** A case that never started because a hook before it failed has that hook's reason; a hook after others makes its file unsound. */
  #tellHooks(suite: Suite, errors: Errors): void {
    const unstarted = [...testsIn(suite)].map(({ task }) => task).filter((task) => this.#isDue(task));
    const before = failureOf('a hook before it failed', errors);
    for (const task of unstarted) this.#tellUnstarted(task, before);
    if (unstarted.length > 0) return;
    const failure = failureOf('a hook after its cases failed', errors);
    this.#link.send({ type: 'file-failed', file: fileOf(suite), failure });
  }

  #isDue(task: RunnerTask): boolean {
    return this.#round.due.has(keyOf(task) ?? '');
  }

  #tellUnstarted(task: RunnerTask, failure: Failure): void {
    const key = keyOf(task) ?? '';
    const attempt = this.#round.due.get(key) ?? 1;
    this.#round.due.delete(key);
    this.#link.send({ type: 'case-started', key, attempt });
    const outcome = { verdict: 'error', failure } as const;
    this.#link.send({ type: 'case-ended', key, attempt, durationMs: 0, outcome, warnings: [] });
  }
}

function failureOf(what: string, errors: Errors): Failure {
  const message = `${what}: ${errors.map((error) => error.message).join('; ')}`;
  const stack = errors[0]?.stack;
  return { kind: 'hook', message, ...(stack === undefined ? {} : { stack }) };
}

/** The inner ones first: whoever is nearest to a case has kept it from starting. */
function suitesIn(suite: Suite): Suite[] {
  return [...suite.tasks.flatMap((task) => (task.type === 'suite' ? suitesIn(task) : [])), suite];
}

/** The suite that a campaign file is. */
function fileOf(suite: Suite): string {
  return suite.suite === undefined ? suite.name : fileOf(suite.suite);
}
