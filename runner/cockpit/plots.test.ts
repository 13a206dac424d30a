// What the pages draw of runs and cases over time, read from the SVG as a screen reader and an eye would.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed, passed, type SampleCase, unreachable } from '../report/testdata/sample-run.ts';
import type { RunHead } from '../store/index.ts';
import { livePage } from './pages/live.ts';
import { runOf, type TestCockpit, testCockpit } from './testing.ts';

const end = (exitCode: number) => ({ exitCode, reason: 'completed' });
const cases = (
  kept: SampleCase['attempts'],
  broken: SampleCase['attempts'],
  lost: SampleCase['attempts'],
): SampleCase[] => [
  { id: '1', campaign: 'C-9', attempts: kept },
  { id: '2', campaign: 'C-10', attempts: broken },
  { id: '3', campaign: 'C-10', attempts: lost },
];

let cockpit: TestCockpit;
beforeAll(async () => {
  const nights = [
    { run: 'day-3', cases: cases([passed], [passed], [passed]), end: end(0) },
    { run: 'day-2', cases: cases([failed, passed], [failed], [passed]), end: end(1) },
    { run: 'day-1', cases: cases([passed], [failed], [unreachable]), end: end(1) },
    { run: 'day-0', cases: cases([passed], [unreachable], [passed]), end: end(4) },
  ];
  cockpit = await testCockpit(nights.map((night, i) => runOf({ ...night, ago: nights.length - 1 - i })));
}, 180_000);
afterAll(() => cockpit.close());

/** The part of a page that begins with `start` and ends with the picture. */
async function picture(path: string, start: string): Promise<string> {
  const text = await cockpit.text(path);
  const at = text.indexOf(start);
  expect(at, `${start} on ${path}`).toBeGreaterThan(0);
  return text.slice(at, text.indexOf('</svg>', at));
}
const all = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, found]) => found);

describe('the strip of runs', () => {
  const strip = () =>
    picture('/', '<svg class="plot strip" role="group" aria-label="The last runs, oldest first"');

  test('has a bar for each run in the colour of its end, which leads to it', async () => {
    const text = await strip();
    expect(all(text, /<a [^>]*href="([^"]+)">/g)).toEqual(
      ['day-3', 'day-2', 'day-1', 'day-0'].map((run) => `/runs/${run}`),
    );
    expect(all(text, /<a class="(\w+)"/g)).toEqual(['passed', 'failed', 'failed', 'error']);
    expect(all(text, /<use href="#m-(\w+)"/g)).toEqual(['passed', 'failed', 'failed', 'error']);
  });

  test('says when, how, and how many cases were not as promised', async () => {
    const text = await strip();
    expect(all(text, /<title>([^<]+)</g)).toEqual([
      '18 Nov 2026 01:00 UTC: All 3 cases passed',
      '19 Nov 2026 01:00 UTC: 1 failed of 3 cases (1 not as promised)',
      '20 Nov 2026 01:00 UTC: 1 failed, 1 error of 3 cases (2 not as promised)',
      '21 Nov 2026 01:00 UTC: 1 error of 3 cases (1 not as promised)',
    ]);
    expect(all(text.split('class="count"')[1] ?? '', /y="\d+">(\d+)</g)).toEqual(['1', '2', '1']);
  });

  test('draws the run that took longest tallest', async () => {
    // It took 9 s for the retry in it, the others 7 s.
    expect(all(await strip(), /<rect [^>]*height="(\d+)"/g)).toEqual(['38', '44', '38', '38']);
  });
});

describe('the heat map', () => {
  const heatmap = () => picture('/', '<svg class="plot" role="img"');

  test('has a row for each campaign, by number, and says in words what is red', async () => {
    const text = await heatmap();
    expect(text).toContain('aria-label="2 campaigns in 4 runs; not as promised: C-10 in 3"');
    expect(all(text.split('<path')[0] ?? '', /<text [^>]*>([^<]+)</g)).toEqual(['C-9', 'C-10']);
  });

  test('has a cell for each campaign in each run in the colour of the worst that it holds', async () => {
    const text = await heatmap();
    const cellsOf = (tone: string) =>
      all(text, new RegExp(`class="cell ${tone}" d="([^"]+)"`, 'g')).flatMap(
        (d) => d?.match(/M[^M]+/g) ?? [],
      );
    // Columns of 22 from the oldest run on, rows of 22 from the first campaign on; neighbours are dashes of one line.
    expect(cellsOf('passed')).toEqual(['M2 11h84', 'M2 33h18']);
    expect(cellsOf('failed')).toEqual(['M24 33h40']);
    expect(cellsOf('error')).toEqual(['M68 33h18']);
    expect(text).toContain('<g class="in"><text y="37" x="33 0 55 0 77">1 2 1</text></g>');
  });
});

describe('the page of a case', () => {
  const path = '/case?environment=production&key=C-10%2F2';

  test('plots its durations: each leads to its run, and what went wrong is a diamond', async () => {
    const text = await picture(
      path,
      '<svg class="plot" role="group" aria-label="Durations of the last 4 runs',
    );
    expect(all(text, /<a [^>]*href="([^"]+)"/g)).toEqual(
      ['day-3', 'day-2', 'day-1', 'day-0'].map((run) => `/runs/${run}`),
    );
    expect(all(text, /<title>([^<]+)</g)).toEqual([
      '18 Nov 2026 01:00 UTC: passed, 1.2 s',
      '19 Nov 2026 01:00 UTC: failed, 1.2 s',
      '20 Nov 2026 01:00 UTC: failed, 1.2 s',
      '21 Nov 2026 01:00 UTC: error, 1.2 s',
    ]);
    expect(all(text, /<(circle|path) class="dot/g)).toEqual(['circle', 'path', 'path', 'path']);
    expect(all(text, /class="axis"[^>]*>([^<]+)</g)).toEqual(['0 ms', '1 s', '2 s']);
  });

  test('says since which run it fails, whether it failed or could not be asked', async () => {
    expect(await cockpit.text(path)).toMatch(
      /Failing since <a href="\/runs\/day-2"><time [^>]+>19 Nov 2026 01:00 UTC<\/time><\/a>\./,
    );
    expect(await cockpit.text('/case?environment=production&key=C-10%2F3')).toMatch(
      /Last failure: <a href="\/runs\/day-1">/,
    );
  });

  test('says how flaky it is', async () => {
    expect(await cockpit.text('/case?environment=production&key=C-9%2F1')).toContain(
      'Flaky in 25 % of 4 runs: passed only on a retry 1 time, and differed from a run of the same image and configuration 0 times.',
    );
    expect(await cockpit.text(path)).toContain('Not flaky in the last 4 runs.');
  });
});

describe('a failure on the page of its run', () => {
  test('bears its history up to that run, in which bad squares are taller', async () => {
    const text = await picture('/runs/day-1', '<svg class="squares"');
    expect(text).toContain('<title>failed in 2 of the last 3 runs</title>');
    // What passed is drawn all along, and covered where it did not.
    expect(text).toContain('<path class="passed" d="M0 8h22"/><path class="tall failed" d="M8 8h14"/>');
  });
});

test('a live page says how long a run will go on', async () => {
  const head: RunHead = {
    ...{
      run: 'r',
      environment: 'e',
      host: 'h',
      startedAt: '',
      lastAt: '',
      exitCode: undefined,
      reason: undefined,
    },
    ...{ status: 'running', flaky: 0, unplannedSkips: 0, inFlight: 0, planned: 100, notRun: 75 },
    ...{ counts: { tests: 25, pass: 25, fail: 0, err: 0, skip: 0 }, durationMs: 10_000 },
    ...{ selection: undefined, shard: undefined },
  };
  const page = async (rest: Partial<RunHead>) =>
    String(await livePage({ head: { ...head, ...rest }, bad: { rows: [], total: 0 } }));
  expect(await page({})).toContain('left: <span data-text="left">about 30.0 s</span>');
  expect(await page({ notRun: 97 })).toContain('<span data-text="left">not known yet</span>');
});
