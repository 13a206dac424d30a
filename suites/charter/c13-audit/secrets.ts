// Secrets that must not be in the audit trail, looked for in the forms in which a log may hold them.
import type { AuditEvent } from '../audit-feed.ts';
import { holds } from './event.ts';

export interface Secret {
  /** Names it in a report. */
  readonly what: string;
  readonly text: string;
}

/** The part of a token that cannot be guessed: its signature; an opaque token as a whole. */
export function signatureOf(token: string): string {
  return token.split('.')[2] ?? token;
}

/** What stands in any of the events. */
export function leaksIn(events: readonly AuditEvent[], secrets: readonly Secret[]): string[] {
  const leaks = ({ text }: Secret) =>
    formsOf(text).some((form) => events.some((event) => holds(event, form)));
  return secrets.filter(leaks).map(({ what }) => what);
}

/** As it is, in a form or URL, and in JSON inside a text. */
function formsOf(text: string): string[] {
  const inForm = new URLSearchParams({ '': text }).toString().slice(1);
  const inJson = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, inForm, encodeURIComponent(text), inJson])];
}
