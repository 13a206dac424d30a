// Names and messages come from campaigns and from the platform under test, which may be hostile: they are shown, and do nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../journal/index.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const evil = `" onfocus=alert(3) x="'><img src=x onerror=alert(1)><script>alert(2)</script></pre></title>&lt;b&gt;\u202egnp.exe\u0007`;

/** Every text of a run that somebody else wrote. */
function hostileRun(): readonly JournalEvent[] {
  const failure = {
    kind: evil,
    message: evil,
    expected: evil,
    got: evil,
    waitedMs: 5,
    observations: [evil],
    http: {
      method: evil,
      url: `http://x/${evil}`,
      status: 200,
      body: evil,
      timings: { total: 3 },
      attempts: [evil],
    },
    stack: evil,
  };
  const events = runOf({
    run: evil,
    ago: 0,
    environment: evil,
    properties: { [evil]: evil },
    cases: [
      {
        id: evil,
        campaign: 'NET',
        persona: evil,
        title: evil,
        attempts: [{ verdict: 'failed', failure }],
        warnings: [evil],
      },
      { id: `s${evil}`, title: evil, attempts: [{ verdict: 'skipped', reason: evil }] },
    ],
    end: { exitCode: 1, reason: evil },
  });
  return events.map((event) => (event.event === 'run-started' ? { ...event, host: evil } : event));
}

let cockpit: TestCockpit;
beforeAll(async () => {
  cockpit = await testCockpit([hostileRun()]);
}, 180_000);
afterAll(() => cockpit.close());

const run = encodeURIComponent(evil.replaceAll('\0', ''));

test.each([
  '/',
  '/runs',
  '/flakes',
  '/widget',
  `/runs/${run}`,
  `/runs/${run}?text=${run}&campaign=${run}&persona=${run}`,
  `/runs/${run}/live`,
  `/runs/${run}/network`,
  `/runs/${run}/case?key=${encodeURIComponent(`NET/${evil}[${evil}]`)}`,
  `/case?environment=${run}&key=${encodeURIComponent(`NET/${evil}[${evil}]`)}`,
  '/badge.svg',
])('%s shows hostile text and holds none of its markup', async (path) => {
  const text = await cockpit.text(path);
  expect(text).not.toMatch(/<img|<script>|onerror=alert\(1\)>|<\/title>&lt;b|" onfocus=/);
  expect(['\u202e', '\u0007'].filter((trick) => text.includes(trick))).toEqual([]);
});

test('the run page does show it', async () => {
  const text = await cockpit.text(`/runs/${run}`);
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(text).toContain('&quot; onfocus=alert(3)');
});

test('metrics and JSON keep it a value', async () => {
  expect(await cockpit.text('/metrics')).toContain('environment="\\" onfocus=alert(3) x=\\"\'><img');
  const { environment } = JSON.parse(await cockpit.text('/api/last-run')) as { environment: string };
  expect(environment).toContain('<script>');
});

test('a download keeps its file name tame', async () => {
  const answer = await cockpit.get(`/runs/${run}/junit.xml`);
  expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment; filename="charter-[\w.-]+\.xml"$/);
});
