// Follows one test from start to end and tells the supervisor; knows declared cases and plain vitest tests.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { RunnerTask, TestContext } from 'vitest';
import { type CaseResult, isAssertion, results } from '../../campaign/index.ts';
import { wordsOf } from '../../errors/index.ts';
import type { Failure, Outcome } from '../../journal/index.ts';
import { elapsed } from './clock.ts';
import type { WorkerLink } from './link.ts';
import { keyOf } from './plan.ts';

interface Followed {
  readonly key: string;
  readonly attempt: number;
  readonly startedAt: number;
  rejection?: Failure;
  ended?: { readonly durationMs: number; readonly warnings: readonly string[] };
}

const running = new Set<Followed>();
const current = new AsyncLocalStorage<Followed>();

export function followTask(
  link: WorkerLink,
  context: TestContext,
  attempts: Readonly<Record<string, number>>,
): void {
  const key = keyOf(context.task);
  const attempt = key === undefined ? undefined : attempts[key];
  if (key === undefined || attempt === undefined) return;
  const followed: Followed = { key, attempt, startedAt: elapsed() };
  watchRejections(link);
  running.add(followed);
  current.enterWith(followed);
  link.send({ type: 'case-started', key, attempt });
  context.onTestFinished(() => {
    running.delete(followed);
    const { outcome, warnings } = resultOf(context.task);
    const durationMs = elapsed() - followed.startedAt;
    followed.ended = { durationMs, warnings };
    const verdict: Outcome =
      followed.rejection === undefined ? outcome : { verdict: 'error', failure: followed.rejection };
    link.send({ type: 'case-ended', key, attempt, durationMs, outcome: verdict, warnings });
  });
}

/** The wrapper of a declared case knows best, unless something after its body (a hook, a teardown) failed. */
function resultOf(task: RunnerTask): CaseResult {
  const known = results.get(task);
  const failed = task.result?.state === 'fail';
  if (known !== undefined && (known.outcome.verdict !== 'passed' || !failed)) return known;
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

let watching = false;

/** An unhandled rejection belongs to the case in whose async context it arose; unknown, to all that run. */
function watchRejections(link: WorkerLink): void {
  if (watching) return;
  watching = true;
  const blame = (reason: unknown) => {
    const message = wordsOf(reason);
    const stack = reason instanceof Error && reason.stack !== undefined ? { stack: reason.stack } : {};
    const failure: Failure = {
      kind: 'unhandled-rejection',
      message: `unhandled rejection: ${message}`,
      ...stack,
    };
    const culprit = current.getStore();
    for (const followed of culprit === undefined ? running : [culprit]) {
      followed.rejection = failure;
      if (followed.ended === undefined) continue;
      const { key, attempt, ended } = followed;
      link.send({ type: 'case-ended', key, attempt, ...ended, outcome: { verdict: 'error', failure } });
    }
  };
  process.on('unhandledRejection', blame);
  process.on('uncaughtException', blame);
}
