// Tells an event from anything else that may stand on a line of a journal.
import type { JournalEvent, PlannedCase } from './events.ts';

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
/** The store keeps no other. */
const isInt32 = (value: unknown): boolean => typeof value === 'number' && (value | 0) === value;
const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value));

function isPlannedCase(value: unknown): value is PlannedCase {
  return (
    isObject(value) &&
    ['key', 'campaign', 'id', 'title', 'file'].every((name) => isText(value[name])) &&
    (value.persona === undefined || isText(value.persona)) &&
    isTexts(value.tags) &&
    isTexts(value.targets)
  );
}

function isOutcome(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { verdict, failure, reason } = value;
  if (verdict !== 'passed' && verdict !== 'failed' && verdict !== 'error' && verdict !== 'skipped')
    return false;
  if (reason !== undefined && !isText(reason)) return false;
  return failure === undefined || (isObject(failure) && isText(failure.kind) && isText(failure.message));
}

const checks: Record<JournalEvent['event'], (fields: Fields) => boolean> = {
  'run-started': ({ run, host, environment, properties }) =>
    isText(run) &&
    isText(host) &&
    isText(environment) &&
    isObject(properties) &&
    Object.values(properties).every(isText),
  planned: ({ cases }) => Array.isArray(cases) && cases.every(isPlannedCase),
  property: ({ name, value }) => isText(name) && isText(value),
  'case-started': ({ key, attempt }) => isText(key) && isInt32(attempt),
  'case-ended': ({ key, attempt, durationMs, outcome, warnings }) =>
    isText(key) &&
    isInt32(attempt) &&
    isCount(durationMs) &&
    isOutcome(outcome) &&
    (warnings === undefined || isTexts(warnings)),
  'run-ended': ({ exitCode, reason }) => isInt32(exitCode) && isText(reason),
};

export function asEvent(value: unknown): JournalEvent | undefined {
  if (!isObject(value) || !isText(value.event) || !isTime(value.at)) return undefined;
  const { event } = value;
  if (!Object.hasOwn(checks, event) || !checks[event as JournalEvent['event']](value)) return undefined;
  return value as unknown as JournalEvent;
}
