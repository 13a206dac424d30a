// Pages of a full store after a bad month, over invented reads: as promised in docs/cockpit.md each stays below 30 KB.
import { describe, expect, test } from 'vitest';
import type {
  CampaignCell,
  CaseLine,
  Change,
  CockpitReads,
  FlakyCase,
  HistoryPoint,
  Quarantined,
  RunHead,
} from '../store/index.ts';
import { createCockpit } from './app.ts';
import { today } from './testing.ts';

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const nightly = (index: number) => new Date(today - (100 - index) * 86_400_000).toISOString();
const runId = (index: number) => `mwqcq5k68ad${140 + index}`;

/** Each third one is a part of the charter. */
const redRun = (index: number): RunHead => ({
  ...{ run: runId(index), environment: 'production', host: 'charter-29380140-x7k2p' },
  ...{
    startedAt: nightly(index),
    lastAt: nightly(index),
    status: 'failed',
    exitCode: 1,
    reason: 'completed',
  },
  counts: { tests: 1_400, pass: 1_100, fail: 240, err: 40, skip: 20 },
  ...{
    flaky: 9,
    unplannedSkips: 0,
    notRun: 0,
    inFlight: 0,
    planned: 1_400,
    durationMs: 600_000 + index * 7_919,
  },
  ...{ selection: index % 3 === 0 ? '--campaign C-10 --persona alice' : undefined, shard: undefined },
});

const line = (index: number): CaseLine => ({
  ...{ key: `C-10/10.${index} [alice]`, campaign: 'C-10', id: `10.${index}`, persona: 'alice' },
  ...{ title: 'a masked column stays masked through a view, a join and a subquery', line: 12 },
  ...{ file: 'c10.campaign.ts', verdict: 'failed', isRunning: false, isFlaky: false, durationMs: 1_234 },
  note: "expected 0 rows of 'salary' in clear within 30000 ms, got 12 of them at the last try",
});

const change = (kind: Change['kind']): Change => ({ kind, count: 40, cases: many(6, line) });
const kinds = ['newly-failing', 'fixed', 'newly-skipped', 'gone', 'flaky', 'still-failing'] as const;

/** Every campaign is red in every run. */
const cells = (runs: readonly string[]): CampaignCell[] =>
  many(20, (index) => `C-${index + 1}`).flatMap((campaign) =>
    runs.map((run) => ({
      run,
      campaign,
      passed: 60,
      failed: 12,
      error: 2,
      skipped: 1,
      notRun: 0,
      timeMs: 9_000,
    })),
  );

const verdicts = ['passed', 'failed', 'passed', 'passed', 'passed', 'error'] as const;
const point = (index: number): HistoryPoint => ({
  ...{ run: runId(index), startedAt: nightly(index), verdict: verdicts[index % verdicts.length] },
  ...{
    isRunning: false,
    isFlaky: index % verdicts.length === 3,
    durationMs: 700 + ((index * 7_919) % 9_000),
  },
});

const flake = (index: number): FlakyCase => ({
  ...line(index),
  ...{ environment: 'production', runs: 30, retried: 8, disagreed: 12, rate: 0.66, lastAt: nightly(index) },
});

const quarantined = (index: number): Quarantined => ({
  ...{ case: line(index).key, owner: 'data platform', expires: '2026-12-31' },
  reason: 'the coordinator of Trino restarts at night, see OPS-4711',
});

function pages(points: number) {
  const head = redRun(29);
  const environments = ['production', 'staging', 'review'];
  const reads: Partial<CockpitReads> = {
    environments: async () =>
      environments.map((environment) => ({
        ...{ environment, last: { ...head, environment }, running: undefined },
        ...{ lastGreenAt: undefined, lastGreenEndedAt: undefined },
      })),
    environmentNames: async () => environments,
    recent: async () => many(45, redRun).toReversed(),
    previous: async () => redRun(28),
    campaigns: async (runs) => cells(runs),
    changes: async () => kinds.map(change),
    dropped: async () => 138,
    redAmong: async () => 20,
    flakes: async () => many(20, flake),
    history: async (_, keys) => new Map(keys.map((key) => [key, many(points, point)])),
    case: async () => ({ ...line(0), attempts: [] }),
  };
  const quarantine = {
    active: new Map(many(20, quarantined).map((entry) => [entry.case, entry])),
    expired: [],
  };
  const { app } = createCockpit({
    reads: reads as CockpitReads,
    now: () => today,
    quarantine: () => quarantine,
  });
  return async (path: string) => await (await app.request(path)).text();
}

describe('a page stays below 30 KB', () => {
  test.each([
    ['/', 0, /<rect /g, 30],
    ['/flakes', 45, /class="squares"/g, 20],
    [`/case?environment=production&key=${encodeURIComponent(line(0).key)}`, 75, /<title>\d/g, 75],
  ])('%s', async (path, points, drawn, count) => {
    const text = await pages(points)(path);
    expect(text.match(drawn)).toHaveLength(count);
    expect(Buffer.byteLength(text)).toBeLessThan(30_000);
  });
});
