// policy-sync and cockpit-backend: two services that publish little, found by their health and called by edge headers.
import { describe, expect, test } from 'vitest';
import { CockpitBackend } from './cockpit-backend.ts';
import { freePort, httpTo, type Loopback, loopback, sendJson } from './loopback.ts';
import { PolicySync } from './policy-sync.ts';

const carol = { email: 'carol@example.test', groups: ['akko-analyst', 'equipe-marketing'], user: 'carol' };
const health = ['/health', '/healthz', '/api/v1/health'];
const sync = (server: Loopback, routes = {}) =>
  new PolicySync({
    http: httpTo(server.url, { target: 'policySync' }),
    routes: { health, sync: '/api/v1/sync', ...routes },
  });
const cockpit = (server: Loopback) =>
  new CockpitBackend({ http: httpTo(server.url, { target: 'cockpitBackend' }), routes: { health } });

describe.each([
  ['policy-sync', sync],
  ['cockpit-backend', cockpit],
] as const)('identify %s', (_, make) => {
  test('the first health path that answers', async () => {
    await using server = await loopback((request, response) =>
      request.url === '/healthz'
        ? sendJson(response, 200, { status: 'ok' })
        : sendJson(response, 404, { detail: 'Not Found' }),
    );
    await make(server).identify();
    expect(server.seen.map(({ url }) => url)).toEqual(['/health', '/healthz']);
    expect((await make(server).health()).json()).toEqual({ status: 'ok' });
  });

  test.each([
    ['a web server', 200, '<html>Welcome to nginx!</html>'],
    ["OPA's empty object", 200, '{}'],
    ['a list', 200, '[]'],
    ['no health path', 404, '{"detail":"Not Found"}'],
  ])('%s is another product', async (__, status, body) => {
    await using server = await loopback((___, response) => response.writeHead(status).end(body));
    await expect(make(server).identify()).rejects.toMatchObject({
      kind: 'no-identity',
      code: 'CHR_TARGET_NO_IDENTITY',
      got: expect.stringContaining(`/healthz ${status}`),
    });
  });

  test('5xx on every path is a bad answer of the right product', async () => {
    await using server = await loopback((___, response) => response.writeHead(503).end());
    await expect(make(server).identify()).rejects.toMatchObject({ kind: 'bad-answer' });
  });

  test('nothing there is connect-refused, not another product', async () => {
    await using server = await loopback(() => {});
    const absent = { ...server, url: `http://127.0.0.1:${await freePort()}` };
    await expect(make(absent).identify()).rejects.toMatchObject({ kind: 'connect-refused' });
  });
});

describe('edge headers', () => {
  test('an identity is four headers, groups joined by commas', async () => {
    await using server = await loopback((_, response) => sendJson(response, 200, {}));
    await cockpit(server).get('/me', carol);
    expect(server.seen[0]?.headers).toMatchObject({
      'x-auth-request-email': 'carol@example.test',
      'x-auth-request-groups': 'akko-analyst,equipe-marketing',
      'x-auth-request-user': 'carol',
      'x-auth-request-preferred-username': 'carol',
    });
  });

  test('without an identity there is none of them', async () => {
    await using server = await loopback((_, response) => sendJson(response, 401, {}));
    expect((await cockpit(server).get('/me')).status).toBe(401);
    expect(Object.keys(server.seen[0]?.headers ?? {}).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  test('a body is JSON, a text goes as it is', async () => {
    await using server = await loopback((_, response) => sendJson(response, 422, {}));
    await cockpit(server).send('PUT', '/policy', { a: 1 }, carol);
    await cockpit(server).send('PUT', '/policy', '{"broken', carol);
    await cockpit(server).send('DELETE', '/policy');
    expect(server.seen.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
      ['PUT', '{"a":1}', 'application/json'],
      ['PUT', '{"broken', 'application/json'],
      ['DELETE', '', undefined],
    ]);
  });

  test('raw headers keep duplicates and spelling', async () => {
    await using server = await loopback((_, response) => sendJson(response, 401, {}));
    await cockpit(server).raw('GET', '/me', [
      ['X-Auth-Request-Groups', 'viewer'],
      ['X-AUTH-REQUEST-GROUPS', 'admin'],
    ]);
    expect(server.seen[0]?.rawHeaders.join('|')).toContain(
      'X-Auth-Request-Groups|viewer|X-AUTH-REQUEST-GROUPS|admin',
    );
  });
});

describe('policy-sync', () => {
  test('sync posts with identity and further headers; getSync does not post', async () => {
    await using server = await loopback((_, response) => sendJson(response, 202, {}));
    expect(
      (await sync(server).sync({ identity: carol, headers: [['Authorization', 'Bearer x']] })).status,
    ).toBe(202);
    await sync(server).sync();
    await sync(server).getSync();
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /api/v1/sync',
      'POST /api/v1/sync',
      'GET /api/v1/sync',
    ]);
    expect(server.seen[0]?.headers).toMatchObject({
      'x-auth-request-user': 'carol',
      authorization: 'Bearer x',
    });
    expect(server.seen[1]?.headers).not.toHaveProperty('x-auth-request-user');
  });

  test('ready and metrics are asked only where they are configured', async () => {
    await using server = await loopback((_, response) => sendJson(response, 200, {}));
    expect(await sync(server).ready()).toBeUndefined();
    expect(await sync(server).metrics()).toBeUndefined();
    const configured = sync(server, { ready: '/ready', metrics: '/metrics' });
    expect((await configured.ready())?.status).toBe(200);
    expect((await configured.metrics())?.status).toBe(200);
    expect(server.seen.map(({ url }) => url)).toEqual(['/ready', '/metrics']);
  });
});

describe('what an exchange shows of the cockpit backend', () => {
  test.each([
    [
      'events, counted',
      '{"events":[{"sql":"private"},{}],"next":7}',
      '{"events":"<2 events withheld>","next":7}',
    ],
    ['a bare list, counted', '[{"sql":"private"}]', '<a list of 1 withheld>'],
    ['a cut list, not at all', '{"events":[{"sql":"priv', '<23 bytes withheld: cut JSON>'],
    ['any other object', '{"error":"forbidden"}', '{"error":"forbidden"}'],
    ['a page', '<html></html>', '<html></html>'],
  ])('%s', (_, body, shown) => {
    expect(CockpitBackend.describeBody(body)).toBe(shown);
  });
});
