// Asking the query engine as a persona, and what came of it in one word that a report may show.
import {
  type CaseContext,
  expect,
  type OpaIdentity,
  type Persona,
  type QueryResult,
  TargetError,
} from 'charter-runner';

/** How Trino says no; a table hidden from the persona may also not exist. */
export const denials = ['PERMISSION_DENIED', 'CATALOG_NOT_FOUND', 'SCHEMA_NOT_FOUND', 'TABLE_NOT_FOUND'];

type Asking = Pick<CaseContext, 'trino' | 'login'>;

/** User header and token both, as every client of the platform sends them. */
export async function queryAs({ trino, login }: Asking, persona: Persona, sql: string): Promise<QueryResult> {
  const { accessToken } = await login(persona);
  return trino.query(sql, { user: persona.username, token: accessToken });
}

/** The query must finish. `what` names it in the report, where SQL with literals has no place. */
export async function readAs(
  asking: Asking,
  persona: Persona,
  what: string,
  sql: string,
): Promise<QueryResult> {
  const result = await queryAs(asking, persona, sql);
  expect(outcome(result), `${what}, asked by ${persona.name}`).toBe('finished');
  return result;
}

/**
 * `finished`, `refused with HTTP 401`, or the name of the user's error. An error of the engine itself answers no question
 * about the persona, so it is thrown.
 */
export function outcome(result: QueryResult): string {
  const { state, error, exchange } = result;
  if (state === 'finished') return 'finished';
  if (error === undefined) return `refused with HTTP ${result.httpStatus}`;
  if (error.errorType === 'USER_ERROR') return error.errorName;
  throw new TargetError('bad-answer', {
    target: 'trino',
    url: exchange.url,
    expected: 'a finished query or an error of the user',
    got: `${error.errorName} (${error.errorType})`,
    http: exchange,
    waitedMs: exchange.timings.total,
  });
}

/** The persona as Trino's plugin names it to OPA: groups are roles, teams and projects. */
export function opaIdentity({
  username,
  roles,
  groups,
}: Pick<Persona, 'username' | 'roles' | 'groups'>): OpaIdentity {
  return { user: username, groups: [...roles, ...groups] };
}
