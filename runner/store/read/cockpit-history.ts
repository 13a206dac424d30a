// Cases over runs for the cockpit: what changed between two runs, what a case did before, which ones cannot make up their mind.
import { sql } from 'kysely';
import type { Verdict } from '../../journal/index.ts';
import type { Store } from '../open.ts';
import { lineOf, notesOf } from './cockpit-results.ts';
import { iso, type NameRow, nameColumns, nameOf, type ResultRow } from './cockpit-rows.ts';
import type { Change, ChangeKind, CockpitReads, FlakyCase, HistoryPoint } from './cockpit-types.ts';

type Reads = Pick<CockpitReads, 'changes' | 'history' | 'flakes'>;

export function historyReads({ db }: Pick<Store, 'db'>): Reads {
  return {
    changes: async (run, before, limit) => {
      const { rows } = await sql<ChangeRow>`
        with touched as (
          select distinct case_id from charter.attempt_now where run_id in (${run}, ${before}) and verdict is distinct from 'passed'
        ), both_runs as (
          select t.case_id, now.verdict, now.is_flaky, now.is_running, now.duration_ms, before.verdict as before
          from touched t
          left join (select * from charter.case_result where run_id = ${run}) now on now.case_id = t.case_id
          left join (select * from charter.case_result where run_id = ${before}) before on before.case_id = t.case_id
        ), told as (
          select *, case
            when verdict in ('failed', 'error') and coalesce(before not in ('failed', 'error'), true) then 'newly-failing'
            when verdict = 'passed' and before in ('failed', 'error') then 'fixed'
            when verdict = 'skipped' and before <> 'skipped' then 'newly-skipped'
            when is_flaky then 'flaky' end as kind
          from both_runs
        ), ranked as (
          select t.kind, t.case_id, t.verdict, t.is_flaky, t.is_running, t.duration_ms, ${nameColumns},
            (count(*) over (partition by t.kind))::integer as count,
            row_number() over (partition by t.kind order by t.verdict desc, c.n, c.position) as place
          from told t join charter.run_case c on c.run_id = ${run} and c.case_id = t.case_id
          where t.kind is not null
        )
        select * from ranked where place <= ${limit} order by kind, place`.execute(db);
      const notes = await notesOf(db, run, rows);
      const byKind = Map.groupBy(rows, (row) => row.kind);
      return kinds.flatMap((kind): Change[] => {
        const same = byKind.get(kind) ?? [];
        if (same[0] === undefined) return [];
        return [
          { kind, count: same[0].count, cases: same.map((row) => lineOf(row, notes.get(row.case_id))) },
        ];
      });
    },
    history: async (environment, keys, limit, until) => {
      const points = new Map<string, HistoryPoint[]>(keys.map((key) => [key, []]));
      if (keys.length === 0) return points;
      const runs = await recentRuns(db, environment, limit, until);
      const ids = runs.map(({ id }) => id);
      const wanted = await caseIdsOf(db, ids, keys);
      if (wanted.length === 0) return points;
      const results =
        await sql<PointRow>`select run_id, case_id, verdict, is_flaky, duration_ms from charter.case_result
        where run_id in (${sql.join(ids)}) and case_id in (${sql.join(wanted.map(({ case_id }) => case_id))})`.execute(
          db,
        );
      const startedAt = new Map(runs.map(({ id, started_at }) => [id, iso(started_at)]));
      const keyOf = new Map(wanted.map(({ case_id, key }) => [case_id, key]));
      const rows = results.rows
        .map((row) => ({
          ...row,
          key: keyOf.get(row.case_id) ?? '',
          startedAt: startedAt.get(row.run_id) ?? '',
        }))
        .toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
      for (const row of rows) points.get(row.key)?.push(pointOf(row));
      return points;
    },
    flakes: async (environment, runs, limit) => {
      const environments =
        environment === undefined
          ? (
              await sql<{
                readonly environment: string;
              }>`select distinct environment from charter.run`.execute(db)
            ).rows
          : [{ environment }];
      const found = await Promise.all(environments.map((one) => flakesOf(db, one.environment, runs, limit)));
      return found
        .flat()
        .toSorted((a, b) => b.rate - a.rate || (a.key < b.key ? -1 : 1))
        .slice(0, limit);
    },
  };
}

const kinds: readonly ChangeKind[] = ['newly-failing', 'fixed', 'newly-skipped', 'flaky'];

interface ChangeRow extends ResultRow {
  readonly kind: ChangeKind;
  readonly count: number;
}

interface RecentRow {
  readonly id: string;
  readonly started_at: Date;
}

/**
 * Asked first and then named: a list of ids goes straight to the index of attempts, where a join over the views would be planned
 * for all runs there are.
 */
async function recentRuns(
  db: Store['db'],
  environment: string,
  limit: number,
  until: string | undefined,
): Promise<readonly RecentRow[]> {
  const upTo = until === undefined ? sql`` : sql`and v.started_at <= ${until}::timestamptz`;
  const { rows } = await sql<RecentRow>`select v.id, v.started_at from charter.run_view v
    where v.environment = ${environment} and v.is_listed ${upTo} order by v.started_at desc limit ${limit}`.execute(
    db,
  );
  return rows;
}

/** Runs share their plans, so there are few to look through. */
async function caseIdsOf(
  db: Store['db'],
  runs: readonly string[],
  keys: readonly string[],
): Promise<readonly { readonly case_id: string; readonly key: string }[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql<{ readonly case_id: string; readonly key: string }>`
    select distinct c.case_id, c.key from charter.plan_case c
    where c.plan_id in (select distinct plan_id from charter.run_plan where run_id in (${sql.join(runs)}))
      and c.key in (${sql.join(keys)})`.execute(db);
  return rows;
}

interface PointRow {
  readonly run_id: string;
  readonly case_id: string;
  readonly verdict: Verdict | null;
  readonly is_flaky: boolean;
  readonly duration_ms: number;
}

function pointOf(row: PointRow & { readonly startedAt: string }): HistoryPoint {
  return {
    run: row.run_id,
    startedAt: row.startedAt,
    verdict: row.verdict ?? undefined,
    isFlaky: row.is_flaky,
    durationMs: row.duration_ms,
  };
}

interface FlakeRow extends NameRow {
  readonly runs: number;
  readonly retried: number;
  readonly disagreed: number;
  readonly last_at: Date;
}

/**
 * Only cases with a failed or error attempt can be flaky, and these are few. A result disagrees where a run of the same image and
 * configuration has the other one; the rarer of the two counts. Runs of an unknown image say nothing about each other.
 */
async function flakesOf(
  db: Store['db'],
  environment: string,
  runs: number,
  limit: number,
): Promise<FlakyCase[]> {
  const recent = await recentRuns(db, environment, runs, undefined);
  if (recent.length === 0) return [];
  const ids = sql.join(recent.map(({ id }) => id));
  const suspects = await sql<{ readonly case_id: string }>`select distinct case_id from charter.attempt
    where run_id in (${ids}) and verdict in ('failed', 'error') limit 2000`.execute(db);
  if (suspects.rows.length === 0) return [];
  const { rows } = await sql<FlakeRow>`
    with results as (
      select run.started_at, run.image_digest, run.config_hash, r.case_id, r.verdict, r.is_flaky
      from charter.case_result r join charter.run on run.id = r.run_id
      where r.run_id in (${ids}) and r.case_id in (${sql.join(suspects.rows.map(({ case_id }) => case_id))})
        and r.verdict <> 'skipped' and not r.is_running
    ), alike as (
      select case_id, count(*) as runs, count(*) filter (where is_flaky) as retried,
        least(count(*) filter (where verdict = 'passed' and not is_flaky), count(*) filter (where verdict <> 'passed'))
          * (image_digest <> '')::integer as disagreed,
        max(started_at) filter (where is_flaky or verdict <> 'passed') as last_at
      from results group by case_id, image_digest, config_hash
    ), summed as (
      select case_id, sum(runs)::integer as runs, sum(retried)::integer as retried, sum(disagreed)::integer as disagreed,
        max(last_at) filter (where retried + disagreed > 0) as last_at
      from alike group by case_id
    )
    select s.*, ${nameColumns}
    from summed s
    join lateral (select * from charter.plan_case c where c.case_id = s.case_id limit 1) c on true
    where s.retried + s.disagreed > 0 order by (s.retried + s.disagreed)::float / s.runs desc, c.key limit ${limit}`.execute(
    db,
  );
  return rows.map((row) => ({
    ...nameOf(row),
    environment,
    runs: row.runs,
    retried: row.retried,
    disagreed: row.disagreed,
    rate: (row.retried + row.disagreed) / row.runs,
    lastAt: iso(row.last_at),
  }));
}
