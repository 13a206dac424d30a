// Polls a promise that may take a moment to hold, and remembers what it saw while it did not.
import { stripVTControlCharacters } from 'node:util';
import { TargetError } from '../clients/index.ts';
import { isAssertion } from './assertion.ts';

/** The last assertion of a poll that ran out of time, with how long was waited and the last three observations. */
export class ConditionNotMet extends Error {
  override readonly name = 'ConditionNotMet';
  readonly waitedMs: number;
  readonly observations: readonly string[];
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(last: Error, waitedMs: number, observations: readonly string[]) {
    super(`${last.message} (waited ${waitedMs} ms)`, { cause: last });
    const { expected, actual } = last as { expected?: unknown; actual?: unknown };
    this.waitedMs = waitedMs;
    this.observations = observations;
    this.expected = expected;
    this.actual = actual;
  }
}

export interface PollOptions {
  /** Milliseconds until the promise must hold. */
  readonly withinMs: number;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** After which errors there is another look; an assertion and whatever is wrong with a target when not given. */
  readonly again?: (error: unknown) => error is Error;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * Calls `probe` until it returns without throwing. What `again` accepts, an assertion or what is wrong with a target, is looked at
 * again until the time is over: then an error of a target stays what it was, any other becomes {@link ConditionNotMet}. Anything
 * else is thrown at once.
 */
export async function eventually<T>(probe: () => T | Promise<T>, options: PollOptions): Promise<T> {
  const now = options.now ?? performance.now.bind(performance);
  const sleep = options.sleep ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)));
  const { again = isWorthAnotherLook } = options;
  const start = now();
  const seen: string[] = [];
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      const waited = Math.round(now() - start);
      if (!again(error)) throw error;
      seen.push(`${waited} ms: ${stripVTControlCharacters(error.message).split('\n', 1)[0]}`);
      if (waited + options.everyMs > options.withinMs) {
        if (error instanceof TargetError) throw error;
        throw new ConditionNotMet(error, waited, seen.slice(-3));
      }
    }
    await sleep(options.everyMs);
  }
}

function isWorthAnotherLook(error: unknown): error is Error {
  return error instanceof TargetError || isAssertion(error);
}
