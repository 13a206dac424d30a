import { describe, expect, test } from 'vitest';
import { clientOf, type RequestRecord, resources } from './index.ts';
import { answerJson, type Script, scriptedServer } from './testing/index.ts';

const { configMaps, namespaces } = resources;
const ref = { namespace: 'ns', name: 'a' };

async function stage(script: Script, timeoutMs = 15_000) {
  const server = await scriptedServer(script);
  const counted: RequestRecord[] = [];
  const client = clientOf(server.kubeconfig, { timeoutMs, onRequest: (one) => counted.push(one) });
  return {
    ...{ server, client, counted },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const status = (code: number, reason: string, more = {}) => ({
  ...{ kind: 'Status', code, reason, message: `said ${reason}`, ...more },
});

describe('a refusal has a code that nobody has to parse', () => {
  test.each([
    [400, 'BadRequest', 'CHR_KUBE_INVALID'],
    [401, 'Unauthorized', 'CHR_KUBE_UNAUTHORIZED'],
    [403, 'Forbidden', 'CHR_KUBE_FORBIDDEN'],
    [404, 'NotFound', 'CHR_KUBE_NOT_FOUND'],
    [409, 'Conflict', 'CHR_KUBE_CONFLICT'],
    [409, 'AlreadyExists', 'CHR_KUBE_ALREADY_EXISTS'],
    [410, 'Gone', 'CHR_KUBE_GONE'],
    [410, 'Expired', 'CHR_KUBE_GONE'],
    [422, 'Invalid', 'CHR_KUBE_INVALID'],
    [429, 'TooManyRequests', 'CHR_KUBE_TOO_MANY_REQUESTS'],
    [500, 'InternalError', 'CHR_KUBE_SERVER'],
    [503, 'ServiceUnavailable', 'CHR_KUBE_SERVER'],
  ])('%i %s: %s', async (code, reason, expected) => {
    await using at = await stage((_, response) => answerJson(response, code, status(code, reason)));
    await expect(at.client.get(configMaps, ref)).rejects.toMatchObject({
      ...{ code: expected, status: code, reason },
      message: expect.stringContaining(`/api/v1/namespaces/ns/configmaps/a: ${code}: said ${reason}`),
    });
    expect(at.counted).toMatchObject([{ verb: 'get', resource: 'configmaps', status: code }]);
  });

  test('Retry-After is milliseconds, from the header or from the body', async () => {
    await using at = await stage((_, response, nth) =>
      nth === 1
        ? answerJson(response, 429, status(429, 'TooManyRequests'), { 'retry-after': '3' })
        : answerJson(response, 429, status(429, 'TooManyRequests', { details: { retryAfterSeconds: 7 } })),
    );
    await expect(at.client.get(configMaps, ref)).rejects.toMatchObject({ retryAfterMs: 3_000 });
    await expect(at.client.get(configMaps, ref)).rejects.toMatchObject({ retryAfterMs: 7_000 });
  });

  test('what is no Kubernetes answer is still an answer: a proxy that is down', async () => {
    await using at = await stage((_, response) => response.writeHead(502).end('<html>bad gateway</html>'));
    await expect(at.client.get(configMaps, ref)).rejects.toMatchObject({
      ...{ code: 'CHR_KUBE_SERVER', message: expect.stringContaining('502: <html>bad gateway') },
    });
  });
});

describe('a call ends', () => {
  test.each([
    ['is never answered', () => {}],
    ['is answered by half', (_: unknown, response) => void response.writeHead(200).write('{"metadata":')],
  ] satisfies [string, Script][])('with CHR_KUBE_TIMEOUT when it %s', async (_, script) => {
    await using at = await stage(script, 300);
    await expect(at.client.get(configMaps, ref)).rejects.toMatchObject({ code: 'CHR_KUBE_TIMEOUT' });
    expect(at.counted).toMatchObject([{ status: 'timeout' }]);
  });

  test('with CHR_KUBE_UNREACHABLE when the connection is reset', async () => {
    await using at = await stage((request) => request.socket.destroy());
    await expect(at.client.get(configMaps, ref)).rejects.toMatchObject({ code: 'CHR_KUBE_UNREACHABLE' });
    expect(at.counted).toMatchObject([{ status: 'unreachable' }]);
  });

  test('with the reason of its signal', async () => {
    const stop = new AbortController();
    await using at = await stage(() => stop.abort(new Error('enough')));
    await expect(at.client.get(configMaps, ref, { signal: stop.signal })).rejects.toThrow('enough');
    expect(at.counted).toMatchObject([{ status: 'aborted' }]);
    await expect(at.client.get(configMaps, ref, { signal: stop.signal })).rejects.toThrow('enough');
    expect(at.server.asked.length).toBe(1);
  });
});

describe('find', () => {
  test('what does not exist is undefined, what may not be read is an error', async () => {
    await using at = await stage((_, response, nth) =>
      nth === 1
        ? answerJson(response, 404, status(404, 'NotFound'))
        : answerJson(response, 403, status(403, 'Forbidden')),
    );
    expect(await at.client.find(configMaps, ref)).toBeUndefined();
    await expect(at.client.find(configMaps, ref)).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
  });
});

describe('list', () => {
  const page = (name: string, next?: string) => ({
    metadata: { resourceVersion: '7', ...(next === undefined ? {} : { continue: next }) },
    items: [{ metadata: { name } }],
  });

  test('follows the pages and gives items their kind', async () => {
    await using at = await stage((_, response, nth) =>
      answerJson(response, 200, nth === 1 ? page('a', 'more') : page('b')),
    );
    const list = await at.client.list(namespaces, { pageSize: 1, labelSelector: 'a=b,c' });
    expect(list).toEqual({
      resourceVersion: '7',
      items: ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    });
    expect(at.server.asked).toEqual([
      'GET /api/v1/namespaces?labelSelector=a%3Db%2Cc&limit=1',
      'GET /api/v1/namespaces?labelSelector=a%3Db%2Cc&limit=1&continue=more',
    ]);
  });

  test('starts again in one piece when the next page has expired, never giving half of it', async () => {
    await using at = await stage((_, response, nth) => {
      if (nth === 1) answerJson(response, 200, page('old', 'more'));
      else if (nth === 2) answerJson(response, 410, status(410, 'Expired'));
      else answerJson(response, 200, page('new'));
    });
    const list = await at.client.list(namespaces);
    expect(list.items.map(({ metadata }) => metadata?.name)).toEqual(['new']);
    expect(at.server.asked.at(-1)).toBe('GET /api/v1/namespaces');
  });

  test('a refused list is an error, never empty', async () => {
    await using at = await stage((_, response) => answerJson(response, 403, status(403, 'Forbidden')));
    await expect(at.client.list(namespaces)).rejects.toMatchObject({ code: 'CHR_KUBE_FORBIDDEN' });
  });

  test.each([
    ['an object that is no list', {}],
    ['a list without items', { metadata: { resourceVersion: '7' } }],
    ['a text', '<html>maintenance</html>'],
  ])('%s is an error, never empty', async (_, body) => {
    await using at = await stage((_request, response) => answerJson(response, 200, body as object));
    await expect(at.client.list(namespaces)).rejects.toMatchObject({ code: 'CHR_KUBE_SERVER' });
  });

  test('a list of nothing is empty', async () => {
    const body = { metadata: { resourceVersion: '7' }, items: null };
    await using at = await stage((_request, response) => answerJson(response, 200, body));
    expect(await at.client.list(namespaces)).toEqual({ resourceVersion: '7', items: [] });
  });
});

describe('writes', () => {
  const written = async (call: (client: Awaited<ReturnType<typeof stage>>['client']) => Promise<unknown>) => {
    let type: string | undefined;
    await using at = await stage((request, response) => {
      type = request.headers['content-type'];
      answerJson(response, 200, {});
    });
    await call(at.client);
    return [at.server.asked[0], type, at.server.bodies[0]];
  };

  test('server-side apply names its manager and takes fields only when told to', async () => {
    const patch = { type: 'apply', body: { data: {} }, conflicts: 'force' } as const;
    expect(await written((client) => client.patch(configMaps, ref, patch, { fieldManager: 'm' }))).toEqual([
      'PATCH /api/v1/namespaces/ns/configmaps/a?fieldManager=m&force=true',
      'application/apply-patch+yaml',
      { apiVersion: 'v1', kind: 'ConfigMap', data: {} },
    ]);
    const polite = await written((client) => client.patch(configMaps, ref, { type: 'apply', body: {} }));
    expect(polite[0]).not.toContain('force');
  });

  test('a merge of the status goes to the subresource', async () => {
    const patch = { type: 'merge', body: { status: {} } } as const;
    const options = { subresource: 'status', dryRun: 'All' } as const;
    expect(await written((client) => client.patch(configMaps, ref, patch, options))).toEqual([
      'PATCH /api/v1/namespaces/ns/configmaps/a/status?dryRun=All&fieldManager=charter-runner',
      'application/merge-patch+json',
      { status: {} },
    ]);
  });

  test('a deletion carries its preconditions', async () => {
    const options = { uid: 'u', propagation: 'Foreground' } as const;
    expect(await written((client) => client.delete(configMaps, ref, options))).toEqual([
      'DELETE /api/v1/namespaces/ns/configmaps/a',
      'application/json',
      {
        ...{ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground' },
        preconditions: { uid: 'u' },
      },
    ]);
  });
});

describe('watch', () => {
  const events = async (script: Script, idleMs = 15_000) => {
    await using at = await stage(script);
    const seen: unknown[] = [];
    for await (const event of at.client.watch(configMaps, { resourceVersion: '5', idleMs })) seen.push(event);
    return seen;
  };
  const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

  test('reads events however the bytes are cut, also inside a character', async () => {
    const bytes = Buffer.from(
      line('ADDED', { data: { a: 'é' } }) + line('BOOKMARK', { metadata: { resourceVersion: '9' } }),
    );
    const seen = await events((_, response) => {
      response.writeHead(200);
      const send = (at: number): void => {
        if (at >= bytes.length) return void response.end();
        response.write(bytes.subarray(at, at + 1), () => send(at + 1));
      };
      send(0);
    });
    expect(seen).toEqual([
      { type: 'ADDED', object: { data: { a: 'é' } } },
      { type: 'BOOKMARK', resourceVersion: '9' },
    ]);
  });

  test.each([
    ['410 Gone in the stream', line('ERROR', status(410, 'Expired')), 'CHR_KUBE_GONE'],
    ['a line that is no JSON', '<html>\n', 'CHR_KUBE_SERVER'],
  ])('%s: %s', async (_, text, code) => {
    await expect(events((_request, response) => response.writeHead(200).end(text))).rejects.toMatchObject({
      code,
    });
  });

  test('a connection that breaks in the middle of a line is unreachable, not an end', async () => {
    const broken = events((_, response) => {
      response.writeHead(200).write(`${line('ADDED', {})}{"type":"ADD`, () => response.destroy());
    });
    await expect(broken).rejects.toMatchObject({ code: 'CHR_KUBE_UNREACHABLE' });
  });

  test('silence is a timeout', async () => {
    await expect(events((_, response) => response.writeHead(200).flushHeaders(), 200)).rejects.toMatchObject({
      code: 'CHR_KUBE_TIMEOUT',
    });
  });
});

describe('a kubeconfig that cannot be used', () => {
  test.each(['{', 'a: [', '{}', '{"current-context":"c","clusters":[],"contexts":[],"users":[]}'])(
    '%s',
    (text) => {
      expect(() => clientOf(text)).toThrow(expect.objectContaining({ code: 'CHR_KUBECONFIG' }));
    },
  );

  test('is not quoted: its lines are secrets', () => {
    const text = 'users:\n- name: u\n  user: {token: "secret-token\n';
    expect(() => clientOf(text)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    );
  });
});

test('what is no group and version is no kind of the cluster, and nothing is asked for by it', async () => {
  await using at = await stage((_, response) => answerJson(response, 200, { resources: [] }));
  for (const apiVersion of [
    '../../api/v1/namespaces/x/secrets',
    'a/../../../healthz',
    'v1?watch=1',
    '..',
    './v1',
  ])
    expect(await at.client.discover(apiVersion, 'Secret'), apiVersion).toBeUndefined();
  expect(at.server.asked).toEqual([]);
  await at.client.discover('a-b.example.org/v1alpha1', 'Secret');
  expect(at.server.asked).toEqual(['GET /apis/a-b.example.org/v1alpha1']);
});
