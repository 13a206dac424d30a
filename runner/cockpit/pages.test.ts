// Every page as curl gets it: right, small, and without anything that a strict policy would have to allow.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything, failed, noPassword, passed, unreachable } from '../report/testdata/sample-run.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = (exitCode: number) => ({ exitCode, reason: 'completed' });
const cases = (last: readonly (typeof passed)[], more: readonly (typeof passed)[] = [passed]) => [
  { id: '10.1', title: 'always kept', attempts: [passed] },
  { id: '10.2', persona: 'alice', title: 'sometimes kept', attempts: last },
  { id: '12.1', campaign: 'C-12', title: 'another', attempts: more },
];

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([
    runOf({ run: 'day-3', ago: 3, cases: cases([passed], [failed, failed]), end: end(1) }),
    runOf({ run: 'day-2', ago: 2, cases: cases([passed]), end: end(0) }),
    runOf({ run: 'day-1', ago: 1, cases: cases([passed], [failed]), end: end(1) }),
    runOf({ run: 'day-0', ago: 0, cases: cases([failed], [unreachable, passed]), end: end(1) }),
    runOf({
      run: 'all',
      ago: 0,
      environment: 'lab',
      ...everything,
      end: { exitCode: 7, reason: 'interrupted by SIGTERM' },
    }),
    runOf({ run: 'cut', ago: 5, environment: 'lab', ...everything }),
    ...[
      { run: 'gap-red', ago: 3, cases: cases([failed]), end: end(1) },
      { run: 'gap-lost', ago: 2, cases: cases([]) },
      { run: 'gap-refused', ago: 1, cases: [], end: { exitCode: 2, reason: 'refused' } },
      { run: 'gap-still-red', ago: 0, cases: cases([failed]), end: end(1) },
    ].map((run) => runOf({ ...run, environment: 'gap' })),
  ]);
}, 180_000);
afterAll(() => cockpit.close());

const paths = [
  '/',
  '/environments/production',
  '/environments/lab',
  '/runs',
  '/runs?environment=lab',
  '/runs/day-0',
  '/runs/day-0?verdict=failed',
  '/runs/all',
  '/runs/cut',
  '/runs/all/live',
  '/runs/all/case?key=C-12%2F12.1%5Balice%5D',
  '/case?environment=production&key=C-10%2F10.2%5Balice%5D',
  '/flakes',
  '/widget',
];

describe.each(paths)('%s', (path) => {
  test('is a page under 30 KB with nothing inline and nothing from elsewhere', async () => {
    const answer = await cockpit.get(path);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000);
    expect(text).not.toMatch(/\sstyle=|<style|\son[a-z]+=|javascript:|<script(?! src="\/assets)/i);
    expect(text.match(/(?:src|href)="(?!\/|#)[^"]*"/g)).toBeNull();
    expect(text).toMatch(/<h[12][ >]/);
  });
});

describe('overview', () => {
  test('says the verdict of the last run in words', async () => {
    expect(await cockpit.text('/environments/production')).toMatch(
      /<h1[^>]*><a[^>]*>1 failed of 3 cases<\/a><\/h1>/,
    );
  });

  test('says what is not as it was in the run before', async () => {
    const text = await cockpit.text('/environments/production');
    const changed = text.slice(text.indexOf('What changed'), text.indexOf('The last'));
    expect(changed.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')).toMatch(
      /Newly failing: 1 C-10 10\.2 \[alice\] sometimes kept alice reads .* Flaky: 1 C-12 12\.1 another/,
    );
  });

  test('compares with the run before that came to its own end, not with one that was lost or refused', async () => {
    const text = await cockpit.text('/environments/gap');
    expect(text).toContain('since the run of <a href="/runs/gap-red">');
    expect(text).not.toContain('Newly failing');
    expect(text).toMatch(/1 case<\/a> is still not as promised/);
  });

  test('shows the environment that is not green first', async () => {
    expect(await cockpit.text('/')).toContain('Last green run: ');
  });
});

describe('run', () => {
  test('shows failed before error, with expected and got, the exchange and the attempts', async () => {
    const text = await cockpit.text('/runs/all');
    const order = ['12.1', '12.2', '12.3'].map((id) => text.indexOf(`C-12 ${id}`));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(text).toContain('64 hexadecimal digits');
    expect(text).toContain('a value in clear, 17 characters');
    expect(text).toContain('POST http://trino:8080/v1/statement');
    expect(text).toContain('2 attempts: error, then failed');
  });

  test('groups skips by reason, those that nobody announced first', async () => {
    const text = await cockpit.text('/runs/all');
    const skips = text.slice(text.indexOf('id="skips"'), text.indexOf('id="campaigns"'));
    expect(skips.match(/(not )?announced<|no password|writes are off|xfail/g)).toEqual([
      'not announced<',
      noPassword.reason?.slice(0, 11),
      'announced<',
      'writes are off',
      'announced<',
      'xfail',
    ]);
  });

  test.each([
    ['verdict=failed', ['12.1', '12.2', 'W2.3']],
    ['verdict=flaky', ['10.3', '10.4']],
    ['verdict=not-run', ['W2.5', 'W2.6']],
    ['campaign=C-10&persona=alice', ['10.2', '10.3']],
    ['text=DECISIONS', ['12.3']],
    ['text=%25', []],
  ])('finds cases by %s', async (query, ids) => {
    const text = await cockpit.text(`/runs/all?${query}`);
    const table = text.slice(text.indexOf('id="cases"'), text.indexOf('id="properties"'));
    expect(
      [...table.matchAll(/class="name"><a[^>]*>\S+ (\S+?)(?: \[|<)/g)].map(([, id]) => id).sort(),
    ).toEqual(ids);
  });

  test('that was lost is never green: it is named as aborted', async () => {
    const text = await cockpit.text('/runs/cut');
    expect(text).toMatch(/<h1[^>]*>Aborted: the runner was lost/);
    expect(text).not.toContain('card verdict passed');
  });
});

test('a case says since when it fails', async () => {
  const text = await cockpit.text('/case?environment=production&key=C-10%2F10.2%5Balice%5D');
  expect(text).toMatch(/Failing since <a href="\/runs\/day-0">/);
});

test('flaky cases are listed with what was seen', async () => {
  const text = await cockpit.text('/flakes?environment=production');
  expect(text).toContain('12.1');
  expect(text).toContain('25 %');
});

describe('answers', () => {
  test.each([
    ['/nothing', 404],
    ['/runs/nope', 404],
    ['/runs/nope/junit.xml', 404],
    ['/runs/day-0/case?key=nope', 404],
    ['/runs/%00', 400],
    ['/runs/day-0/case?key=a%00b', 400],
    ['/runs/%FF', 404],
    ['/runs/..%2f..%2fetc%2fpasswd', 404],
    ['/assets/../app.ts', 404],
    ['/assets/%2e%2e%2fapp.ts', 404],
    ['/environments/%F0%9F%92%A9', 404],
    ['/runs?page=-1', 200],
    ['/runs?page=99999999999999999999', 200],
    ["/runs?environment=';drop table charter.run", 200],
    ['/runs/day-0?verdict=everything', 200],
  ])('%s with %i', async (path, status) => {
    expect((await cockpit.get(path)).status).toBe(status);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s with 405', async (method) => {
    const answer = await cockpit.get('/runs', { method });
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('HEAD without a body', async () => {
    const answer = await cockpit.get('/', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test('a stylesheet that stays the same with 304', async () => {
    const [, path = ''] = /href="(\/assets\/[^"]+\.css)"/.exec(await cockpit.text('/')) ?? [];
    const first = await cockpit.get(path);
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).not.toBe('');
    expect(first.headers.get('Cache-Control')).toContain('immutable');
    expect((await cockpit.get(path, { headers: { 'If-None-Match': tag } })).status).toBe(304);
  });
});

describe('headers', () => {
  test('allow nothing inline and no frame', async () => {
    const { headers } = await cockpit.get('/');
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Frame-Options')).toBe('DENY');
  });

  test('stand on errors too', async () => {
    const { headers } = await cockpit.get('/nothing');
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });
});
