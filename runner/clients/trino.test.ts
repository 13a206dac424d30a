import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Answerer, httpTo, type Loopback, loopback, rawLoopback, sendJson } from './loopback.ts';
import type { QueryResult } from './query-result.ts';
import { Trino } from './trino.ts';

const jane = 'jane.doe@bank.example';
const columns = [
  { name: 'id', type: 'bigint', typeSignature: { rawType: 'bigint' } },
  { name: 'email', type: 'varchar' },
];
const denied = {
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

function client(
  url: string,
  { onRowValue = () => {}, onSecret = () => {}, requestMs = 2_000 }: Edges = {},
): Trino {
  const http = httpTo(url, { describeBody: Trino.describeBody, requestMs });
  return new Trino({ http, source: 'charter', onSecret, onRowValue });
}

/** Answers the POST and each GET with the next of the pages, each pointing to the next one on this server. */
function pages(...bodies: readonly object[]): Answerer {
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

async function run(
  server: Loopback,
  sql = 'SELECT id, email FROM c.s.t',
  edges: Edges = {},
): Promise<QueryResult> {
  return client(server.url, edges).query(sql, { user: 'carol' });
}

describe('identify', () => {
  test('the shape of /v1/info', async () => {
    const info = {
      nodeVersion: { version: '476' },
      environment: 'x',
      coordinator: true,
      starting: false,
      uptime: '1m',
    };
    await using server = await loopback((_, response) => sendJson(response, 200, info));
    await expect(client(server.url).identify()).resolves.toEqual(info);
    expect((await client(server.url).info()).exchange.body).toContain('476');
  });

  test.each([
    [200, { status: 'ok' }, 'no-identity'],
    [404, {}, 'no-identity'],
    [500, {}, 'bad-answer'],
  ])('%i %j is %s', async (status, body, kind) => {
    await using server = await loopback((_, response) => sendJson(response, status, body));
    await expect(client(server.url).identify()).rejects.toMatchObject({ kind });
  });

  test('an Http that shows bodies as they are is refused', async () => {
    expect(
      () => new Trino({ http: httpTo('http://x'), source: '', onSecret: () => {}, onRowValue: () => {} }),
    ).toThrow(TypeError);
  });
});

describe('a query', () => {
  test.each([2, 11])('of %i pages is read to its end, data in any page', async (count) => {
    const bodies = Array.from({ length: count }, (_, index) =>
      index === 0 ? {} : { columns, data: [[index, jane]] },
    );
    await using server = await loopback(pages(...bodies));
    const result = await run(server);
    expect(result).toMatchObject({ state: 'finished', httpStatus: 200, queryId: 'q1', rowCount: count - 1 });
    expect(result.columns).toEqual([
      { name: 'id', type: 'bigint' },
      { name: 'email', type: 'varchar' },
    ]);
    expect(server.seen.map(({ method }) => method)).toEqual(['POST', ...Array(count - 1).fill('GET')]);
  });

  test('session headers go with the POST, the token with every page', async () => {
    const secrets: string[] = [];
    await using server = await loopback(pages({}, {}, { columns, data: [] }));
    await client(server.url, { onSecret: (text) => secrets.push(text) }).query('SELECT 1', {
      user: 'carol',
      token: 'tok',
      traceToken: 'trace-1',
      catalog: 'c',
      schema: 's',
      headers: [['X-Forwarded-Proto', 'https']],
    });
    expect(server.seen[0]).toMatchObject({
      url: '/v1/statement',
      body: 'SELECT 1',
      headers: {
        'x-trino-user': 'carol',
        'x-trino-source': 'charter',
        'x-trino-trace-token': 'trace-1',
        'x-trino-catalog': 'c',
        'x-trino-schema': 's',
        'x-forwarded-proto': 'https',
      },
    });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer tok'));
    expect(server.seen[1]?.headers).not.toHaveProperty('x-trino-user');
    expect(secrets).toContain('tok');
  });

  test('without a user there is no user header', async () => {
    await using server = await loopback((_, response) => response.writeHead(401).end('Unauthorized'));
    await client(server.url).query('SELECT 1');
    expect(server.seen[0]?.headers).not.toHaveProperty('x-trino-user');
  });

  test('a denial is a failed query with its code and message', async () => {
    await using server = await loopback(pages({}, { error: denied }));
    const { error, state, exchange } = await run(server);
    expect(state).toBe('failed');
    expect(error).toEqual({
      errorName: 'PERMISSION_DENIED',
      errorCode: 4,
      errorType: 'USER_ERROR',
      message: denied.message,
    });
    expect(exchange.body).toContain('PERMISSION_DENIED');
    expect(exchange.body).not.toContain('failureInfo');
  });

  test.each([400, 401, 403, 406])('%i is a refused statement without a query', async (status) => {
    await using server = await loopback((_, response) => response.writeHead(status).end('no'));
    const result = await run(server);
    expect(result).toMatchObject({ state: 'refused', httpStatus: status, rowCount: 0, columns: [] });
    expect(result).not.toHaveProperty('queryId');
  });

  test('a refusal on a later page keeps the id that was given out', async () => {
    await using server = await loopback((request, response, count) =>
      count === 1 ? pages({}, {})(request, response, count) : response.writeHead(401).end(),
    );
    expect(await run(server)).toMatchObject({ state: 'refused', httpStatus: 401, queryId: 'q1' });
  });

  test('an update says what it did', async () => {
    await using server = await loopback(pages({}, { updateType: 'CREATE TABLE' }));
    expect(await run(server, 'CREATE TABLE c.s.t (x int)')).toMatchObject({
      state: 'finished',
      updateType: 'CREATE TABLE',
    });
  });
});

describe('an engine that stumbles', () => {
  test.each([502, 503, 504])('%i is asked again, on the POST and on a page', async (status) => {
    const answer = pages({}, { columns, data: [[1, jane]] });
    let asked = 0;
    await using server = await loopback((request, response) => {
      asked += 1;
      if (asked % 2 === 1) response.writeHead(status).end();
      else answer(request, response, asked / 2);
    });
    const result = await run(server);
    expect(result.state).toBe('finished');
    expect(result.exchange.attempts).toHaveLength(2);
    expect(result.exchange.attempts?.[0]).toMatch(new RegExp(`^${status} after \\d+ ms$`));
  });

  test('503 for ever is a bad answer after ten tries, which it lists', async () => {
    await using server = await loopback((_, response) => response.writeHead(503).end());
    await expect(run(server)).rejects.toMatchObject({
      kind: 'bad-answer',
      got: '503 10 times',
      http: { status: 503 },
    });
    expect(server.seen).toHaveLength(10);
  });

  test('the budget of the query ends the tries earlier', async () => {
    await using server = await loopback((_, response) => response.writeHead(503).end());
    const query = client(server.url).query('SELECT 1', { timeoutMs: 120 });
    await expect(query).rejects.toMatchObject({ kind: 'timeout' });
    expect(server.seen.length).toBeLessThan(5);
  });

  test('a query that never ends is given up and cancelled', async () => {
    await using server = await loopback((request, response, count) => {
      const nextUri = `http://${request.headers.host}/v1/statement/executing/q1/y/${count}`;
      if (request.method === 'DELETE') response.writeHead(204).end();
      else setTimeout(() => sendJson(response, 200, { id: 'q1', nextUri }), 10);
    });
    const query = client(server.url).query('SELECT 1', { user: 'carol', timeoutMs: 150 });
    await expect(query).rejects.toMatchObject({ kind: 'timeout', code: 'CHR_TARGET_UNREACHABLE' });
    expect(server.seen.at(-1)?.method).toBe('DELETE');
  });

  test.each([404, 410, 500])('%i on a page is a bad answer', async (status) => {
    await using server = await loopback((request, response, count) =>
      count === 1 ? pages({}, {})(request, response, count) : response.writeHead(status).end(),
    );
    await expect(run(server)).rejects.toMatchObject({ kind: 'bad-answer', got: String(status) });
  });

  test('a page on another host is never fetched', async () => {
    await using elsewhere = await loopback((_, response) => sendJson(response, 200, { id: 'q1' }));
    await using server = await loopback((_, response) =>
      sendJson(response, 200, { id: 'q1', nextUri: `${elsewhere.url}/v1/statement/x` }),
    );
    const query = client(server.url).query('SELECT 1', { token: 'carols-token' });
    await expect(query).rejects.toMatchObject({ kind: 'bad-answer', expected: `nextUri on ${server.url}` });
    expect(elsewhere.seen).toHaveLength(0);
  });

  test.each(['relative/path', 'file:///etc/passwd', ''])('nextUri %j is a bad answer', async (nextUri) => {
    await using server = await loopback((_, response) => sendJson(response, 200, { id: 'q1', nextUri }));
    await expect(run(server)).rejects.toMatchObject({ kind: 'bad-answer' });
  });

  test.each([
    ['no id', { columns, data: [] }],
    ['rows that are no lists', { id: 'q1', columns, data: [jane] }],
    ['columns without names', { id: 'q1', columns: [jane], data: [] }],
  ])('%s is a bad answer that quotes nothing', async (_, body) => {
    await using server = await loopback((__, response) => sendJson(response, 200, body));
    const error: unknown = await run(server).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'bad-answer' });
    expect(inspect(error, { depth: 9 })).not.toContain(jane);
  });
});

describe('row values stay private', () => {
  const twoRows = pages({}, { columns, data: [[1, jane]] }, { data: [[2, null]] });

  /** Everything a report, a log or a diff could show of a value. */
  const shown = (value: unknown) =>
    [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value), String(value)].join('\n');

  test('no value in the result, its exchange, JSON or inspection', async () => {
    await using server = await loopback(twoRows);
    const result = await run(server);
    expect(shown(result)).not.toContain(jane);
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ state: 'finished', rowCount: 2 });
    expect(inspect(result)).toBe('QueryResult { finished, HTTP 200, 2 rows of 2 columns }');
    expect(result.exchange.body).toContain('"data":"<1 rows withheld>"');
  });

  test('no value in the difference that a failing assertion shows', async () => {
    await using server = await loopback(twoRows);
    const result = await run(server);
    let message = '';
    try {
      expect(result).toEqual({ state: 'failed' });
    } catch (error) {
      message = shown(error);
    }
    expect(message).toContain('finished');
    expect(message).not.toContain(jane);
  });

  test('no value in the error about a truncated page', async () => {
    await using server = await loopback((_, response) =>
      response.end(`{"id":"q1","data":[[1,"${jane}"],[2,`),
    );
    const error: unknown = await run(server).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: 'bad-answer',
      http: { body: expect.stringMatching(/^<\d+ bytes withheld: not JSON>$/) },
    });
    expect(shown(error)).not.toContain(jane);
  });

  test('no value in the error about a page that is no HTTP', async () => {
    await using server = await rawLoopback((socket) =>
      socket.once('data', () => socket.end(`${jane}\r\n\r\n`)),
    );
    const error: unknown = await client(`http://127.0.0.1:${server.port}`)
      .query('SELECT 1')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'bad-answer' });
    expect(shown(error)).not.toContain(jane);
  });

  test('no value in the body of an answer of unknown fields', async () => {
    const describe = Trino.describeBody;
    expect(describe(JSON.stringify({ id: 'q', rows: [[jane]], data: jane, columns: jane }))).not.toContain(
      jane,
    );
    expect(describe(JSON.stringify([jane]))).not.toContain(jane);
    expect(describe('')).toBe('');
  });

  test('fingerprints tell equal from different, and null', async () => {
    await using server = await loopback(twoRows);
    const prints = (await run(server)).fingerprints('email');
    expect(prints).toEqual([Trino.fingerprint(jane), 'null']);
    expect(prints[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(Trino.fingerprint('1')).not.toBe(Trino.fingerprint(1));
    expect(Trino.fingerprint('null')).not.toBe('null');
  });

  test('reveal hands out values and has every text in them redacted', async () => {
    const redacted: string[] = [];
    const nested = [
      [1, { name: ['Jane', 4111] }],
      [2, null],
    ];
    await using server = await loopback(pages({ columns, data: nested }));
    const result = await run(server, 'SELECT 1', { onRowValue: (text) => redacted.push(text) });
    expect(result.reveal('email')).toEqual([{ name: ['Jane', 4111] }, null]);
    expect(redacted).toEqual(expect.arrayContaining(['Jane', '4111']));
  });

  test('contains looks into every cell', async () => {
    await using server = await loopback(pages({ columns, data: [[1, [`mailto:${jane}`]]] }));
    const result = await run(server);
    expect(result.contains(jane)).toBe(true);
    expect(result.contains('someone.else')).toBe(false);
  });

  test('a count is a number; anything else is not shown', async () => {
    await using server = await loopback(pages({ columns, data: [[7, jane]] }));
    const result = await run(server);
    expect(result.number('id')).toBe(7);
    expect(() => result.number('email')).toThrow('1 rows of varchar');
    expect(() => result.number('nope')).toThrow('id, email');
    expect(shown(captured(() => result.number('email')))).not.toContain(jane);
  });

  test('names are for statements that list names only', async () => {
    const catalogs = { columns: [{ name: 'Catalog', type: 'varchar' }], data: [['iceberg'], ['tpch']] };
    await using server = await loopback((request, response) => pages(catalogs)(request, response, 1));
    expect((await run(server, 'SHOW CATALOGS')).names('Catalog')).toEqual(['iceberg', 'tpch']);
    const select = await run(server, 'SELECT 1');
    expect(() => select.names('Catalog')).toThrow(TypeError);
    const stats = await run(server, 'SHOW STATS FOR t');
    expect(() => stats.names('Catalog')).toThrow(TypeError);

    const views = 'SELECT table_schema, table_name FROM "c".information_schema.views';
    expect((await run(server, views)).names('Catalog')).toEqual(['iceberg', 'tpch']);
    const more = await run(server, `${views}, c.s.t`);
    expect(() => more.names('Catalog')).toThrow(TypeError);
  });

  test('a query that did not finish has no values to compare', async () => {
    await using server = await loopback(pages({ columns, data: [[1, jane]] }, { error: denied }));
    const result = await run(server);
    expect(result.rowCount).toBe(1);
    const readers = [
      () => result.fingerprints('email'),
      () => result.reveal('email'),
      () => result.contains(jane),
    ];
    for (const read of readers) expect(read).toThrow('failed PERMISSION_DENIED');
  });
});

function captured(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
