// Two nights of real shapes: every question of the cockpit has the answer that the journals give.
import { expect, test } from 'vitest';
import type { JournalEvent, Outcome } from '../../journal/index.ts';
import { eachStore } from '../testing/each-store.ts';
import { pushEvents } from '../write/push.ts';
import { cockpitReads } from './cockpit.ts';

eachStore(({ store }) => {
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
    expect(await reads.dropped('night-2', 'night-1')).toBe(1);
    expect(await reads.dropped('night-1', 'night-2')).toBe(3);
    const redKeys = ['N/breaks', 'N/mended', 'N/retried', 'N/goes', 'N/never', 'N/none'];
    expect([await reads.redAmong('night-2', redKeys), await reads.redAmong('night-2', [])]).toEqual([1, 0]);
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
