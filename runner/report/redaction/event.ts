// Redacts an event before it is written. Keys, ids, verdicts and times stay: a password that equals a persona's name or the
// word `failed` must not change which case an event is about, or how it ended.
import type { Failure, JournalEvent, Outcome } from '../../journal/index.ts';
import type { Redactor } from './redactor.ts';

export function redactEvent(redactor: Redactor, event: JournalEvent): JournalEvent {
  switch (event.event) {
    case 'run-started':
      return { ...event, properties: facts(redactor, event.properties) };
    case 'property':
      return { ...event, value: fact(redactor, event.value) };
    case 'case-ended': {
      const outcome = redactOutcome(redactor, event.outcome);
      if (event.warnings === undefined) return { ...event, outcome };
      return { ...event, outcome, warnings: redactor.redactDeep(event.warnings) };
    }
    default:
      return event;
  }
}

function redactOutcome(redactor: Redactor, outcome: Outcome): Outcome {
  const { failure, reason } = outcome;
  return {
    ...outcome,
    ...(failure === undefined ? {} : { failure: redactFailure(redactor, failure) }),
    ...(reason === undefined ? {} : { reason: redactReason(redactor, reason) }),
  };
}

function redactFailure(redactor: Redactor, failure: Failure): Failure {
  return { ...redactor.redactDeep(failure), kind: failure.kind };
}

/** The prefix tells an expected failure from other skips. */
function redactReason(redactor: Redactor, reason: string): string {
  const prefix = /^xfail: /.exec(reason)?.[0] ?? '';
  return prefix + redactor.redact(reason.slice(prefix.length));
}

function facts(redactor: Redactor, properties: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, fact(redactor, value)]));
}

/** `true` and `false` decide the exit code of a rebuilt report, and tell nobody anything. */
function fact(redactor: Redactor, value: string): string {
  return value === 'true' || value === 'false' ? value : redactor.redact(value);
}
