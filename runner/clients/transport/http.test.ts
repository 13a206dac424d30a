import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { freePort, httpTo, loopback, rawLoopback, sendJson } from '../loopback.ts';
import type { HttpExchange } from './exchange.ts';
import { TargetError } from './target-error.ts';

/** The TargetError a request ends with; anything else fails the test. */
async function failureOf(request: Promise<unknown>): Promise<TargetError> {
  const outcome = await request.then(
    (value) => value,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(TargetError);
  return outcome as TargetError;
}

describe('a failure says what was seen', () => {
  test('nothing listens: connect-refused with the URL', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const error = await failureOf(httpTo(url).request({ path: '/v1/info' }));
    expect(error.kind).toBe('connect-refused');
    expect(error.code).toBe('CHR_TARGET_UNREACHABLE');
    expect(error.message).toBe(`connect-refused ${url}/v1/info: ECONNREFUSED`);
    expect(error).toMatchObject({ target: 'trino', url: `${url}/v1/info`, http: { method: 'GET' } });
    expect(error.waitedMs).toBeLessThan(500);
  });

  test('a name that does not resolve: unresolved', async () => {
    // A label of 64 characters fails in the resolver of the machine; no packet is sent.
    const error = await failureOf(httpTo(`http://${'a'.repeat(64)}.test`).request({ path: '/' }));
    expect(error.kind).toBe('unresolved');
  });

  test('a handshake that never ends: timeout after connectMs, not after requestMs', async () => {
    await using silent = await rawLoopback(() => {});
    const http = httpTo(`https://127.0.0.1:${silent.port}`, { connectMs: 120, requestMs: 10_000 });
    const error = await failureOf(http.request({ path: '/' }));
    expect(error.kind).toBe('timeout');
    expect(error.waitedMs).toBeGreaterThanOrEqual(115);
    expect(error.waitedMs).toBeLessThan(1_000);
  });

  test('a request that nobody answers: timeout after requestMs', async () => {
    await using server = await loopback(() => {});
    const error = await failureOf(httpTo(server.url, { requestMs: 120 }).request({ path: '/' }));
    expect(error.kind).toBe('timeout');
    expect(error.got).toMatch(/^no answer to the request after \d{3} ms$/);
  });

  test('a request may have a budget of its own', async () => {
    await using server = await loopback(() => {});
    const error = await failureOf(httpTo(server.url).request({ path: '/', timeoutMs: 60 }));
    expect(error.waitedMs).toBeLessThan(1_000);
  });

  test('a body that stops: timeout that names status and bytes', async () => {
    await using server = await loopback((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
    });
    const error = await failureOf(httpTo(server.url, { requestMs: 120 }).request({ path: '/' }));
    expect(error.kind).toBe('timeout');
    expect(error.got).toContain('status 200, then only 4 bytes of the body');
    expect(error.http).toMatchObject({ status: 200 });
  });

  test('a socket reset before and in the middle of the answer: reset', async () => {
    await using server = await loopback((request, response) => {
      if (request.url === '/early') response.socket?.resetAndDestroy();
      else
        response
          .writeHead(200, { 'content-length': '100' })
          .write('half', () => response.socket?.resetAndDestroy());
    });
    const http = httpTo(server.url);
    expect((await failureOf(http.request({ path: '/early' }))).kind).toBe('reset');
    const late = await failureOf(http.request({ path: '/late' }));
    expect(late.kind).toBe('reset');
    expect(late.got).toContain('status 200');
  });

  test('a server that hangs up without an answer: reset', async () => {
    await using server = await rawLoopback((socket) => socket.once('data', () => socket.end()));
    expect((await failureOf(httpTo(`http://127.0.0.1:${server.port}`).request({ path: '/' }))).kind).toBe(
      'reset',
    );
  });

  test('something that does not speak HTTP: bad-answer', async () => {
    await using server = await rawLoopback((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
    );
    const error = await failureOf(httpTo(`http://127.0.0.1:${server.port}`).request({ path: '/' }));
    expect(error.kind).toBe('bad-answer');
    expect(error.code).toBe('CHR_TARGET_ANSWER');
    expect(error.got).toMatch(/^not HTTP/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('OpenSSH');
  });

  test('an answer beyond the limit: bad-answer, and the rest is not read', async () => {
    await using server = await loopback((_, response) => response.end('x'.repeat(200_000)));
    const error = await failureOf(httpTo(server.url, { maxBodyBytes: 100_000 }).request({ path: '/' }));
    expect(error.kind).toBe('bad-answer');
    expect(error.got).toBe('a body of more than 100000 bytes');
  });

  test('a truncated JSON body: bad-answer from json(), the text stays readable', async () => {
    await using server = await loopback((_, response) => response.end('{"secret-row": "jane@exam'));
    const result = await httpTo(server.url).request({ path: '/' });
    expect(result.text).toContain('jane');
    const error = await failureOf(Promise.resolve().then(() => result.json()));
    expect(error.kind).toBe('bad-answer');
    expect(error.message).toMatch(/200 with 25 bytes that are not JSON$/);
    expect(error.cause).toBeUndefined();
  });

  test('a header that HTTP forbids is a mistake of the caller, not of the target', async () => {
    await using server = await loopback((_, response) => response.end());
    const request = httpTo(server.url).request({ path: '/', headers: { 'x-bad': 'a\nb' } });
    await expect(request).rejects.not.toBeInstanceOf(TargetError);
    expect(server.seen).toHaveLength(0);
  });

  test('a client goes on after every failure', async () => {
    await using server = await loopback((_, response, count) => {
      if (count === 1) response.socket?.resetAndDestroy();
      else response.end('ok');
    });
    const http = httpTo(server.url);
    await failureOf(http.request({ path: '/' }));
    expect((await http.request({ path: '/' })).text).toBe('ok');
  });
});

describe('a request goes out as it was given', () => {
  test('method, path with query, headers and body', async () => {
    await using server = await loopback((_, response) => response.end());
    await httpTo(`${server.url}/prefix/`).request({
      method: 'PUT',
      path: '/a?b=%20c',
      headers: { 'X-One': '1' },
      body: 'héllo',
    });
    expect(server.seen[0]).toMatchObject({ method: 'PUT', url: '/prefix/a?b=%20c', body: 'héllo' });
    expect(server.seen[0]?.rawHeaders).toContain('X-One');
  });

  test('duplicate headers arrive as two lines, in order, spelled as given', async () => {
    await using server = await loopback((_, response) => response.end());
    const headers = [
      ['X-Auth-Request-Groups', 'viewer'],
      ['x-auth-request-groups', 'admin'],
    ] as const;
    await httpTo(server.url).request({ path: '/', headers });
    const raw = server.seen[0]?.rawHeaders.join('|');
    expect(raw).toContain('X-Auth-Request-Groups|viewer|x-auth-request-groups|admin');
  });

  test('a redirect is returned, never followed', async () => {
    await using elsewhere = await loopback((_, response) => response.end('stolen'));
    await using server = await loopback((_, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/?token=x` }).end();
    });
    const result = await httpTo(server.url).request({ path: '/' });
    expect(result.status).toBe(302);
    expect(result.headers.location).toContain(elsewhere.url);
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('an error status is a result, and nothing is tried twice', async () => {
    await using server = await loopback((_, response) => sendJson(response, 503, { busy: true }));
    const result = await httpTo(server.url).request({ path: '/' });
    expect(result.status).toBe(503);
    expect(result.json()).toEqual({ busy: true });
    expect(server.seen).toHaveLength(1);
  });

  test('one connection serves requests after each other', async () => {
    await using server = await loopback((_, response) => response.end('ok'));
    const http = httpTo(server.url);
    const first = await http.request({ path: '/' });
    const second = await http.request({ path: '/' });
    expect(server.seen[0]?.clientPort).toBe(server.seen[1]?.clientPort);
    expect(first.exchange.timings.connect).toBeGreaterThanOrEqual(0);
    expect(second.exchange.timings.connect).toBeUndefined();
  });

  test('many requests at once each get their own answer', async () => {
    await using server = await loopback((request, response) => response.end(request.url));
    const http = httpTo(server.url);
    const paths = Array.from({ length: 40 }, (_, index) => `/${index}`);
    const results = await Promise.all(paths.map((path) => http.request({ path })));
    expect(results.map(({ text }) => text)).toEqual(paths);
  });

  test('an answer in many chunks is whole', async () => {
    const text = 'äöü€😀'.repeat(50_000);
    await using server = await loopback((_, response) => response.end(text));
    expect((await httpTo(server.url).request({ path: '/' })).text).toBe(text);
  });

  test('closing ends the connections; a later request opens new ones', async () => {
    await using server = await loopback((_, response) => response.end('ok'));
    const http = httpTo(server.url);
    await http.request({ path: '/' });
    await http.close();
    expect((await http.request({ path: '/' })).text).toBe('ok');
  });
});

describe('an exchange shows what a report needs and no secret', () => {
  test('method, URL, status, body and timings, for answers and for failures', async () => {
    await using server = await loopback((request, response) => {
      if (request.url === '/ok') sendJson(response, 418, { a: 1 });
    });
    const seen: HttpExchange[] = [];
    const http = httpTo(server.url, { onExchange: (exchange) => seen.push(exchange), requestMs: 80 });
    const result = await http.request({ method: 'POST', path: '/ok', body: 'password=hunter2' });
    await failureOf(http.request({ path: '/hang' }));
    expect(result.exchange).toMatchObject({
      method: 'POST',
      url: `${server.url}/ok`,
      status: 418,
      body: '{"a":1}',
    });
    expect(result.exchange.timings.ttfb).toBeLessThanOrEqual(result.exchange.timings.total);
    expect(seen.map(({ url }) => url)).toEqual([`${server.url}/ok`, `${server.url}/hang`]);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
  });

  test('a body is cut at 2 KiB, not through a character', async () => {
    await using server = await loopback((_, response) => response.end('€'.repeat(5_000)));
    const { body } = (await httpTo(server.url).request({ path: '/' })).exchange;
    expect(body).toBe(`${'€'.repeat(682)}… (15000 bytes)`);
  });

  test('a token in a body is withheld whole, also where the cut would split it', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'p'.repeat(4_000)}.${'s'.repeat(300)}`;
    await using server = await loopback((_, response) =>
      sendJson(response, 200, { access_token: token, next: 1 }),
    );
    const result = await httpTo(server.url).request({ path: '/' });
    expect(result.exchange.body).toBe('{"access_token":"<token withheld>","next":1}');
    expect(result.text).toContain(token);
  });

  test('a body that is cut says so, also where tokens were most of it', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'p'.repeat(65_000)}`;
    await using server = await loopback((_, response) => response.end(`${token} ${'hunter2 '.repeat(100)}`));
    const { body } = (await httpTo(server.url).request({ path: '/' })).exchange;
    expect(body).toMatch(/^<token withheld> (hunter2 )+\w*… \(\d+ bytes\)$/);
  });

  test('describeBody decides what is shown, not what is read', async () => {
    await using server = await loopback((_, response) => response.end('private'));
    const http = httpTo(server.url, { describeBody: (text) => `<${text.length} withheld>` });
    const result = await http.request({ path: '/' });
    expect(result.exchange.body).toBe('<7 withheld>');
    expect(result.text).toBe('private');
  });

  test('credentials in headers and cookies are reported as secrets, short made-up words are not', async () => {
    const bearer = 'b'.repeat(30);
    const cookie = 'c'.repeat(30);
    const received = 'r'.repeat(30);
    await using server = await loopback((_, response) => {
      response.writeHead(200, { 'set-cookie': [`session=${received}; HttpOnly`, 'lang=de'] }).end();
    });
    const secrets: string[] = [];
    const http = httpTo(server.url, { onSecret: (text) => secrets.push(text) });
    await http.request({
      path: '/',
      headers: { Authorization: `Bearer ${bearer}`, Cookie: `a=b; s=${cookie}` },
    });
    await http.request({ path: '/', headers: { authorization: 'Bearer garbage' } });
    expect(new Set(secrets)).toEqual(new Set([bearer, cookie, received]));
  });
});
