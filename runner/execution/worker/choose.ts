// Which tasks of vitest's tree run in this round: what was not asked for is skipped, and so are hooks around nothing that was.
import type { RunnerTask } from 'vitest';
import type { Outcome } from '../../journal/index.ts';
import type { PlannedTask } from './plan.ts';
import type { Test } from './tree.ts';

/** Tells of each case that was asked for and will not start, with its outcome. */
export function chooseTasks(
  files: readonly RunnerTask[],
  planned: ReadonlyMap<string, PlannedTask>,
  attempts: Readonly<Record<string, number>>,
  tell: (key: string, outcome: Outcome) => void,
): void {
  for (const [key, { task }] of planned) {
    const unrun = attempts[key] === undefined ? undefined : unrunOutcome(task);
    if (unrun !== undefined) tell(key, unrun);
    if (attempts[key] === undefined || unrun !== undefined) task.mode = 'skip';
  }
  for (const file of files) skipIdle(file);
}

/** Whether anything of it runs. A suite of which nothing does is skipped whole, its hooks too. */
function skipIdle(task: RunnerTask): boolean {
  if (task.type !== 'suite') return task.mode === 'run';
  const runs = task.tasks.map(skipIdle).includes(true);
  if (!runs) task.mode = 'skip';
  return runs;
}

/** A plain test that its author switched off, or that vitest would judge otherwise than it went. */
function unrunOutcome(task: Test): Outcome | undefined {
  const { mode, fails, retry } = task;
  if (mode !== 'run')
    return {
      verdict: 'skipped',
      reason: `switched off in the campaign file (test.${mode} or another test.only)`,
    };
  const hidden = fails === true ? 'test.fails' : retry ? 'retry of a test' : undefined;
  if (hidden === undefined) return undefined;
  const message = `${hidden} would hide how the case went: context.xfail and execution.retry tell it`;
  return { verdict: 'error', failure: { kind: 'unsupported', message } };
}
