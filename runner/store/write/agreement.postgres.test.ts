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
  unplannedSkips,
  verdictOf,
} from '../../journal/index.ts';
import { cockpitReads } from '../read/cockpit.ts';
import { stateOf } from '../read/cockpit-state.ts';
import { anyJournal } from '../testing/any-journal.ts';
import { eachStore } from '../testing/each-store.ts';
import { statusOf } from '../testing/status-of.ts';
import { cleanJson, cleanText } from './clean.ts';
import { pushEvents } from './push.ts';

/** A merge orders by time, so here the clock goes forward. */
function tick(event: JournalEvent, index: number): JournalEvent {
  return { ...event, at: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString() };
}

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
});
