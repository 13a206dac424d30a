// What is not an ordinary morning: no run yet, a run that goes on, a database that is away, and a run of 10,000 cases.
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { failed, passed } from '../report/testdata/sample-run.ts';
import { fillWithRuns } from '../store/testing.ts';
import { pushEvents } from '../store/write/push.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const red = { exitCode: 1, reason: 'completed' };
let cockpit: TestCockpit | undefined;
afterEach(async () => {
  await cockpit?.close().catch(() => {});
});

test('from an empty store to a running run to a database that is away', { timeout: 120_000 }, async () => {
  cockpit = await testCockpit([]);
  expect(await cockpit.text('/')).toContain('charter store push');
  expect(await cockpit.text('/runs')).toContain('No run here');
  expect((await cockpit.get('/api/last-run')).status).toBe(404);
  expect(await cockpit.text('/badge.svg')).toContain('no run');

  const going = runOf({
    run: 'going',
    ago: 0,
    cases: [
      { id: '1', attempts: [passed] },
      { id: '2', attempts: ['running'] },
      { id: '3', attempts: [] },
      { id: '4', attempts: [] },
    ],
  });
  await pushEvents(cockpit.store, going.slice(0, 1), { n: 1, staleMs: 3_600_000 });
  const begun = await cockpit.text('/runs/going/live');
  expect(begun).toContain('Running: the plan is being made');
  expect(begun).toContain('<progress aria-label="Cases that have ended">the plan is being made</progress>');
  expect(await cockpit.text('/')).toContain('A run is going on: the plan is being made.');

  await pushEvents(cockpit.store, going, { n: 2, staleMs: 3_600_000 });
  const live = await cockpit.text('/runs/going/live');
  expect(live).toContain('Running: 1 of 4 cases');
  expect(live).not.toMatch(/[1-9] errors? so far/);
  expect(live).toContain('<noscript><meta http-equiv="refresh" content="10"></noscript>');
  expect(live).toContain('<html lang="en" data-refresh="10">');
  expect(live).toContain('data-live="/runs/going/events"');
  expect(await cockpit.text('/')).toContain('A run is going on: 1 of 4 cases');

  const answer = await cockpit.get('/runs/going/events');
  expect(answer.headers.get('Content-Type')).toContain('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toMatch(/^event: progress\ndata: .*"done":1,"planned":4/);
  await reader?.cancel();

  await cockpit.store.close();
  const away = await cockpit.get('/');
  expect([away.status, away.headers.get('Retry-After')]).toEqual([503, '10']);
  expect(await away.text()).toContain('The database does not answer');
  expect((await cockpit.get('/healthz')).status).toBe(200);
  expect((await cockpit.get('/readyz')).status).toBe(503);
});

test.each([
  ['a column that a newer version has', sql`alter view charter.run_view rename column began_at to was`],
  ['the tables', sql`drop schema charter cascade`],
])('a database that answers and lacks %s is not called away', { timeout: 120_000 }, async (_, deed) => {
  const told: unknown[] = [];
  cockpit = await testCockpit([], 'quickest', { onError: (error) => told.push(error) });
  await deed.execute(cockpit.store.db);
  const answer = await cockpit.get('/runs');
  const text = await answer.text();
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([500, null]);
  expect(text).toContain('The database is not set up for this cockpit');
  expect(text).not.toMatch(/does not answer|http-equiv="refresh"|data-refresh/);
  expect(told).toEqual([expect.objectContaining({ hint: expect.stringContaining('charter store migrate') })]);
});

test('10,000 cases stay pages of less than 30 KB', { timeout: 180_000 }, async () => {
  cockpit = await testCockpit([]);
  await fillWithRuns(cockpit.store, { runs: 3, casesPerRun: 10_000, environments: ['large'] });
  for (const path of ['/', '/runs/gen-000003', '/runs/gen-000003?verdict=passed&page=300', '/flakes'])
    expect(Buffer.byteLength(await cockpit.text(path)), path).toBeLessThan(30_000);
});

test('100 environments stay pages of less than 30 KB, and what is red is not left out', {
  timeout: 180_000,
}, async () => {
  const environments = Array.from({ length: 100 }, (_, i) => `platform-${i}-of-a-${'long '.repeat(12)}name`);
  cockpit = await testCockpit([
    runOf({
      run: 'red',
      ago: 9_999,
      environment: 'oldest',
      cases: [{ id: '1', attempts: [failed] }],
      end: red,
    }),
  ]);
  await fillWithRuns(cockpit.store, { runs: 300, casesPerRun: 10, environments });
  for (const path of [
    '/',
    '/runs',
    `/runs?environment=${encodeURIComponent(environments[99] ?? '')}`,
    '/flakes',
  ])
    expect(Buffer.byteLength(await cockpit.text(path)), path).toBeLessThan(30_000);
  const list = (await cockpit.text('/')).split('id="environments"')[1] ?? '';
  expect(list).toContain('href="/environments/oldest"');
  expect(list).toContain('81 more');
  expect(await cockpit.text(`/runs?environment=${encodeURIComponent(environments[99] ?? '')}`)).toMatch(
    /aria-current="true">platform-99/,
  );
});

test.each([
  [1, 30_000],
  [20, 28_000],
])(
  '500 failures of %i campaigns and 300 skips, full of quotes, stay pages of less than %i bytes',
  {
    timeout: 180_000,
  },
  async (campaigns, most) => {
    const text = JSON.stringify({
      rows: [{ name: 'alice', mask: '****', notes: '<none> & "nothing"' }],
    }).repeat(400);
    const failure = (size: number) => ({
      ...{
        kind: 'assertion',
        message: text.slice(0, size),
        expected: text.slice(0, size),
        got: text.slice(1, size),
      },
      ...{ waitedMs: 5, observations: [text.slice(0, size), text, text].map((one) => one.slice(0, size)) },
      http: {
        ...{
          method: 'POST',
          url: `http://trino:8080/${text.slice(0, 300)}`,
          status: 200,
          body: text.slice(0, size),
        },
        timings: { total: 3 },
      },
      stack: text.slice(0, size),
    });
    const failing = (size: number) => ({ verdict: 'failed' as const, failure: failure(size) });
    const cases = Array.from({ length: 500 }, (_, i) => {
      const attempts = Array.from({ length: i < 8 ? 6 : 1 }, () => failing(i < 8 ? 20_000 : 200));
      const campaign = i % campaigns === 3 % campaigns ? 'NET' : `C-${i % campaigns}`;
      return { id: `${i}`, campaign, title: text.slice(0, 300), attempts };
    });
    const skipped = Array.from({ length: 300 }, (_, i) => {
      const reason = `${i < 60 ? i % 5 : i} ${text.slice(0, 300)}`;
      return { id: `S${i}`, campaign: 'C-12', attempts: [{ verdict: 'skipped' as const, reason }] };
    });
    cockpit = await testCockpit([
      runOf({ run: 'before', ago: 1, cases: [], end: red }),
      runOf({ run: 'worst', ago: 0, cases: [...cases, ...skipped], end: red }),
    ]);
    const paths = [
      '/',
      '/runs',
      '/flakes',
      '/runs/worst',
      '/runs/worst?failures=80&page=20',
      '/runs/worst/network',
      '/runs/worst/live',
    ];
    for (const path of [...paths, '/runs/worst/case?key=NET%2F3', '/case?environment=production&key=NET%2F3'])
      expect(Buffer.byteLength(await cockpit.text(path)), path).toBeLessThan(most);
    const skips = (await cockpit.text('/runs/worst')).split('id="skips"')[1]?.split('</section>')[0] ?? '';
    expect(skips).toContain('300 cases');
    expect(skips).toMatch(/>240 more<\/a> for other reasons/);
  },
);
