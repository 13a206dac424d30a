// From rows to the shapes of the cockpit: the only place that knows how the drivers give times and nothing.
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Counts } from '../../journal/index.ts';
import { selectionOf } from '../migrations/012-parts.ts';
import type { AttemptNowView, BlemishTable, PlanCaseTable, RunView } from '../schema.ts';
import type { CaseName, RunHead } from './cockpit-types.ts';

/** PGlite and pg give Dates; a test's hand-made row may hold text. */
export function iso(at: Date | string): string {
  return new Date(at).toISOString();
}

/** Of a run by its id: it goes on, as the view of runs says it, without the counts that the view makes of such a run. */
export const goesOn = (run: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  not exists (select from charter.run_end e where e.run_id = ${run} and e.exit_code is not null)
  and coalesce((select b.at > now() - b.stale_ms * interval '1 millisecond'
    from charter.beat b where b.run_id = ${run} order by b.n desc limit 1), false))`;

/** Of a row `o` with run and case: none of its attempts has ended. While its run goes on it has no result; what is lost is an error. */
export const isFirstTry: RawBuilder<unknown> = sql`not exists (
  select from charter.attempt a where a.run_id = o.run_id and a.case_id = o.case_id)`;

const headNames = [
  ...(['id', 'environment', 'host', 'status', 'exit_code', 'reason'] as const),
  ...(['tests', 'pass', 'fail', 'err', 'skip', 'flaky', 'not_run', 'unplanned_skips', 'cases'] as const),
];

export interface HeadRow extends Pick<Selectable<RunView>, (typeof headNames)[number]> {
  readonly started_at: Date;
  readonly last_at: Date;
  readonly in_flight: number;
  readonly selection: string | null;
  readonly shard: string | null;
}

/**
 * Of a row `v` of charter.run_view whose run ended by itself. How long it took is said by its own clock; one that was put forward meanwhile
 * must not make an old green fresh for ever.
 */
export const endedBy: RawBuilder<unknown> = sql`v.began_at + least(greatest(v.ended_at - v.started_at, interval '0'), interval '1 day')`;

/**
 * Columns of `charter.run_view v` that make a RunHead. What only some runs need is only asked of these. Times are those of the
 * database, so that runs of machines whose clocks differ stand in the order in which they were run; how long one took is said by its own.
 */
export const headColumns: RawBuilder<unknown> = sql`
  ${sql.join(headNames.map((name) => sql.ref(`v.${name}`)))}, v.began_at as started_at,
  case
    when v.status = 'running' then now()
    when v.exit_code is not null then ${endedBy}
    else coalesce(v.ended_at, v.beat_at, v.began_at)
  end as last_at,
  case when v.status <> 'running' then 0 else (
    select count(*)::integer from charter.open_attempt o where o.run_id = v.id and ${isFirstTry}
  ) end as in_flight,
  ${sql.raw(selectionOf('v'))} as selection, case v.part when 'shard' then v.properties->>'shard' end as shard`;

export function headOf(row: HeadRow): RunHead {
  const [startedAt, lastAt] = [iso(row.started_at), iso(row.last_at)];
  return {
    run: row.id,
    environment: row.environment,
    host: row.host,
    startedAt,
    lastAt,
    status: row.status,
    exitCode: row.exit_code ?? undefined,
    // One that was marked as lost and is heard of again has not ended.
    reason: row.status === 'running' ? undefined : (row.reason ?? undefined),
    counts: row.status === 'running' ? endedSoFar(row) : countsOf(row),
    flaky: row.flaky,
    unplannedSkips: row.unplanned_skips,
    notRun: row.not_run,
    inFlight: row.in_flight,
    planned: row.cases,
    durationMs: Math.max(0, Date.parse(lastAt) - Date.parse(startedAt)),
    selection: row.selection ?? undefined,
    shard: row.shard ?? undefined,
  };
}

const countsOf = ({ tests, pass, fail, err, skip }: HeadRow): Counts => ({ tests, pass, fail, err, skip });

/** The view counts as JUnit does at any instant: what is being tried as an error, and all that is to come or yet to be planned as one. */
function endedSoFar({ pass, fail, err, skip, not_run, in_flight, cases }: HeadRow): Counts {
  const errors = Math.max(0, err - in_flight - (not_run > 0 || cases === 0 ? 1 : 0));
  return { tests: pass + fail + errors + skip, pass, fail, err: errors, skip };
}

const names = ['key', 'campaign', 'id', 'persona', 'title', 'file', 'line'] as const;

export type NameRow = Pick<Selectable<PlanCaseTable>, (typeof names)[number]>;

export const nameColumns: RawBuilder<unknown> = sql.join(names.map((name) => sql.ref(`c.${name}`)));

export function nameOf(row: NameRow): CaseName {
  const { key, campaign, id, title, file } = row;
  return { key, campaign, id, title, file, persona: row.persona ?? undefined, line: row.line ?? undefined };
}

export type ResultRow = NameRow &
  Pick<BlemishTable, 'case_id' | 'verdict' | 'is_flaky' | 'is_running' | 'note'>;

export type AttemptRow = Omit<Selectable<AttemptNowView>, 'run_id'>;

export const attemptColumns: RawBuilder<unknown> = sql`
  case_id, attempt, started_at, ended_at, duration_ms, verdict, planned, reason, failure, warnings`;
