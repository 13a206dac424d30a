// Tables at 80 columns whatever the store holds: they may cut what describes a row, and never what names it.
import { expect, test } from 'vitest';
import type { CaseLine, RunHead } from '../store/index.ts';
import { diffLines, flakeLines, listLines, showLines } from './runs-lines.ts';

const run: RunHead = {
  ...{
    run: 'merged-8f3a2c1d-ab12',
    environment: 'customer-a-production',
    host: `akko-${'nightly-'.repeat(6)}x7k2p`,
  },
  ...{ startedAt: '2026-11-21T08:00:00.000Z', lastAt: '2026-11-21T08:10:00.000Z', durationMs: 600_000 },
  ...{
    status: 'nothing-proven',
    exitCode: 3,
    reason: `nothing was proven: ${'each target is absent, '.repeat(6)}`,
  },
  ...{ counts: { tests: 9_999, pass: 9_000, fail: 500, err: 199, skip: 300 }, planned: 9_999 },
  ...{ flaky: 3, unplannedSkips: 1, notRun: 2, inFlight: 0, selection: undefined, shard: undefined },
};
const key = `C-11/${'a-promise-with-a-long-name.'.repeat(4)}1[bob]`;
const name = { key, campaign: 'C-11', id: '1', persona: 'bob', title: 'kept', file: 'c.ts', line: 1 };
const quarantine = {
  case: key,
  owner: 'data-platform',
  reason: 'Trino restarts at night',
  expires: '2026-12-31',
};
const message = 'expected 3 rows, got 4, '.repeat(8);
const flake = { ...name, runs: 100, retried: 99, disagreed: 1, rate: 1, lastAt: '2026-11-21T08:00:00.000Z' };

/** The cells of the column that begins at `from`, as one text. */
const joined = (lines: readonly string[], from: number, to?: number): string =>
  lines.map((line) => line.slice(from, to).trim()).join('');

const tables: Readonly<Record<string, readonly string[]>> = {
  runs: listLines({ rows: [run, { ...run, run: 'mi8e7z2k5a1b2c', status: 'interrupted' }], hasMore: true }),
  'no runs': listLines({ rows: [], hasMore: false }),
  show: showLines({
    ...{
      run,
      red: [{ key, title: 'kept', verdict: 'failed', message, quarantine }],
      redTotal: 2,
      quarantined: 1,
    },
    skips: [{ reason: 'the same beginning, '.repeat(6), isPlanned: false, count: 12, cases: [] }],
    expired: [quarantine],
  }),
  diff: diffLines({
    ...{ a: run, b: run },
    changes: [{ kind: 'newly-failing', count: 2, cases: [{ ...name, note: message } as CaseLine] }],
    dropped: 0,
  }),
  flakes: flakeLines({
    flakes: [
      { ...flake, environment: 'customer-a-production', key: 'C-11/11.4[bob]' },
      { ...flake, environment: 'customer-b-production', quarantine },
    ],
    expired: [quarantine],
  }),
};

test.for(Object.entries(tables))('%s fits 80 columns', ([, lines]) => {
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('a run is named by as much as finds it again: whole, or a merge by a beginning that no other has', () => {
  const names = (...runs: readonly string[]) =>
    listLines({ rows: runs.map((one) => ({ ...run, run: one })), hasMore: false })
      .slice(1)
      .map((line) => line.split(' ')[0]);
  expect(names('merged-8f3a2c1d-ab12', 'mi8e7z2k5a1b2c', 'merged-0f3a2c1d-ab12')).toEqual([
    ...['merged-8f3a2c1d', 'mi8e7z2k5a1b2c', 'merged-0f3a2c1d'],
  ]);
  const alike = ['merged-8f3a2c1d-ab12', 'merged-8f3a2c1d-ab13'];
  expect(names(...alike)).toEqual(alike);
});

test('the longest key and the longest reason stand whole, over several lines', () => {
  const { show = [], diff = [], flakes = [] } = tables;
  const column = (lines: readonly string[], head: string, next: string) => {
    const at = lines.findIndex((line) => line.includes(head) && line.includes(next));
    const [from, to] = [lines[at]?.indexOf(head) ?? 0, lines[at]?.indexOf(next)];
    return joined(lines.slice(at + 1, at + 12), from, to);
  };
  expect(column(show, 'case', 'verdict')).toContain(key);
  expect(column(diff, 'case', 'note')).toContain(key);
  expect(column(flakes, 'case', 'platform')).toContain(key);
  expect(column(flakes, 'platform', 'rate')).toContain('customer-a-productioncustomer-b-production');
  const reason = show.findIndex((line) => line.startsWith('12 '));
  expect(joined(show.slice(reason, reason + 2), 9).replaceAll(/\W/g, '')).toBe(
    `UNPLANNED${'thesamebeginning'.repeat(6)}`,
  );
});

test('a diff tells what is not planned any more, also where nothing else differs', () => {
  const gone = { kind: 'gone', count: 1, cases: [{ ...name, note: message } as CaseLine] } as const;
  const last = (dropped: number, changes: Parameters<typeof diffLines>[0]['changes'] = []) =>
    diffLines({ a: run, b: run, changes, dropped }).at(-1);
  expect(last(0)).toBe('nothing changed');
  expect(last(138)).toBe('138 cases of A are not planned in B');
  expect(last(1, [gone])).toBe('1 case of A is not planned in B, of them 1 failed in A');
  expect(last(0, [gone])).not.toContain('planned');
});

test('what a run that goes on has not done is to come, and what one that ended has not done was not run', () => {
  const left = (rest: Partial<RunHead>) =>
    showLines({ run: { ...run, ...rest }, red: [], redTotal: 0, quarantined: 0, skips: [], expired: [] });
  expect(left({ status: 'running', notRun: 2, inFlight: 1 })).toContain('to come: 3');
  expect(left({ status: 'interrupted', notRun: 2, inFlight: 0 })).toContain('not run: 2');
});
