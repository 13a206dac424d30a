// Counts in SQL are those of JUnit and SUMMARY, whatever events a journal holds: the views are held against the fold.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countsOf,
  exitCodeOf,
  fold,
  isFlaky,
  isProduction,
  type JournalEvent,
  mergeEvents,
  type Outcome,
  type RunState,
  unplannedSkips,
  verdictOf,
} from '../../journal/index.ts';
import { cockpitReads } from '../read/cockpit.ts';
import { stateOf } from '../read/cockpit-state.ts';
import { anyJournal } from '../testing/any-journal.ts';
import { eachStore } from '../testing/each-store.ts';
import { cleanJson, cleanText } from './clean.ts';
import { endOf } from './end.ts';
import { pushEvents } from './push.ts';
import { writeEnd } from './statements.ts';

const statusOf: Readonly<Record<number, string>> = {
  ...{
    0: 'passed',
    1: 'failed',
    2: 'usage',
    3: 'nothing-proven',
    4: 'errors',
    5: 'unwritten',
    7: 'interrupted',
  },
};

/** A merge orders by time, so here the clock goes forward. */
function tick(event: JournalEvent, index: number): JournalEvent {
  return { ...event, at: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString() };
}

/** What may become of a case, as its attempts. */
const fates: Readonly<Record<string, readonly Outcome[]>> = {
  passes: [{ verdict: 'passed' }],
  flaky: [{ verdict: 'failed' }, { verdict: 'passed' }],
  fails: [{ verdict: 'failed' }],
  errs: [{ verdict: 'error' }],
  'skipped as planned': [{ verdict: 'skipped', reason: 'no target', planned: true }],
  skipped: [{ verdict: 'skipped', reason: 'no target' }],
  'fails as expected': [{ verdict: 'skipped', reason: 'xfail: known' }],
  'never runs': [],
};

eachStore(({ store, server }) => {
  let pushed = 0;

  async function expectAgreement(events: readonly JournalEvent[], run: string) {
    const state = fold(events);
    const row = await store()
      .db.selectFrom('charter.run_view')
      .selectAll()
      .where('id', '=', run)
      .executeTakeFirstOrThrow();
    const { tests, pass, fail, err, skip } = row;
    expect({ tests, pass, fail, err, skip }).toEqual(countsOf(state));
    expect(row).toMatchObject({
      ...{ flaky: state.tally.flaky, not_run: state.tally.notRun, cases: state.cases.size },
      unplanned_skips: unplannedSkips(state).length,
      status:
        state.ended === undefined
          ? 'aborted'
          : statusOf[exitCodeOf(state, { production: isProduction(state) })],
    });
    const { rows } = await cockpitReads(store()).cases(run, {}, { limit: 100, offset: 0 });
    expect(rows.map(({ key, verdict, isFlaky }) => [key, verdict, isFlaky]).toSorted()).toEqual(
      [...state.cases.values()]
        .map((item) => [cleanText(item.planned.key), verdictOf(item), isFlaky(item)])
        .toSorted(),
    );
    const again = await stateOf(store(), run);
    expect(again === undefined ? undefined : countsOf(again)).toEqual(countsOf(state));
    expect(again?.tally).toEqual(state.tally);
    for (const [key, { attempts }] of state.cases) {
      const kept = again?.cases.get(cleanText(key))?.attempts;
      expect(kept, key).toEqual(JSON.parse(cleanJson(attempts)));
    }
  }

  test('of a run that was not written, and is not green by a journal that does not know', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    const outcome: Outcome = { verdict: 'passed' };
    const events = (exitCode: number): JournalEvent[] => [
      { event: 'run-started', at, run: 'unwritten', host: 'h', environment: 'e', properties: {} },
      { event: 'case-ended', at, key: 'C/1', attempt: 1, durationMs: 1, outcome },
      { event: 'run-ended', at, exitCode, reason: 'completed' },
    ];
    for (const exitCode of [5, 0]) {
      await pushEvents(store(), events(exitCode));
      await expectAgreement(events(5), 'unwritten');
    }
  });

  test('every honest end is taken, and a green one only where SUMMARY could be green', async () => {
    const at = '2026-01-01T00:00:00.000Z';
    const seen = new Set<string>();
    const fate = fc.constantFrom(...Object.keys(fates));
    // Most have one that passes: what makes such a run not green is the question.
    const plan = fc.tuple(fc.constantFrom('passes', 'flaky', 'skipped'), fate, fate);
    const modes = fc.constantFrom('no', 'production', 'production by its last word');
    const reasons = fc.constantFrom('completed', 'completed', 'completed', 'interrupted by SIGTERM');
    await fc.assert(
      fc.asyncProperty(plan, modes, reasons, async (names, mode, reason) => {
        const chosen = [...new Set(names)];
        const run = `green-${++pushed}`;
        const production = String(mode === 'production');
        const cases = chosen.map((id) => ({
          ...{ key: `F/${id}`, campaign: 'F', id, title: id, file: 'f.ts', tags: [], targets: [] },
        }));
        const events: JournalEvent[] = [
          { event: 'run-started', at, run, host: 'h', environment: 'e', properties: { production } },
          { event: 'planned', at, cases },
          ...(mode === 'production by its last word'
            ? [{ event: 'property' as const, at, name: 'production', value: 'true' }]
            : []),
          ...chosen.flatMap((id) =>
            (fates[id] ?? []).map((outcome, i): JournalEvent => {
              return { event: 'case-ended', at, key: `F/${id}`, attempt: i + 1, durationMs: 1, outcome };
            }),
          ),
        ];
        const state = fold([...events, { event: 'run-ended', at, exitCode: 0, reason }]);
        const honest = endOf(state);
        if (honest === undefined) throw new Error('no end');
        await pushEvents(store(), events);
        const green = writeEnd(store(), run, { ...honest, exitCode: 0, reason: 'completed' });
        if (codeOfCases(state) === 0) await green;
        else await expect(green).rejects.toMatchObject({ code: 'CH003' });
        await writeEnd(store(), run, honest);
        const status = await statusNow(run);
        expect(status).toBe(statusOf[honest.exitCode]);
        seen.add(status ?? '');
        // Whatever is said later: what was not green stays so.
        await writeEnd(store(), run, { ...honest, exitCode: 0 }).catch(() => {});
        expect(await statusNow(run)).toBe(status);
      }),
      { numRuns: 100, seed: 3 },
    );
    expect([...seen].toSorted()).toEqual(['errors', 'failed', 'interrupted', 'nothing-proven', 'passed']);
  }, 120_000);

  const codeOfCases = (state: RunState): number =>
    exitCodeOf(
      { ...state, ended: { at: '', exitCode: 0, reason: 'completed' } },
      { production: isProduction(state) },
    );

  async function statusNow(run: string): Promise<string | undefined> {
    const row = await store()
      .db.selectFrom('charter.run_view')
      .select('status')
      .where('id', '=', run)
      .executeTakeFirst();
    return row?.status;
  }

  test('of any journal, pushed whole, in two parts and twice', async () => {
    const cut = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(anyJournal, cut, async (journal, share) => {
        const events = journal.map((event) =>
          event.event === 'run-started' ? { ...event, run: `any-${++pushed}` } : event,
        );
        const part = events.slice(0, Math.max(1, Math.floor(events.length * share)));
        const { run } = await pushEvents(store(), part);
        await expectAgreement(part, run);
        await pushEvents(store(), events);
        await expectAgreement(events, run);
        await pushEvents(store(), events);
        await expectAgreement(events, run);
      }),
      // PGlite takes four times as long.
      { numRuns: server() === undefined ? 10 : 25 },
    );
  }, 120_000);

  test('of shards and of their merge, which then speaks for them', async () => {
    const [first, second] = fc.sample(anyJournal, { numRuns: 2, seed: 11 }).map((journal, i) =>
      journal.map(tick).map((event) =>
        event.event === 'run-started'
          ? {
              ...event,
              run: `part-${i}`,
              properties: { ...event.properties, job: 'job-1', shard: `${i + 1}/2` },
            }
          : event,
      ),
    );
    if (first === undefined || second === undefined) throw new Error('no sample');
    await pushEvents(store(), first);
    await pushEvents(store(), second);
    const listed = () =>
      store()
        .db.selectFrom('charter.run_view')
        .select('id')
        .where('job', '=', 'job-1')
        .where('is_listed', '=', true)
        .orderBy('id')
        .execute();
    expect(await listed()).toEqual([{ id: 'part-0' }, { id: 'part-1' }]);
    const merged = mergeEvents([first, second]);
    const { run } = await pushEvents(store(), merged);
    expect(await listed()).toEqual([{ id: run }]);
    await expectAgreement(merged, run);
  });

  test('two nights of real shapes: every question of the cockpit has the answer that the journals give', async () => {
    const reads = cockpitReads(store());
    const night = (day: number, verdicts: Readonly<Record<string, readonly Outcome['verdict'][]>>) => {
      const at = (second: number) => new Date(Date.UTC(2026, 1, day, 3, 0, second)).toISOString();
      const properties = { 'image-digest': 'sha256:one', 'config-hash': 'c' };
      const run = `night-${day}`;
      const cases = Object.keys(verdicts).map((id) => ({
        ...{ key: `N/${id}`, campaign: 'N', id, title: id, file: 'n.ts', tags: [], targets: [] },
      }));
      return [
        { event: 'run-started' as const, at: at(0), run, host: 'h', environment: 'nights', properties },
        { event: 'planned' as const, at: at(0), cases },
        ...Object.entries(verdicts).flatMap(([id, attempts]) =>
          attempts.map((verdict, i) => ({
            ...{ event: 'case-ended' as const, at: at(i + 1), key: `N/${id}`, attempt: i + 1, durationMs: 4 },
            outcome:
              verdict === 'skipped'
                ? { verdict, reason: 'no target' }
                : { verdict, failure: { kind: 'assertion', message: `${id} ${verdict}` } },
          })),
        ),
        { event: 'run-ended' as const, at: at(50), exitCode: 1, reason: 'completed' },
      ] satisfies JournalEvent[];
    };
    const first = night(1, {
      ...{ steady: ['passed'], breaks: ['passed'], mended: ['failed', 'failed'], goes: ['passed'] },
      gone: ['skipped'],
    });
    const second = night(2, {
      ...{ steady: ['passed'], breaks: ['failed', 'failed'], mended: ['passed'], goes: ['skipped'] },
      ...{ retried: ['error', 'passed'], fresh: ['skipped'], never: [] },
    });
    for (const events of [first, second]) await pushEvents(store(), events);
    const all = { limit: 100, offset: 0 };
    const changes = await reads.changes('night-2', 'night-1', 10);
    expect(
      changes.map(({ kind, cases }) => [kind, cases.map(({ id, note }) => `${id} ${note}`.trim())]),
    ).toEqual([
      ['newly-failing', ['breaks breaks failed']],
      ['fixed', ['mended']],
      ['newly-skipped', ['goes no target']],
      ['flaky', ['retried retried error']],
    ]);
    const failures = await reads.failures('night-2', {}, all);
    expect(failures.rows.map(({ id, attempts, durationMs }) => [id, attempts.length, durationMs])).toEqual([
      ['breaks', 2, 8],
    ]);
    const skips = await reads.skips('night-2', { reasons: 5, cases: 5 });
    expect(skips.map(({ reason, isPlanned, count }) => [reason, isPlanned, count])).toEqual([
      ['no target', false, 2],
    ]);
    const history = await reads.history('nights', ['N/mended', 'N/never', 'N/retried'], 30);
    expect([...history].map(([key, points]) => [key, points.map((point) => point.verdict)])).toEqual([
      ['N/mended', ['failed', 'passed']],
      ['N/never', []],
      ['N/retried', ['passed']],
    ]);
    for (const environment of ['nights', undefined]) {
      const flakes = (await reads.flakes(environment, 30, 100)).filter((one) => one.environment === 'nights');
      expect(
        flakes
          .map(({ id, runs, retried, disagreed, lastAt }) => [
            id,
            runs,
            retried,
            disagreed,
            lastAt.slice(0, 10),
          ])
          .toSorted(),
      ).toEqual([
        ['breaks', 2, 0, 1, '2026-02-02'],
        ['mended', 2, 0, 1, '2026-02-01'],
        ['retried', 1, 1, 0, '2026-02-02'],
      ]);
    }
    const head = (await reads.environments()).find(({ environment }) => environment === 'nights');
    expect([head?.last?.run, head?.running, head?.lastGreenAt]).toEqual(['night-2', undefined, undefined]);
    const last = await reads.run('night-2');
    expect(last).toEqual(head?.last);
    expect(last === undefined ? undefined : (await reads.previous(last))?.run).toBe('night-1');
    const cells = await reads.campaigns(['night-1', 'night-2']);
    expect(cells.map(({ passed, failed, skipped, notRun }) => [passed, failed, skipped, notRun])).toEqual([
      [3, 1, 1, 0],
      [3, 1, 2, 1],
    ]);
    expect((await reads.runs({ environment: 'nights' }, all)).rows.length).toBe(2);
    expect(await reads.environmentNames()).toContain('nights');
    expect(await reads.personas('night-2')).toEqual([]);
    expect(await reads.properties('night-2')).toMatchObject({ 'config-hash': 'c' });
    // What an end wrote down is what would be counted anew.
    const { db } = store();
    const kept = db.selectFrom('charter.blemish').selectAll().orderBy('run_id').orderBy('case_id');
    const anew = db
      .selectFrom('charter.blemish_now as n')
      .innerJoin('charter.run_end as e', 'e.run_id', 'n.run_id')
      .selectAll('n')
      .where('e.exit_code', 'is not', null)
      .orderBy('n.run_id')
      .orderBy('n.case_id');
    expect(await kept.execute()).toEqual(await anew.execute());
  });
});
