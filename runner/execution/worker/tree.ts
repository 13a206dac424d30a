// The tests of a suite of vitest's tree, in order, however deep.
import type { RunnerTask, RunnerTestSuite } from 'vitest';

export type Test = Extract<RunnerTask, { type: 'test' }>;

/** Where a test stands: its own name comes after those of its suites. */
export interface Placed {
  readonly task: Test;
  readonly path: readonly string[];
}

export function* testsIn(
  suite: Pick<RunnerTestSuite, 'tasks'>,
  path: readonly string[] = [],
): Generator<Placed> {
  for (const task of suite.tasks) {
    if (task.type === 'suite') yield* testsIn(task, [...path, task.name]);
    else yield { task, path };
  }
}
