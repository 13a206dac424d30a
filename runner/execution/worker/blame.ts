// What nobody handled belongs to the case or the file in whose async context it arose, however long ago that has ended.
import { AsyncLocalStorage } from 'node:async_hooks';
import { wordsOf } from '../../errors/index.ts';
import type { Failure } from '../../journal/index.ts';

/** Takes an unhandled error as its own. */
export type Culprit = (failure: Failure) => void;

const current = new AsyncLocalStorage<Culprit>();

/** Those who are accused together when nobody knows whose it is. */
export const running = new Set<Culprit>();

export function within<T>(culprit: Culprit, act: () => T): T {
  return current.run(culprit, act);
}

let watching = false;

export function watchRejections(): void {
  if (watching) return;
  watching = true;
  process.on('unhandledRejection', accuse);
  process.on('uncaughtException', accuse);
}

function accuse(reason: unknown): void {
  const stack = reason instanceof Error && reason.stack !== undefined ? { stack: reason.stack } : {};
  const message = `unhandled rejection: ${wordsOf(reason)}`;
  const failure: Failure = { kind: 'unhandled-rejection', message, ...stack };
  const culprit = current.getStore();
  for (const accused of culprit === undefined ? [...running] : [culprit]) accused(failure);
}
