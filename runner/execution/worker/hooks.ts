// Hooks around several cases that failed: vitest notes it on the suite alone, where no case would tell of it.
import type { RunnerTask } from 'vitest';
import type { Failure } from '../../journal/index.ts';
import type { WorkerLink } from './link.ts';
import { keyOf } from './plan.ts';

type Suite = Extract<RunnerTask, { type: 'suite' }>;

/**
 * Called when all has run. A case that never started because a hook before it failed is an error with that hook's reason; a hook after
 * others makes its file unsound. `due` are the attempts of this round that have not started.
 */
export function tellHookFailures(
  link: WorkerLink,
  files: readonly RunnerTask[],
  due: Map<string, number>,
): void {
  for (const file of files) {
    if (file.type !== 'suite') continue;
    const late = failedSuites(file).filter((suite) => !tellUnstarted(link, suite, due));
    if (late.length === 0) continue;
    const failure = failureOf(late, 'a hook after its cases failed');
    link.send({ type: 'file-failed', file: file.name, failure });
  }
}

/** Whether there were any. */
function tellUnstarted(link: WorkerLink, suite: Suite, due: Map<string, number>): boolean {
  let told = false;
  for (const task of testsIn(suite)) {
    const key = keyOf(task) ?? '';
    const attempt = due.get(key);
    if (attempt === undefined || !due.delete(key)) continue;
    told = true;
    const outcome = { verdict: 'error', failure: failureOf([suite], 'a hook before it failed') } as const;
    link.send({ type: 'case-started', key, attempt });
    link.send({ type: 'case-ended', key, attempt, durationMs: 0, outcome, warnings: [] });
  }
  return told;
}

function failureOf(suites: readonly Suite[], what: string): Failure {
  const errors = suites.flatMap(({ result }) => result?.errors ?? []);
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
