// An end is green only where SUMMARY could be green, and what was not green stays so, whatever is said later.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  exitCodeOf,
  fold,
  isProduction,
  type JournalEvent,
  type Outcome,
  type RunState,
} from '../../journal/index.ts';
import { eachStore } from '../testing/each-store.ts';
import { statusOf } from '../testing/status-of.ts';
import { endOf } from './end.ts';
import { pushEvents } from './push.ts';
import { writeEnd } from './statements.ts';

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

eachStore(({ store }) => {
  let pushed = 0;

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
});
