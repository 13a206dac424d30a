import { describe, expect, test } from 'vitest';
import { type Answerer, httpTo, type Loopback, loopback, sendJson } from './loopback.ts';
import { Opa, type OpaRoutes } from './opa.ts';
import {
  actionInput,
  batchColumnMasksInput,
  batchInput,
  catalogResource,
  columnMaskInput,
  rowFiltersInput,
  schemaResource,
  tableResource,
  userResource,
} from './opa-input.ts';

const routes: OpaRoutes = {
  allow: '/v1/data/trino/allow',
  rowFilters: '/v1/data/trino/rowFilters',
  columnMask: '/v1/data/trino/columnMask',
  batchColumnMasks: '/v1/data/trino/batchColumnMasks',
  batch: '/v1/data/trino/batch',
  aden: '/v1/data/akko/aden/allow',
};
const carol = { user: 'carol', groups: ['akko-analyst'] };
const transactions = { catalog: 'iceberg', schema: 'banking', table: 'transactions' };

const client = (server: Loopback, some: OpaRoutes = routes) =>
  new Opa({ http: httpTo(server.url, { target: 'opa' }), routes: some });
const always = (body: unknown, status = 200): Answerer => {
  return (_, response) => sendJson(response, status, body);
};

describe('identify', () => {
  test('OPA refuses broken JSON as invalid_parameter', async () => {
    await using server = await loopback(
      always({ code: 'invalid_parameter', message: 'body contains malformed JSON' }, 400),
    );
    await client(server).identify();
    expect(() => JSON.parse(server.seen[0]?.body ?? '{}')).toThrow();
    expect(server.seen[0]?.url).toBe(routes.allow);
  });

  test.each([
    ['accepts anything', {}, 200, 'no-identity'],
    ['another product refuses', { detail: 'bad json' }, 400, 'no-identity'],
    ['misconfigured authorization answers 500 to everything', { code: 'internal_error' }, 500, 'bad-answer'],
    ['authorization that keeps the runner out', { code: 'unauthorized' }, 401, 'bad-answer'],
  ])('%s', async (_, body, status, kind) => {
    await using server = await loopback(always(body, status));
    await expect(client(server).identify()).rejects.toMatchObject({ kind, target: 'opa' });
  });
});

describe('allow', () => {
  test.each([
    ['true', { result: true, decision_id: 'd1' }, { allowed: true, defined: true, decisionId: 'd1' }],
    ['false', { result: false }, { allowed: false, defined: true }],
    ['undefined is a denial', { decision_id: 'd2' }, { allowed: false, defined: false, decisionId: 'd2' }],
    ['the text "true" is a denial', { result: 'true' }, { allowed: false, defined: true }],
    ['null is a denial', { result: null }, { allowed: false, defined: true }],
  ])('%s', async (_, body, expected) => {
    await using server = await loopback(always(body));
    const { http, ...decision } = await client(server).allow(actionInput(carol, 'ExecuteQuery'));
    expect(decision).toEqual(expected);
    expect(http.status).toBe(200);
  });

  test('input arrives wrapped as the plugin wraps it; undefined sends a body without input', async () => {
    await using server = await loopback(always({}));
    const opa = client(server);
    await opa.allow(actionInput(carol, 'SelectFromColumns', tableResource(transactions, ['id'])));
    await opa.allow(undefined);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      input: {
        context: { identity: carol, softwareStack: { trinoVersion: '476' } },
        action: {
          operation: 'SelectFromColumns',
          resource: {
            table: {
              catalogName: 'iceberg',
              schemaName: 'banking',
              tableName: 'transactions',
              columns: ['id'],
            },
          },
        },
      },
    });
    expect(server.seen[1]?.body).toBe('{}');
  });

  test.each([500, 404, 401])('status %i is no decision but a bad answer', async (status) => {
    await using server = await loopback(always({ result: true }, status));
    await expect(client(server).allow({})).rejects.toMatchObject({ kind: 'bad-answer', got: String(status) });
  });

  test('a body that is no object is a bad answer', async () => {
    await using server = await loopback(always([true]));
    await expect(client(server).allow({})).rejects.toMatchObject({ kind: 'bad-answer', got: 'array' });
  });
});

describe('filters, masks and batches', () => {
  test('row filters', async () => {
    const filters = [{ expression: "region = 'EU'" }, { expression: 'active', identity: 'svc' }];
    await using server = await loopback(always({ result: filters }));
    const answer = await client(server).rowFilters(rowFiltersInput(carol, transactions));
    expect(answer).toMatchObject({ filters, defined: true });
    expect(JSON.parse(server.seen[0]?.body ?? '').input.action.operation).toBe('GetRowFilters');
  });

  test('one mask, or none', async () => {
    await using server = await loopback((_, response, count) =>
      sendJson(response, 200, count === 1 ? { result: { expression: 'NULL' } } : {}),
    );
    const opa = client(server);
    const input = columnMaskInput(carol, transactions, 'email', 'varchar');
    expect((await opa.columnMask(input)).mask).toEqual({ expression: 'NULL' });
    expect(await opa.columnMask(input)).not.toHaveProperty('mask');
    expect(JSON.parse(server.seen[0]?.body ?? '').input.action).toEqual({
      operation: 'GetColumnMask',
      resource: {
        column: {
          catalogName: 'iceberg',
          schemaName: 'banking',
          tableName: 'transactions',
          columnName: 'email',
          columnType: 'varchar',
        },
      },
    });
  });

  test('batched masks', async () => {
    const masks = [{ index: 1, viewExpression: { expression: 'NULL' } }];
    await using server = await loopback(always({ result: masks }));
    const columns = ['id', 'email'].map((name) => ({ name, type: 'varchar' }));
    const answer = await client(server).batchColumnMasks(batchColumnMasksInput(carol, transactions, columns));
    expect(answer?.masks).toEqual(masks);
    expect(JSON.parse(server.seen[0]?.body ?? '').input.action.filterResources).toHaveLength(2);
  });

  test.each([
    ['indices', { result: [0, 2] }, [0, 2]],
    ['null allows nothing', { result: null }, []],
    ['undefined allows nothing', {}, []],
  ])('batch: %s', async (_, body, indices) => {
    await using server = await loopback(always(body));
    const resources = ['a', 'b', 'c'].map(catalogResource);
    expect((await client(server).batch(batchInput(carol, 'FilterCatalogs', resources))).indices).toEqual(
      indices,
    );
  });

  test.each([
    ['rowFilters', { result: "region = 'EU'" }],
    ['rowFilters', { result: [{ filter: 'x' }] }],
    ['columnMask', { result: ['NULL'] }],
    ['batchColumnMasks', { result: [{ expression: 'NULL' }] }],
    ['batch', { result: [0.5] }],
    ['batch', { result: [-1] }],
    ['batch', { result: true }],
  ] as const)('%s of the wrong shape is a bad answer, not an empty one: %j', async (rule, body) => {
    await using server = await loopback(always(body));
    await expect(client(server)[rule]({})).rejects.toMatchObject({ kind: 'bad-answer' });
  });

  test('an answer of the wrong shape is shown as far as 200 characters, and says that it is cut', async () => {
    await using server = await loopback(always({ result: 'x'.repeat(300) }));
    const got = `"${'x'.repeat(199)}…`;
    await expect(client(server).rowFilters({})).rejects.toMatchObject({ kind: 'bad-answer', got });
  });

  test('routes that are not configured are not asked', async () => {
    await using server = await loopback(always({ result: true }));
    const { batchColumnMasks: _, aden: __, ...few } = routes;
    const opa = client(server, few);
    expect(await opa.batchColumnMasks({})).toBeUndefined();
    expect(await opa.aden({ user: 'a', role: 'b', table: 'c' })).toBeUndefined();
    expect(server.seen).toHaveLength(0);
  });

  test('aden, health and policies go where they live', async () => {
    await using server = await loopback(always({ result: true }));
    const opa = client(server);
    expect((await opa.aden({ user: 'alice', role: 'akko-admin', table: 't' }))?.allowed).toBe(true);
    await opa.health();
    await opa.health('bundles');
    await opa.policies();
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/data/akko/aden/allow',
      'GET /health',
      'GET /health?bundles',
      'GET /v1/policies',
    ]);
  });
});

test('resources as the plugin spells them', () => {
  expect(catalogResource('tpch')).toEqual({ catalog: { name: 'tpch' } });
  expect(schemaResource('tpch', 'tiny')).toEqual({ schema: { catalogName: 'tpch', schemaName: 'tiny' } });
  expect(userResource('bob')).toEqual({ user: { user: 'bob' } });
});
