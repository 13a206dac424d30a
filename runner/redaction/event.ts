// Redacts an event before it is written. Keys, ids, verdicts and times stay: a password that equals a persona's name or the
// word `failed` must not change which case an event is about, or how it ended. Names of plain tests are redacted where they become keys.
import type { Failure, JournalEvent, Outcome } from '../journal/index.ts';
import type { Redactor } from './redactor.ts';

export function redactEvent(redactor: Redactor, event: JournalEvent): JournalEvent {
  switch (event.event) {
    case 'run-started':
      return { ...event, properties: facts(redactor, event.properties) };
    case 'planned':
      return { ...event, cases: event.cases.map((one) => ({ ...one, title: redactor.redact(one.title) })) };
    case 'property':
      return { ...event, name: redactor.redact(event.name), value: fact(redactor, event.value) };
    case 'run-ended':
      return { ...event, reason: redactAfter(/^(?:completed|deadline|interrupted)/, redactor, event.reason) };
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
    ...(reason === undefined ? {} : { reason: redactAfter(/^xfail: /, redactor, reason) }),
  };
}

function redactFailure(redactor: Redactor, failure: Failure): Failure {
  return { ...redactor.redactDeep(failure), kind: failure.kind };
}

/** The first word tells an expected failure from other skips, and a run that was cut off from one that ended. */
function redactAfter(word: RegExp, redactor: Redactor, reason: string): string {
  const prefix = word.exec(reason)?.[0] ?? '';
  return prefix + redactor.redact(reason.slice(prefix.length));
}

function facts(redactor: Redactor, properties: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, fact(redactor, value)]));
}

/** `true` and `false` decide the exit code of a rebuilt report, and tell nobody anything. */
function fact(redactor: Redactor, value: string): string {
  return value === 'true' || value === 'false' ? value : redactor.redact(value);
}
