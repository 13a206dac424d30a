// Cases of one run for the cockpit: lists behind filters, failures in full, skips by reason. Each looks at one run by its id.
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../open.ts';
import {
  type AttemptRow,
  attemptColumns,
  goesOn,
  isFirstTry,
  iso,
  type NameRow,
  nameColumns,
  nameOf,
  type ResultRow,
} from './cockpit-rows.ts';
import type {
  AttemptResult,
  CaseFilter,
  CaseLine,
  CaseResult,
  CockpitReads,
  Page,
  SkipGroup,
} from './cockpit-types.ts';

type Db = Store['db'];
type Reads = Pick<CockpitReads, 'cases' | 'failures' | 'redAmong' | 'case' | 'skips'>;

export function resultReads({ db }: Pick<Store, 'db'>): Reads {
  return {
    cases: async (run, filter, page) => {
      const worst = sql`case c.verdict when 'failed' then 0 when 'error' then 1 when 'skipped' then 3 when 'passed' then 4 else 2 end
        - case when c.is_flaky then 2.5 else 0 end`;
      const rows = await pageOf(db, { run, where: matching(filter), order: worst, page });
      const durations = await durationsOf(db, run, rows);
      return {
        rows: rows.map((row) => lineOf(row, durations.get(row.case_id))),
        total: rows[0]?.total ?? 0,
      };
    },
    failures: async (run, filter, page) => {
      const where = sql`${isRed} and ${matching(filter)}`;
      const rows = await pageOf(db, { run, where, order: sql`c.verdict desc`, page });
      return { rows: await withAttempts(db, run, rows), total: rows[0]?.total ?? 0 };
    },
    redAmong: async (run, keys) => {
      if (keys.length === 0) return 0;
      const { rows } = await sql<{ readonly count: number }>`select count(*)::integer as count
        ${results(run)} where ${isRed} and c.key in (${sql.join(keys)})`.execute(db);
      return rows[0]?.count ?? 0;
    },
    case: async (run, key) => {
      const { rows } =
        await sql<ResultRow>`select ${resultColumns} ${results(run)} where c.key = ${key}`.execute(db);
      return (await withAttempts(db, run, rows))[0];
    },
    skips: async (run, most) => {
      const { rows } = await sql<SkipRow>`
        with skipped as (
          select coalesce(nullif(c.note, ''), 'no reason given') as reason, not c.is_unplanned_skip as is_planned, ${nameColumns}, c.n, c.position
          ${results(run)} where c.verdict = 'skipped'
        ), counted as (
          select *, (count(*) over (partition by is_planned, reason))::integer as count,
            row_number() over (partition by is_planned, reason order by n, position) as place
          from skipped
        ), ranked as (
          select *, dense_rank() over (order by is_planned, count desc, reason) as nth from counted
        )
        select * from ranked where nth <= ${most.reasons} and place <= ${most.cases} order by nth, place`.execute(
        db,
      );
      return groupsOf(rows);
    },
  };
}

const isRed = sql`c.verdict in ('failed', 'error')`;

const resultColumns = sql`c.case_id, ${nameColumns}, c.verdict, c.is_flaky, c.is_running, c.note`;

/**
 * Every case of the run: who has no blemish passed at the first attempt. A case is running only while its run is. Blemishes are joined to
 * the cases, never the reverse: without statistics of a young database that takes a nested loop over all pairs of both.
 */
const results = (run: string): RawBuilder<unknown> => sql`
  from (
    select c.*, case when o.case_id is null then 'passed' when o.is_running and ${isFirstTry} then null else o.verdict end as verdict,
      coalesce(o.is_flaky, false) as is_flaky, coalesce(o.is_running, false) as is_running, coalesce(o.note, '') as note, o.is_unplanned_skip
    from charter.run_case c
    left join (
      select b.run_id, b.case_id, b.verdict, b.is_flaky, b.is_running and ${goesOn(sql`${run}`)} as is_running, b.note, b.is_unplanned_skip
      from charter.blemishes_of(${run}) b
    ) o on o.case_id = c.case_id
    where c.run_id = ${run}
  ) c`;

interface AskedPage {
  readonly run: string;
  readonly where: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
  readonly page: Page;
}

/** Where fewer pages are left than were asked for, the last one: its total is never that of nothing. */
async function pageOf(
  db: Db,
  { run, where, order, page: { limit, offset } }: AskedPage,
): Promise<readonly (ResultRow & { readonly total: number })[]> {
  const { rows } = await sql<ResultRow & { readonly total: number }>`
    select * from (
      select ${resultColumns}, (count(*) over ())::integer as total, row_number() over (order by ${order}, c.n, c.position) as place
      ${results(run)} where ${where}
    ) as placed
    where place > least(${offset}::integer, (total - 1) / ${limit}::integer * ${limit}::integer)
    order by place limit ${limit}`.execute(db);
  return rows;
}

function matching({ verdict, campaign, persona, text }: CaseFilter): RawBuilder<unknown> {
  const parts = [
    verdict === undefined ? undefined : verdictIs(verdict),
    campaign === undefined ? undefined : sql`c.campaign = ${campaign}`,
    persona === undefined ? undefined : sql`c.persona = ${persona}`,
    text === undefined ? undefined : sql`strpos(lower(c.key || ' ' || c.title), lower(${text})) > 0`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `);
}

function verdictIs(verdict: NonNullable<CaseFilter['verdict']>): RawBuilder<unknown> {
  if (verdict === 'flaky') return sql`c.is_flaky`;
  return verdict === 'not-run' ? sql`c.verdict is null and not c.is_running` : sql`c.verdict = ${verdict}`;
}

async function withAttempts(db: Db, run: string, rows: readonly ResultRow[]): Promise<CaseResult[]> {
  if (rows.length === 0) return [];
  const found = await sql<AttemptRow>`
    select ${attemptColumns} from charter.attempt_now where run_id = ${run} and case_id in (${sql.join(rows.map((row) => row.case_id))})
    order by started_at, attempt`.execute(db);
  const byCase = Map.groupBy(found.rows, (row) => row.case_id);
  return rows.map((row) => ({
    ...nameOf(row),
    verdict: row.verdict ?? undefined,
    isRunning: row.is_running,
    isFlaky: row.is_flaky,
    durationMs: (byCase.get(row.case_id) ?? []).reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0),
    attempts: (byCase.get(row.case_id) ?? []).map(attemptOf),
  }));
}

function attemptOf(row: AttemptRow): AttemptResult {
  const isBad = row.verdict === 'failed' || row.verdict === 'error';
  return {
    attempt: row.attempt,
    startedAt: iso(row.started_at),
    durationMs: row.duration_ms ?? undefined,
    verdict: row.verdict ?? undefined,
    failure: isBad ? (row.failure ?? undefined) : undefined,
    reason: row.reason ?? undefined,
    isPlannedSkip: row.planned ?? false,
    warnings: row.warnings ?? [],
  };
}

/** In milliseconds, all attempts together; asked only for the cases that are shown. */
export async function durationsOf(
  db: Db,
  run: string,
  rows: readonly { readonly case_id: string }[],
): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map();
  const found = await sql<{ readonly case_id: string; readonly duration_ms: number }>`
    select case_id, coalesce(sum(duration_ms), 0) as duration_ms from charter.attempt_now
    where run_id = ${run} and case_id in (${sql.join(rows.map((row) => row.case_id))}) group by case_id`.execute(
    db,
  );
  return new Map(found.rows.map(({ case_id, duration_ms }) => [case_id, duration_ms]));
}

export function lineOf(row: ResultRow, durationMs = 0): CaseLine {
  const { verdict, is_flaky: isFlaky, is_running: isRunning, note } = row;
  return { ...nameOf(row), verdict: verdict ?? undefined, isRunning, isFlaky, durationMs, note };
}

interface SkipRow extends NameRow {
  readonly reason: string;
  readonly is_planned: boolean;
  readonly count: number;
}

function groupsOf(rows: readonly SkipRow[]): SkipGroup[] {
  const groups = Map.groupBy(rows, (row) => `${row.is_planned} ${row.reason}`);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [
      { reason: first.reason, isPlanned: first.is_planned, count: first.count, cases: same.map(nameOf) },
    ];
  });
}
