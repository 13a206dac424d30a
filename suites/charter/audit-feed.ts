// Reading the audit trail through the cockpit backend: a list of events, or an object that holds one under `events`.
import { type CaseContext, type EdgeIdentity, expect } from 'charter-runner';
import { configured } from './configured.ts';

export interface AuditEvent {
  readonly actor?: { readonly user?: { readonly name?: unknown } };
  readonly [field: string]: unknown;
}

/** The events that hold the text, newest last. */
export async function auditEvents(
  { cockpitBackend, config }: Pick<CaseContext, 'cockpitBackend' | 'config'>,
  reader: EdgeIdentity,
  text: string,
): Promise<AuditEvent[]> {
  const route = configured(config.routes.cockpitBackend.audit, 'routes.cockpitBackend.audit');
  const answer = await cockpitBackend.get(`${route}?${new URLSearchParams({ contains: text })}`, reader);
  expect(answer.status, `status of ${route}`).toBe(200);
  const body = answer.json() as { events?: unknown };
  const events = Array.isArray(body) ? body : body.events;
  expect(Array.isArray(events), `${route} answers a list of events`).toBe(true);
  return events as AuditEvent[];
}
