// Cases over runs for the cockpit: what changed between two runs, and what a case did before.
import { sql } from 'kysely';
import { isWhole } from '../migrations/012-parts.ts';
import type { Store } from '../open.ts';
import type { CaseResultView } from '../schema.ts';
import { caseId } from '../write/identity.ts';
import { durationsOf, lineOf } from './cockpit-results.ts';
import { goesOn, iso, type NameRow, nameColumns, nameOf, type ResultRow } from './cockpit-rows.ts';
import type { Change, ChangeKind, CockpitReads, HistoryPoint } from './cockpit-types.ts';
import { recentRuns } from './recent-runs.ts';

type Reads = Pick<CockpitReads, 'changes' | 'dropped' | 'named' | 'history'>;

export function historyReads({ db }: Pick<Store, 'db'>): Reads {
  return {
    changes: async (run, before, limit) => {
      const { rows } = await sql<ChangeRow>`
        with now as (select * from charter.blemishes_of(${run})),
        before as (select * from charter.blemishes_of(${before})),
        told as (
          select case_id, coalesce(now.is_flaky, false) as is_flaky, coalesce(now.is_running, false) as is_running,
            coalesce(now.note, '') as note,
            case when now.case_id is null then 'passed' else now.verdict end as verdict,
            case
              -- What was cut off has no result: it says nothing of its case.
              when before.is_running then null
              when before.case_id is not null then before.verdict
              -- Without a blemish it passed, or was no case of that run.
              when now.verdict = 'skipped' and exists (select from charter.run_plan p join charter.plan_case c on c.plan_id = p.plan_id
                where p.run_id = ${before} and c.case_id = now.case_id) then 'passed' end as before
          from now full join before using (case_id)
        ), kinds as (
          select *, case
            when is_running then null
            when verdict in ('failed', 'error') and before in ('failed', 'error') then 'still-failing'
            when verdict in ('failed', 'error') then 'newly-failing'
            -- Also after a failure: what needs a retry is not fixed.
            when is_flaky then 'flaky'
            when verdict = 'passed' and before in ('failed', 'error') then 'fixed'
            when verdict = 'skipped' and before <> 'skipped' then 'newly-skipped' end as kind
          from told
        ), named as (
          select t.kind, t.case_id, t.verdict, t.is_flaky, t.is_running, t.note, ${nameColumns}, c.n, c.position
          from kinds t join charter.run_case c on c.run_id = ${run} and c.case_id = t.case_id
          where t.kind is not null
          union all
          select 'gone', b.case_id, null, false, false, b.note, ${nameColumns}, c.n, c.position
          from before b join charter.run_case c on c.run_id = ${before} and c.case_id = b.case_id
          where b.verdict in ('failed', 'error') and not b.is_running and ${isWhollyPlanned(run)}
            and not exists (select from charter.run_plan p join charter.plan_case planned on planned.plan_id = p.plan_id
              where p.run_id = ${run} and planned.case_id = b.case_id)
        ), ranked as (
          select *, (count(*) over (partition by kind))::integer as count,
            row_number() over (partition by kind order by verdict desc, n, position) as place
          from named
        )
        select * from ranked where place <= ${limit} order by kind, place`.execute(db);
      const durations = await durationsOf(db, run, rows);
      const byKind = Map.groupBy(rows, (row) => row.kind);
      return kinds.flatMap((kind): Change[] => {
        const same = byKind.get(kind) ?? [];
        if (same[0] === undefined) return [];
        return [
          { kind, count: same[0].count, cases: same.map((row) => lineOf(row, durations.get(row.case_id))) },
        ];
      });
    },
    dropped: async (run, before) => {
      // Most runs share the plan of the one before: there is nothing to compare.
      const { rows } = await sql<{ readonly count: number }>`select count(*)::integer as count from (
          select c.case_id from charter.run_plan p join charter.plan_case c on c.plan_id = p.plan_id
          where p.run_id = ${before} and p.plan_id not in (select plan_id from charter.run_plan where run_id = ${run})
            and ${isWhollyPlanned(run)} and ${isWhollyPlanned(before)}
          except
          select c.case_id from charter.run_plan p join charter.plan_case c on c.plan_id = p.plan_id where p.run_id = ${run}
        ) as dropped`.execute(db);
      return rows[0]?.count ?? 0;
    },
    named: async (environment, key) => {
      const { rows } = await sql<NameRow>`select ${nameColumns} from charter.plan_case c
        where c.case_id = ${caseId(key)}::uuid and c.key = ${key} and exists (
          select from charter.run_plan p join charter.run r on r.id = p.run_id
          where p.plan_id = c.plan_id and r.environment = ${environment}) limit 1`.execute(db);
      return rows[0] === undefined ? undefined : nameOf(rows[0]);
    },
    history: async (environment, keys, limit, until) => {
      const points = new Map<string, HistoryPoint[]>(keys.map((key) => [key, []]));
      if (keys.length === 0) return points;
      const runs = await recentRuns(db, environment, limit, until);
      const ids = runs.map(({ id }) => id);
      if (ids.length === 0) return points;
      const keyOf = new Map(keys.map((key) => [caseId(key), key]));
      const results = await sql<PointRow>`select c.run_id, c.case_id, c.duration_ms,
          -- As among changes: what has not come to its end, or was cut off, says nothing of its case.
          case when not c.is_running then c.verdict end as verdict, c.is_flaky and not c.is_running as is_flaky,
          c.is_running and ${goesOn(sql`c.run_id`)} as is_running
        from ${eachOf(ids)} cross join lateral (
          select * from charter.case_result
          where run_id = asked.id and case_id in (${sql.join([...keyOf.keys()])}) offset 0) c`.execute(db);
      const startedAt = new Map(runs.map(({ id, began_at }) => [id, iso(began_at)]));
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
  };
}

/** Cases of the harness stand for what it could not plan: a run that could not start, a shard that was lost. */
const ofHarness = 'charter';

/** What it does not plan is planned no more: it is no part of the charter, and all of its plan is known. */
const isWhollyPlanned = (run: string) => sql`exists (
  select from charter.run r where r.id = ${run} and r.part <> 'shard' and ${sql.raw(isWhole('r'))}
    and exists (select from charter.run_plan p where p.run_id = r.id)
    and not exists (select from charter.run_plan p join charter.plan_case planned on planned.plan_id = p.plan_id
      where p.run_id = r.id and planned.campaign = ${ofHarness}))`;

const kinds: readonly ChangeKind[] = [
  ...(['newly-failing', 'fixed', 'newly-skipped', 'gone', 'flaky', 'still-failing'] as const),
];

interface ChangeRow extends ResultRow {
  readonly kind: ChangeKind;
  readonly count: number;
}

/** Rows `asked` of these ids, for a lateral with `offset 0`: run by run, where a join would be planned for all runs there are. */
const eachOf = (ids: readonly string[]) => sql`unnest(array[${sql.join(ids)}]::text[]) as asked(id)`;

interface PointRow
  extends Pick<CaseResultView, 'run_id' | 'case_id' | 'is_flaky' | 'is_running' | 'duration_ms'> {
  readonly verdict: CaseResultView['verdict'] | null;
}

function pointOf(row: PointRow & { readonly startedAt: string }): HistoryPoint {
  return {
    run: row.run_id,
    startedAt: row.startedAt,
    verdict: row.verdict ?? undefined,
    isRunning: row.is_running,
    isFlaky: row.is_flaky,
    durationMs: row.duration_ms,
  };
}
