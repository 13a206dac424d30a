import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../../kube/testing/index.ts';
import { type Charts, chartCache } from './cache.ts';
import { ociSource } from './source.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
afterEach(async () => {
  while (undo.length > 0) await undo.pop()?.();
});
const undo: (() => unknown)[] = [];

interface Served {
  readonly url: string;
  readonly host: string;
  readonly seen: string[];
}

async function serve(
  answers: () => Record<string, string | number>,
  more?: RequestListener,
): Promise<Served> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const answer = answers()[request.url ?? ''];
    if (typeof answer === 'string') response.writeHead(200, { etag: sha256(answer) }).end(answer);
    else if (more !== undefined && answer === undefined) more(request, response);
    else response.writeHead(answer ?? 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => server.closeAllConnections(),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, seen };
}

function cache(plainHttpRegistries: readonly string[] = []): { charts: Charts; clock: { now: number } } {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-charts-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = { now: 0 };
  const charts = chartCache({ folder, plainHttpRegistries, freshMs: 60_000, monotonicMs: () => clock.now });
  return { charts, clock };
}

const index = (digest: string, version = '1.0.0') =>
  `entries:\n  web:\n    - { version: ${version}, digest: ${digest}, urls: [web.tgz] }\n`;
const web = (repo: string) => ({ repo, name: 'web', version: '1.0.0' });

test('an archive is fetched once per digest, however many ask', async () => {
  const { url, seen } = await serve(() => ({ '/index.yaml': index(sha256('A')), '/web.tgz': 'A' }));
  const { charts } = cache();
  const paths = await Promise.all(
    Array.from({ length: 20 }, async () => charts.archive(web(url), await charts.resolve(web(url)))),
  );
  expect(new Set(paths).size).toBe(1);
  expect(readFileSync(paths[0] ?? '', 'utf8')).toBe('A');
  expect(seen).toEqual(['GET /index.yaml', 'GET /web.tgz']);
});

test('K28 a digest that changes behind the same version is seen after a while, and not asked for before', async () => {
  let content = 'A';
  const { url, seen } = await serve(() => ({ '/index.yaml': index(sha256(content)), '/web.tgz': content }));
  const { charts, clock } = cache();
  expect((await charts.resolve(web(url))).digest).toBe(`sha256:${sha256('A')}`);
  content = 'B';
  clock.now = 59_000;
  expect((await charts.resolve(web(url))).digest).toBe(`sha256:${sha256('A')}`);
  expect(seen).toHaveLength(1);
  clock.now = 61_000;
  expect((await charts.resolve(web(url))).digest).toBe(`sha256:${sha256('B')}`);
});

test('a tampered archive is refused and never kept', async () => {
  let content = 'evil';
  const { url } = await serve(() => ({ '/index.yaml': index(sha256('good')), '/web.tgz': content }));
  const { charts, clock } = cache();
  const chart = await charts.resolve(web(url));
  const { message } = await charts.archive(web(url), chart).then(
    () => new Error('taken'),
    (error: Error) => error,
  );
  expect(message).toBe(
    `${url}/web:1.0.0: the archive is sha256:${sha256('evil')}, its repository says sha256:${sha256('good')}`,
  );
  content = 'good';
  clock.now = 10_000;
  expect(readFileSync(await charts.archive(web(url), chart), 'utf8')).toBe('good');
});

test.each([
  ['404 for the index', () => ({}), 'CHR_CHART_NOT_LOADED', 'index.yaml: HTTP 404'],
  ['500 for the index', () => ({ '/index.yaml': 500 }), 'CHR_CHART_NOT_LOADED', 'index.yaml: HTTP 500'],
  ['a login page', () => ({ '/index.yaml': '<html>: [' }), 'CHR_CHART_NOT_LOADED', 'no chart index'],
  [
    'another version',
    () => ({ '/index.yaml': index('x', '2.0.0') }),
    'CHR_CHART_VERSION_NOT_FOUND',
    'has no web 1.0.0',
  ],
  [
    'an index without charts',
    () => ({ '/index.yaml': 'entries: {}' }),
    'CHR_CHART_VERSION_NOT_FOUND',
    'has no web',
  ],
  ['an index that ends', () => ({ '/index.yaml': 'entries:' }), 'CHR_CHART_VERSION_NOT_FOUND', 'has no web'],
  [
    'entries of no chart',
    () => ({ '/index.yaml': 'entries: [x]' }),
    'CHR_CHART_NOT_LOADED',
    'no chart index',
  ],
  [
    'no list of versions',
    () => ({ '/index.yaml': 'entries: { web: 1.0.0 }' }),
    'CHR_CHART_NOT_LOADED',
    'index.yaml: no list of versions of web',
  ],
  [
    'a digest that is none',
    () => ({ '/index.yaml': index('../../etc/passwd') }),
    'CHR_CHART_NOT_LOADED',
    'index.yaml: the entry of web 1.0.0 is malformed',
  ],
  [
    'a URL that is none',
    () => ({ '/index.yaml': index(sha256('A')).replace('web.tgz', "'http://['") }),
    'CHR_CHART_NOT_LOADED',
    'index.yaml: the entry of web 1.0.0 has no URL',
  ],
] as const)('K37 K38 %s', async (_, answers, code, words) => {
  const { url } = await serve(answers);
  await expect(cache().charts.resolve(web(url))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});

test('K37 a repository that is not there says so, the same way each time and without its password', async () => {
  const { url } = await serve(() => ({}));
  await undo.pop()?.();
  await undo.pop()?.();
  const repo = url.replace('http://', 'http://me:PASSWORD@');
  const { charts } = cache();
  const messages: string[] = [];
  for (let at = 0; at < 2; at += 1)
    await charts.resolve(web(repo)).catch((error: Error) => messages.push(error.message));
  expect(messages[0]).toBe(`${url}/index.yaml: ECONNREFUSED`);
  expect(messages[1]).toBe(messages[0]);
});

test('what has failed fails for ten seconds without being asked for, and then delays only the one that asks again', async () => {
  const hung: ServerResponse[] = [];
  let mode: 'fails' | 'hangs' | 'answers' = 'fails';
  const { url, seen } = await serve(
    () => ({ ...(mode === 'answers' && { '/index.yaml': index(sha256('A')) }) }),
    (_, response) => void (mode === 'hangs' ? hung.push(response) : response.writeHead(500).end()),
  );
  const { charts, clock } = cache();
  const failure = { message: expect.stringContaining('HTTP 500') };
  await expect(charts.resolve(web(url))).rejects.toMatchObject(failure);
  clock.now = 9_999;
  await expect(charts.resolve(web(url))).rejects.toMatchObject(failure);
  expect(seen).toHaveLength(1);

  [clock.now, mode] = [10_000, 'hangs'];
  const waits = charts.resolve(web(url)).catch((error: Error) => error.message);
  await eventually(() => hung.length === 1);
  await expect(charts.resolve(web(url))).rejects.toMatchObject(failure);
  hung[0]?.writeHead(503).end();
  expect(await waits).toContain('HTTP 503');

  [clock.now, mode] = [20_000, 'answers'];
  expect((await charts.resolve(web(url))).digest).toBe(`sha256:${sha256('A')}`);
  expect(seen).toHaveLength(3);
  clock.now = 80_000;
  const both = await Promise.all([charts.resolve(web(url)), charts.resolve(web(url))]);
  expect(both, 'what failed long ago fails for nobody').toHaveLength(2);
});

test('an index without digests is taken for what lies there now', async () => {
  const { url } = await serve(() => ({
    '/index.yaml': 'entries: { web: [{ version: 1.0.0, urls: [web.tgz] }] }',
    '/web.tgz': 'A',
  }));
  const { charts } = cache();
  const chart = await charts.resolve(web(url));
  expect(chart.digest).toBe(`sha256:${sha256('A')}`);
  expect(readFileSync(await charts.archive(web(url), chart), 'utf8')).toBe('A');
});

const manifest = JSON.stringify({
  layers: [
    { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: `sha256:${sha256('A')}` },
  ],
});

test('an OCI chart by tag and by digest, with the token that the registry asks for', async () => {
  const paths = {
    '/v2/team/web/manifests/1.0.0_x': manifest,
    [`/v2/team/web/manifests/sha256:${sha256(manifest)}`]: manifest,
    [`/v2/team/web/blobs/sha256:${sha256('A')}`]: 'A',
  };
  let base = '';
  const { url, host } = await serve(
    () => ({}),
    (request, response) => {
      if (request.url?.startsWith('/token')) return void response.end('{"token":"T"}');
      if (request.headers.authorization !== 'Bearer T')
        return void response
          .writeHead(401, { 'www-authenticate': `Bearer realm="${base}/token",scope="pull"` })
          .end();
      const found = paths[request.url ?? ''];
      response.writeHead(found === undefined ? 404 : 200).end(found);
    },
  );
  base = url;
  const { charts } = cache([host]);
  const byTag = { repo: `oci://${host}/team`, name: 'web', version: '1.0.0+x' };
  const chart = await charts.resolve(byTag);
  expect(readFileSync(await charts.archive(byTag, chart), 'utf8')).toBe('A');
  const byDigest = ociSource(`oci://${host}/team/web@sha256:${sha256(manifest)}`);
  expect((await charts.resolve(byDigest)).digest).toBe(chart.digest);
  await expect(charts.resolve({ ...byTag, version: '9.0.0' })).rejects.toMatchObject({
    code: 'CHR_CHART_VERSION_NOT_FOUND',
  });
});

test.each([
  [
    'an answer that is no JSON',
    'realm',
    '<html>secret</html>',
    /^http:\/\/127.0.0.1:\d+: no token in its answer$/,
  ],
  ['an answer without a token', 'realm', '{}', /no token in its answer$/],
  ['a place that is no URL', '/token', '', /asks for a token of a place that is no URL$/],
])('K37 a registry that hands out no token is said: %s', async (_, realm, answer, words) => {
  let base = '';
  const { url, host } = await serve(
    () => ({}),
    (request, response) =>
      request.url?.startsWith('/realm')
        ? void response.end(answer)
        : void response
            .writeHead(401, {
              'www-authenticate': `Bearer realm="${realm === 'realm' ? `${base}/realm` : realm}"`,
            })
            .end(),
  );
  base = url;
  const source = { repo: `oci://${host}/team`, name: 'web', version: '1.0.0' };
  const failed = await cache([host])
    .charts.resolve(source)
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'CHR_CHART_NOT_LOADED', message: expect.stringMatching(words) });
});

test('an OCI manifest that is not what its digest says is refused', async () => {
  const wrong = `sha256:${'0'.repeat(64)}`;
  const { host } = await serve(() => ({ [`/v2/web/manifests/${wrong}`]: manifest }));
  await expect(cache([host]).charts.resolve(ociSource(`oci://${host}/web@${wrong}`))).rejects.toThrow(
    'not what its digest says',
  );
});
