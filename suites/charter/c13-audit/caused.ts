// What a case does to be seen in the audit trail, each time under a name of its own, and the events that came of it.
import { randomUUID } from 'node:crypto';
import {
  type CaseContext,
  type EdgeIdentity,
  expect,
  type Persona,
  type QueryResult,
  type Token,
} from 'charter-runner';
import { type AuditEvent, auditEvents } from '../audit-feed.ts';
import { holds } from './event.ts';

/** A retry must not find what an earlier attempt left in the trail, so this is no name of the run. */
export function newMarker(): string {
  return `charter-${randomUUID()}`;
}

export interface Asked {
  readonly marker: string;
  readonly result: QueryResult;
}

/** The marker stands in a comment of the statement and in the trace token. */
export async function askMarked(
  { trino }: Pick<CaseContext, 'trino'>,
  { username }: Persona,
  { accessToken }: Token,
  sql: string,
): Promise<Asked> {
  const marker = newMarker();
  const options = { user: username, token: accessToken, traceToken: marker };
  return { marker, result: await trino.query(`${sql} /* ${marker} */`, options) };
}

export interface FailedLogin {
  /** Of a user who does not exist, so that nobody is locked out. */
  readonly username: string;
  readonly password: string;
}

export async function failLogin({ keycloak }: Pick<CaseContext, 'keycloak'>): Promise<FailedLogin> {
  const login = { username: newMarker(), password: randomUUID() };
  const { status } = await keycloak.passwordGrant(login);
  expect(status, 'status of a login of an unknown user').toBeOneOf([400, 401]);
  return login;
}

type Reading = Pick<CaseContext, 'cockpitBackend' | 'config' | 'eventually'>;

/** Events that hold the text; a feed that ignores the search is searched here. */
export async function eventsWith(
  reading: Reading,
  reader: EdgeIdentity,
  text: string,
): Promise<AuditEvent[]> {
  return (await auditEvents(reading, reader, text)).filter((event) => holds(event, text));
}

/** As soon as there are any; none when the time for that is over, for cases about another promise than that they come. */
export async function arrived(reading: Reading, reader: EdgeIdentity, text: string): Promise<AuditEvent[]> {
  let events: AuditEvent[] = [];
  const look = async () => {
    events = await eventsWith(reading, reader, text);
    expect(events, 'audit events').not.toHaveLength(0);
  };
  await reading.eventually(reading.config.budgets.auditMs, look).catch((error: unknown) => {
    if ((error as Error).name !== 'ConditionNotMet') throw error;
  });
  return events;
}
