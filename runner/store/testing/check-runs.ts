// The judge of the nemesis test: what the journals say, what the database says before and after the journals are pushed.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Ended } from '../../../fixtures/testing/index.ts';
import { countsOf, exitCodeOf, fold, isProduction, type RunState, readJournal } from '../../journal/index.ts';
import type { Store } from '../open.ts';
import { codeOf } from '../store-error.ts';
import { pushJournal } from '../write/push.ts';
import { storedRuns, wrongRow, wrongRows } from './check-stored.ts';
import { eventually } from './eventually.ts';

export interface NemesisRun {
  readonly out: string;
  /** A journal on a full disk knows less than the run did; SUMMARY knows it all. */
  readonly disk: 'full' | 'fine';
  killed: boolean;
  readonly ended: Promise<Ended>;
}

/** Of the runs that nobody killed. */
export interface Stored {
  readonly ended: number;
  /** Before anybody pushed its journal. */
  readonly byItself: number;
}

/** Throws with what is lost, double, or shown wrong. `earlier` are the runs that were there before these. Returns who stored its own end. */
export async function expectTruth(
  store: Store,
  runs: readonly NemesisRun[],
  earlier: readonly string[],
): Promise<Stored> {
  const told = runs.flatMap(({ out }) => journalsIn(out).map(runOf)).filter((id) => id !== '');
  const known = [...earlier, ...told];
  expect(wrongRows(await storedRuns(store), known, 'while'), 'rows before any push').toEqual([]);
  const stored = { ended: 0, byItself: 0 };
  for (const run of runs) {
    const journals = journalsIn(run.out);
    const ended = await run.ended;
    if (ended.code !== null || !run.killed) {
      expect(journals.length, `journals in ${run.out}`).toBe(1);
      const state = fold(readJournal(journals[0] ?? '').events);
      expect(wrongEnd(ended, state, run.disk), `${run.out}: ${ended.stderr.slice(-500)}`).toEqual([]);
    }
    for (const journal of journals) {
      const isStored = await expectTrueRun(store, run, journal);
      if (ended.code === null) continue;
      stored.ended += 1;
      if (isStored) stored.byItself += 1;
    }
  }
  expect(wrongRows(await storedRuns(store), known, 'at last'), 'rows after the pushes').toEqual([]);
  return stored;
}

const journalsIn = (out: string): string[] => globSync(join(out, '*.jsonl'));
const runOf = (journal: string): string => fold(readJournal(journal).events).run;

/** What is wrong with the end of a run that nobody killed; nothing where process, SUMMARY and journal say the same. */
export function wrongEnd(
  { code, signal, stdout }: Pick<Ended, 'code' | 'signal' | 'stdout'>,
  state: RunState,
  disk: NemesisRun['disk'],
): string[] {
  const wrong: string[] = [];
  const last = stdout.split('\n').at(-2) ?? '';
  if (code === null) wrong.push(`it was ended by ${signal}`);
  if (!summaryForm.test(last)) wrong.push(`its last line is no SUMMARY: ${last}`);
  const recorded = state.ended?.exitCode;
  if (disk === 'full' && code === 5) {
    // Cases may lack in its journal, and an end; another one than its own it never has.
    if (recorded !== undefined && recorded !== 5) wrong.push(`it ended with 5, its journal says ${recorded}`);
    return wrong;
  }
  if (recorded !== code) wrong.push(`it ended with ${code}, its journal says ${recorded ?? 'nothing'}`);
  if (verdictOf(state) !== code) wrong.push(`it ended with ${code}, its cases ask for ${verdictOf(state)}`);
  const counts = Object.entries(countsOf(state)).map(([name, count]) => `${name}=${count}`);
  if (!last.endsWith(` SUMMARY ${counts.join(' ')}`))
    wrong.push(`'${last}', its journal: ${counts.join(' ')}`);
  return wrong;
}

const summaryForm = /^\[charter-runner\] SUMMARY tests=\d+ pass=\d+ fail=\d+ err=\d+ skip=\d+$/;

/** Tells whether its end was there before the push. */
async function expectTrueRun(store: Store, run: NemesisRun, journal: string): Promise<boolean> {
  const state = fold(readJournal(journal).events);
  if (state.run === '') return false;
  const ended = await run.ended;
  const what = `run ${state.run} in ${run.out} (ended with ${ended.signal ?? ended.code}: ${ended.stderr.slice(-500)})`;
  // Only a run that was killed after its end has no exit code of its own.
  const isGreen =
    ended.code === 0 || (ended.code === null && state.ended !== undefined && verdictOf(state) === 0);
  const expectNoFalseGreen = (row: Awaited<ReturnType<typeof rowOf>>, when: string) => {
    if (row?.status === 'passed') expect(isGreen, `${what} is shown green ${when}`).toBe(true);
  };
  const before = await rowOf(store, state.run);
  expectNoFalseGreen(before, 'by itself');
  const owed = { verdict: verdictOf(state), disk: run.disk };
  expect(wrongRow(ended, before, journal, owed), `${what}, before any push`).toEqual([]);
  if (run.disk === 'fine' && before?.exit_code != null)
    expect(await storedAttempts(store, state.run), `attempts that ${what} stored itself`).toEqual(
      attemptsOf(state),
    );
  // The run itself may have stored more than the journal on a full disk holds, never less than it says after a push. Then the end that
  // goes by fewer cases is refused.
  await pushJournal(store, journal).catch((error: unknown) => {
    const isRefused = run.disk === 'full' && ended.code === 5 && codeOf((error as Error).cause) === 'CH001';
    if (!isRefused) throw error;
  });
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
  return before?.exit_code != null;
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
