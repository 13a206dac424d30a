// Pure: what a thrown value means for the verdict. Only an assertion is `failed`; a check that could not check is `error`.
import { stripVTControlCharacters } from 'node:util';
import { TargetError } from '../clients/index.ts';
import type { Failure, HttpExchange, Outcome } from '../journal/index.ts';
import { isAssertion } from './assertion.ts';
import { ConditionNotMet } from './eventually.ts';
import { ownStack } from './own-stack.ts';
import { CaseTimeout, SkipSignal } from './signals.ts';

const maxShown = 2_000;

export function outcomeOf(thrown: unknown, lastExchange?: HttpExchange): Outcome {
  if (thrown instanceof SkipSignal)
    return { verdict: 'skipped', reason: thrown.message, planned: thrown.planned === 'planned' };
  if (thrown instanceof TargetError) return { verdict: 'error', failure: targetFailure(thrown) };
  if (thrown instanceof CaseTimeout) {
    return {
      verdict: 'error',
      failure: withExchange(
        { kind: 'timeout', message: thrown.message, waitedMs: thrown.waitedMs },
        lastExchange,
      ),
    };
  }
  const base = described(thrown);
  if (thrown instanceof ConditionNotMet) {
    const poll = { waitedMs: thrown.waitedMs, observations: thrown.observations };
    return {
      verdict: 'failed',
      failure: withExchange({ ...base, ...poll, kind: 'assertion' }, lastExchange),
    };
  }
  if (isAssertion(thrown))
    return { verdict: 'failed', failure: withExchange({ ...base, kind: 'assertion' }, lastExchange) };
  return { verdict: 'error', failure: withExchange({ ...base, kind: 'exception' }, lastExchange) };
}

function targetFailure(error: TargetError): Failure {
  return withExchange(
    {
      kind: error.kind,
      message: error.message,
      ...(error.expected === undefined ? {} : { expected: error.expected }),
      ...(error.got === undefined ? {} : { got: error.got }),
      ...(error.waitedMs === undefined ? {} : { waitedMs: error.waitedMs }),
      ...ownStack(error),
    },
    error.http,
  );
}

function described(thrown: unknown): Omit<Failure, 'kind'> {
  if (!(thrown instanceof Error)) return { message: `thrown: ${show(thrown)}` };
  const { expected, actual } = thrown as { expected?: unknown; actual?: unknown };
  const shown =
    expected === undefined && actual === undefined ? {} : { expected: show(expected), got: show(actual) };
  // Extended matchers colour their messages.
  const message = stripVTControlCharacters(thrown.message);
  return {
    message,
    ...shown,
    ...ownStack(thrown),
  };
}

function withExchange(failure: Failure, http: HttpExchange | undefined): Failure {
  return http === undefined ? failure : { ...failure, http };
}

const maxItems = 12;

/** A list of texts as a list, anything else as one line of JSON where that is possible; cut to 2,000 characters. */
export function show(value: unknown): string {
  const text = textOf(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}… (${text.length} characters)` : text;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > 1 && value.every((item) => typeof item === 'string')) {
    const more = value.length > maxItems ? [`… and ${value.length - maxItems} more`] : [];
    return [`${value.length} items`, ...value.slice(0, maxItems).map((item) => `- ${item}`), ...more].join(
      '\n',
    );
  }
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
