// Follows one test from start to end and tells the supervisor; knows declared cases and plain vitest tests.
import type { RunnerTask, TestContext } from 'vitest';
import { type CaseResult, isAssertion, results } from '../../campaign/index.ts';
import type { Failure, Outcome } from '../../journal/index.ts';
import { type Culprit, running, within } from './blame.ts';
import { elapsed } from './clock.ts';
import type { WorkerLink } from './link.ts';
import { keyOf } from './plan.ts';

interface Followed {
  readonly key: string;
  readonly attempt: number;
  readonly culprit: Culprit;
  rejection?: Failure;
  told?: CaseResult & { readonly durationMs: number };
}

const followed = new WeakMap<RunnerTask, Followed>();

/** Runs a test with all its hooks as one that answers for what it leaves unhandled. */
export function answering(
  link: WorkerLink,
  task: RunnerTask,
  attempts: Readonly<Record<string, number>>,
  runTest: () => Promise<void>,
): Promise<void> {
  const key = keyOf(task);
  const attempt = key === undefined ? undefined : attempts[key];
  if (key === undefined || attempt === undefined) return runTest();
  const culprit = (failure: Failure) => {
    one.rejection = failure;
    if (one.told !== undefined) tellLate(link, task, failure);
  };
  const one: Followed = { key, attempt, culprit };
  followed.set(task, one);
  return within(culprit, runTest);
}

/** The note of a case that may not go on to its body. One that was told to have started has no end: it was interrupted. */
export const stopped = 'the run is being stopped';

/** Settles when its body may begin: the supervisor will know of it, whatever it does to the worker. */
export async function followTask(link: WorkerLink, context: TestContext): Promise<void> {
  const one = followed.get(context.task);
  if (one === undefined) return;
  const { key, attempt, culprit } = one;
  let startedAt = elapsed();
  running.add(culprit);
  link.send({ type: 'case-started', key, attempt });
  context.onTestFinished(() => {
    running.delete(culprit);
    if ((context.task.result as SkipMarks | undefined)?.note === stopped) return;
    const { outcome, warnings } = resultOf(context.task);
    const { rejection } = one;
    const seen: Outcome = rejection === undefined ? outcome : { verdict: 'error', failure: rejection };
    one.told = { durationMs: elapsed() - startedAt, outcome: seen, warnings };
    link.send({ type: 'case-ended', key, attempt, ...one.told });
  });
  // Asked again only after a wait: the supervisor counts the time of the case by now, and would take one that waits for the lock to hang.
  if (await link.sent()) await link.permission();
  startedAt = elapsed();
}

/** An error that came to light after the end of a test. Whoever was told as red stays so. */
export function tellLate(link: WorkerLink, task: RunnerTask, failure: Failure): void {
  const one = followed.get(task);
  const verdict = one?.told?.outcome.verdict;
  if (one === undefined || verdict === 'failed' || verdict === 'error') return;
  const { key, attempt, told = { durationMs: 0, warnings: [] } } = one;
  one.told = { ...told, outcome: { verdict: 'error', failure } };
  link.send({ type: 'case-ended', key, attempt, ...one.told });
}

/** The wrapper of a declared case knows best, unless something after its body (a hook, a teardown) failed. */
function resultOf(task: RunnerTask): CaseResult {
  const known = results.get(task);
  const failed = task.result?.state === 'fail';
  const red = known?.outcome.verdict === 'failed' || known?.outcome.verdict === 'error';
  if (known !== undefined && (red || !failed)) return known;
  return { outcome: plainOutcome(task, failed), warnings: known?.warnings ?? [] };
}

function plainOutcome(task: RunnerTask, failed: boolean): Outcome {
  if (failed) {
    const error = task.result?.errors?.[0];
    const assertion = isAssertion(error);
    const message = error?.message ?? 'the test failed without an error';
    const failure = {
      kind: assertion ? 'assertion' : 'exception',
      message,
      ...(assertion && error?.expected !== undefined
        ? { expected: String(error.expected), got: String(error.actual) }
        : {}),
      ...(error?.stack === undefined ? {} : { stack: error.stack }),
    };
    return { verdict: assertion ? 'failed' : 'error', failure };
  }
  const { pending, note } = (task.result ?? {}) as SkipMarks;
  if (pending === true || task.mode === 'skip')
    return { verdict: 'skipped', reason: note ?? 'skipped by the test itself' };
  return { verdict: 'passed' };
}

/** What vitest notes on a result when a test calls `context.skip(note)`; not in its types. */
interface SkipMarks {
  readonly pending?: boolean;
  readonly note?: string;
}
