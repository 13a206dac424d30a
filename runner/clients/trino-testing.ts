// A Trino client against pages that a test wrote, over a real socket.
import { type Answerer, httpTo, type Loopback, sendJson } from './loopback.ts';
import type { QueryResult } from './query-result.ts';
import { Trino } from './trino.ts';

export const jane = 'jane.doe@bank.example';
export const columns = [
  { name: 'id', type: 'bigint', typeSignature: { rawType: 'bigint' } },
  { name: 'email', type: 'varchar' },
];
export const denied = {
  message: 'Access Denied: Cannot select from columns [email] in table or view c.s.t',
  errorCode: 4,
  errorName: 'PERMISSION_DENIED',
  errorType: 'USER_ERROR',
  failureInfo: { type: 'io.trino.spi.security.AccessDeniedException', stack: ['at io.trino'] },
};

interface Edges {
  readonly onRowValue?: (text: string) => void;
  readonly onSecret?: (text: string) => void;
  readonly requestMs?: number;
}

export function client(
  url: string,
  { onRowValue = () => {}, onSecret = () => {}, requestMs = 2_000 }: Edges = {},
): Trino {
  const http = httpTo(url, { describeBody: Trino.describeBody, requestMs });
  return new Trino({ http, source: 'charter', onSecret, onRowValue });
}

/** Answers the POST and each GET with the next of the pages, each pointing to the next one on this server. */
export function pages(...bodies: readonly object[]): Answerer {
  return (request, response, count) => {
    if (request.method === 'DELETE') return response.writeHead(204).end();
    const last = count >= bodies.length;
    const nextUri = `http://${request.headers.host}/v1/statement/executing/q1/y${count}/${count}`;
    sendJson(response, 200, {
      id: 'q1',
      stats: { state: 'RUNNING' },
      ...(last ? {} : { nextUri }),
      ...bodies[count - 1],
    });
  };
}

export async function run(
  server: Loopback,
  sql = 'SELECT id, email FROM c.s.t',
  edges: Edges = {},
): Promise<QueryResult> {
  return client(server.url, edges).query(sql, { user: 'carol' });
}
