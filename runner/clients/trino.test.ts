import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { httpTo, loopback, sendJson } from './loopback.ts';
import { Trino } from './trino.ts';
import { client, columns, denied, jane, pages, run } from './trino-testing.ts';

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
