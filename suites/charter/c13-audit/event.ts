// Reading one OCSF event. Pure; messages name fields and never quote what stands in them.
import type { AuditEvent } from '../audit-feed.ts';

/** Whether any value of the event, at any depth, holds the text. */
export function holds(event: unknown, text: string): boolean {
  if (typeof event === 'object' && event !== null)
    return Object.values(event).some((inner) => holds(inner, text));
  return String(event).includes(text);
}

export function actorOf(event: AuditEvent): string {
  return String(event.actor?.user?.name ?? 'nobody');
}

export type Outcome = 'success' | 'failure' | 'denied' | 'unknown';

/** OCSF has no status of its own for a refusal: it is a failure, and another field says that it was one. */
export function outcomeOf(event: AuditEvent): Outcome {
  const { status_id, status, action, disposition } = event;
  if (status_id === 1) return 'success';
  if (status_id !== 2 && status_id !== 99) return 'unknown';
  const words = [status, action, disposition].map(String);
  return words.some((word) => /^(denied|blocked)$/i.test(word)) ? 'denied' : 'failure';
}

/** The name under which the event can be asked for, where it has one. */
export function idOf(event: AuditEvent): string | undefined {
  const { id, metadata } = event as { id?: unknown; metadata?: { uid?: unknown } };
  const found = id ?? metadata?.uid;
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** Epoch milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** One line per field of OCSF that the event lacks or fills wrongly. */
export function problemsOf(event: AuditEvent, { from, to }: Window): string[] {
  const { time, metadata } = event as { time?: unknown; metadata?: { version?: unknown } };
  const numbers = ['class_uid', 'category_uid', 'activity_id', 'status_id'];
  return [
    ...numbers
      .filter((field) => !Number.isInteger(event[field]))
      .map((field) => `${field} is no whole number`),
    ...(isText(event.actor?.user?.name) ? [] : ['actor.user.name is missing']),
    ...(isText(metadata?.version) ? [] : ['metadata.version is missing']),
    ...problemOfTime(time, { from, to }),
  ];
}

function problemOfTime(time: unknown, { from, to }: Window): string[] {
  if (typeof time !== 'number' || !Number.isInteger(time)) return ['time is no whole number'];
  if (time >= from && time <= to) return [];
  if (time * 1_000 >= from && time * 1_000 <= to + 1_000) return ['time is in seconds, not in milliseconds'];
  return [time < from ? `time is ${from - time} ms too early` : `time is ${time - to} ms too late`];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
