// The judge of the nemesis test: what the journals say, what the database says before and after the journals are pushed.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Ended } from '../../../fixtures/testing/index.ts';
import { countsOf, exitCodeOf, fold, isProduction, type RunState, readJournal } from '../../journal/index.ts';
import type { Store } from '../open.ts';
import { pushJournal } from '../write/push.ts';
import { eventually } from './eventually.ts';

export interface NemesisRun {
  readonly out: string;
  /** A journal on a full disk knows less than the run did; SUMMARY knows it all. */
  readonly disk: 'full' | 'fine';
  killed: boolean;
  readonly ended: Promise<Ended>;
}

/** Throws with what is lost, double, or shown wrong. */
export async function expectTruth(store: Store, runs: readonly NemesisRun[]): Promise<void> {
  for (const run of runs) {
    const journals = globSync(join(run.out, '*.jsonl'));
    for (const journal of journals) await expectTrueRun(store, run, journal);
    if (run.disk === 'fine' && !run.killed) expect(journals.length, `journals in ${run.out}`).toBe(1);
  }
}

async function expectTrueRun(store: Store, run: NemesisRun, journal: string): Promise<void> {
  const state = fold(readJournal(journal).events);
  if (state.run === '') return;
  const ended = await run.ended;
  const what = `run ${state.run} in ${run.out} (ended with ${ended.signal ?? ended.code}: ${ended.stderr.slice(-500)})`;
  // Only a run that was killed after its end has no exit code of its own. One whose disk was full ends with 5 for its report, and may
  // find no room to say so in the journal: what its cases came to is what it recorded before.
  const hasNoOther = run.killed || (run.disk === 'full' && ended.code === 5);
  const isGreen = ended.code === 0 || (hasNoOther && state.ended !== undefined && verdictOf(state) === 0);
  const expectNoFalseGreen = (row: Awaited<ReturnType<typeof rowOf>>, when: string) => {
    if (row?.status === 'passed') expect(isGreen, `${what} is shown green ${when}`).toBe(true);
  };
  const before = await rowOf(store, state.run);
  expectNoFalseGreen(before, 'by itself');
  if (run.disk === 'fine' && before?.exit_code != null)
    expect(await storedAttempts(store, state.run), `attempts that ${what} stored itself`).toEqual(
      attemptsOf(state),
    );
  // The run itself may have stored more than the journal on a full disk holds, never less than it says after a push.
  await pushJournal(store, journal);
  expectNoFalseGreen(await rowOf(store, state.run), 'by its journal');
  const told = run.disk === 'full' ? undefined : attemptsOf(state);
  const stored = await storedAttempts(store, state.run);
  if (told !== undefined) expect(stored, `attempts of ${what}`).toEqual(told);
  if (run.disk === 'full')
    for (const attempt of attemptsOf(state).filter((one) => !one.endsWith(' running')))
      expect(stored, what).toContain(attempt);
  if (run.disk === 'fine' && state.ended !== undefined) {
    const { tests, pass, fail, err, skip, exit_code } = (await rowOf(store, state.run)) ?? {};
    expect({ tests, pass, fail, err, skip }, what).toEqual(countsOf(state));
    expect(exit_code, what).toBe(verdictOf(state));
  }
  if (run.killed && state.ended === undefined && before?.exit_code == null)
    await eventually(async () => expect((await rowOf(store, state.run))?.status, what).toBe('aborted'));
}

const verdictOf = (state: RunState): number => exitCodeOf(state, { production: isProduction(state) });

function rowOf({ db }: Store, run: string) {
  return db.selectFrom('charter.run_view').selectAll().where('id', '=', run).executeTakeFirst();
}

/** `key attempt verdict`, sorted. A running attempt of a killed run may or may not have been stored in time: the push brings it. */
function attemptsOf(state: RunState): string[] {
  return [...state.cases]
    .flatMap(([key, { attempts }]) =>
      attempts.map(({ attempt, outcome }) => `${key} ${attempt} ${outcome?.verdict ?? 'running'}`),
    )
    .toSorted();
}

async function storedAttempts({ db }: Store, run: string): Promise<string[]> {
  const { rows } = await sql<{ told: string }>`
    select c.key || ' ' || a.attempt || ' ' || coalesce(a.verdict, 'running') as told
    from charter.attempt_now a join charter.run_case c on c.run_id = a.run_id and c.case_id = a.case_id
    where a.run_id = ${run}`.execute(db);
  return rows.map(({ told }) => told).toSorted();
}
