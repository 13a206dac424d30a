// What vitest alone knows when all has run: hooks around several cases that failed, and cases that it failed after they had been told.
import type { RunnerTask } from 'vitest';
import type { Failure } from '../../journal/index.ts';
import type { WorkerLink } from './link.ts';
import type { PlannedTask } from './plan.ts';

type Suite = Extract<RunnerTask, { type: 'suite' }>;
type Errors = NonNullable<NonNullable<RunnerTask['result']>['errors']>;

/** `attempts` of this round, `due` those that have not started. */
export interface Round {
  readonly planned: ReadonlyMap<string, PlannedTask>;
  readonly attempts: Readonly<Record<string, number>>;
  readonly due: Map<string, number>;
}

/** Not called when the run was stopped: what was cut off says nothing of its hooks. */
export function tellAfterwards(link: WorkerLink, files: readonly RunnerTask[], round: Round): void {
  for (const [key, attempt] of Object.entries(round.attempts)) {
    const { task } = round.planned.get(key) ?? {};
    if (task?.result?.state !== 'fail') continue;
    // Only a pass gives way to it; whoever was told as red stays so.
    const what = round.due.delete(key) ? 'it could not start' : 'it was failed after it had ended';
    tellError(link, key, attempt, failureOf(what, task.result.errors ?? []));
  }
  for (const file of files) if (file.type === 'suite') tellHooks(link, file, round);
}

/** A case that never started because a hook before it failed has that hook's reason; a hook after others makes its file unsound. */
function tellHooks(link: WorkerLink, file: Suite, { planned, due }: Round): void {
  const late = failedSuites(file).filter((suite) => {
    const tasks = new Set(testsIn(suite));
    const unstarted = [...due].filter(([key]) => tasks.has(planned.get(key)?.task as RunnerTask));
    const failure = failureOf('a hook before it failed', suite.result?.errors ?? []);
    for (const [key, attempt] of unstarted) {
      due.delete(key);
      tellError(link, key, attempt, failure);
    }
    return unstarted.length === 0;
  });
  if (late.length === 0) return;
  const errors = late.flatMap(({ result }) => result?.errors ?? []);
  const failure = failureOf('a hook after its cases failed', errors);
  link.send({ type: 'file-failed', file: file.name, failure });
}

function tellError(link: WorkerLink, key: string, attempt: number, failure: Failure): void {
  link.send({ type: 'case-started', key, attempt });
  const outcome = { verdict: 'error', failure } as const;
  link.send({ type: 'case-ended', key, attempt, durationMs: 0, outcome, warnings: [] });
}

function failureOf(what: string, errors: Errors): Failure {
  const message = `${what}: ${errors.map((error) => error.message).join('; ')}`;
  const stack = errors[0]?.stack;
  return { kind: 'hook', message, ...(stack === undefined ? {} : { stack }) };
}

/** The inner ones first: whoever is nearest to a case has kept it from starting. */
function failedSuites(suite: Suite): Suite[] {
  const inner = suite.tasks.flatMap((task) => (task.type === 'suite' ? failedSuites(task) : []));
  return (suite.result?.errors ?? []).length > 0 ? [...inner, suite] : inner;
}

function testsIn(suite: Suite): RunnerTask[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task) : [task]));
}
