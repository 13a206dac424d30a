import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loopback, rawLoopback } from './loopback.ts';
import { Trino } from './trino.ts';
import { client, columns, denied, jane, pages, run } from './trino-testing.ts';

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

  test('no value that the message of an error quotes, and the whole message is redacted wherever it goes', async () => {
    const message = `Cannot cast '${jane}' to INTEGER`;
    const bad = { message, errorName: 'INVALID_CAST_ARGUMENT', errorCode: 9, errorType: 'USER_ERROR' };
    await using server = await loopback(pages({}, { error: bad }));
    const redacted: string[] = [];
    const result = await run(server, 'SELECT 1', { onRowValue: (text) => redacted.push(text) });
    expect(result.error?.message).toBe(message);
    expect(shown(result.exchange)).not.toContain(jane);
    expect(result.exchange.body).toContain('INVALID_CAST_ARGUMENT');
    expect(redacted).toEqual([message]);
  });

  test('names stay readable in the message of an error about them', async () => {
    await using server = await loopback(pages({}, { error: denied }));
    const redacted: string[] = [];
    const result = await run(server, 'SELECT 1', { onRowValue: (text) => redacted.push(text) });
    expect(result.exchange.body).toContain(denied.message);
    expect(redacted).toEqual([]);
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
