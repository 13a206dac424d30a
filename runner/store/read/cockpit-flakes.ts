// Cases that cannot make up their mind: passed only on a retry, or with both results for the same image and configuration.
import { sql } from 'kysely';
import type { Store } from '../open.ts';
import { caseId } from '../write/identity.ts';
import { iso, type NameRow, nameColumns, nameOf } from './cockpit-rows.ts';
import { walk } from './cockpit-runs.ts';
import type { CockpitReads, FlakyCase } from './cockpit-types.ts';
import { windowOf } from './recent-runs.ts';

interface FlakeRow extends NameRow {
  readonly environment: string;
  readonly runs: number;
  readonly retried: number;
  readonly disagreed: number;
  readonly rate: number;
  readonly last_at: Date;
}

/**
 * Only cases with a blemish can be flaky, and these are few; the passes are counted by the plans of the runs. A result
 * disagrees where a run of the same environment, image and configuration has the other one; the rarer of the two counts. Runs of an
 * unknown image say nothing about each other.
 */
export function flakeReads({ db }: Pick<Store, 'db'>): Pick<CockpitReads, 'flakes'> {
  return {
    flakes: async (environment, runs, limit, key) => {
      const only = key === undefined ? sql`` : sql`and t.case_id = ${caseId(key)}::uuid`;
      const asked = environment === undefined ? sql`walk` : sql`(select ${environment}::text as environment)`;
      const { rows } = await sql<FlakeRow>`
        ${walk}, looked_at as materialized (
          select r.id, r.environment, r.began_at, r.image_digest, r.config_hash,
            (select array_agg(distinct p.plan_id) from charter.run_plan p where p.run_id = r.id) as plans,
            (select e.exit_code from charter.run_end e where e.run_id = r.id) is not null as has_ended
          from ${asked} w cross join lateral (${windowOf(sql`w.environment`, runs)}) r
        ), tried as materialized (
          -- Of the few that have no end every case is looked at; one whose attempts all passed is not folded.
          select l.*, t.case_id, t.is_plain from looked_at l cross join lateral (
            select t.case_id, bool_and(t.is_plain) as is_plain from (
              select a.case_id, a.verdict = 'passed' as is_plain from charter.attempt a where a.run_id = l.id
              union all
              select o.case_id, false from charter.open_attempt o where o.run_id = l.id
            ) as t where true ${only} group by t.case_id offset 0) t
          where not l.has_ended
        ), blemished as (
          -- Run by run (offset 0): a join would be planned for more.
          select l.environment, l.image_digest, l.config_hash, l.began_at, t.case_id, t.verdict, t.is_flaky, t.is_running
          from looked_at l cross join lateral (select * from charter.blemish t where t.run_id = l.id ${only} offset 0) t
          where l.has_ended
          union all
          select l.environment, l.image_digest, l.config_hash, l.began_at, t.case_id, t.verdict, t.is_flaky, t.is_running
          from tried l cross join lateral (
            select * from charter.case_result t where t.run_id = l.id and t.case_id = l.case_id offset 0) t
          where not l.is_plain and (t.verdict <> 'passed' or t.is_flaky or t.is_running)
        ), seen as (
          select environment, image_digest, config_hash, began_at, case_id, is_flaky,
            verdict in ('failed', 'error') as is_red, verdict is null or verdict = 'skipped' or is_running as is_no_result
          from blemished
        ), suspect as (
          -- How often it can be told at most: what is red in nearly all runs disagrees in few.
          select environment, case_id from (
            select environment, case_id, row_number() over (partition by environment order by
              count(*) filter (where is_flaky) + least(count(*) filter (where is_red), of_all - count(*) filter (where is_red)) desc, case_id) as place
            from seen join (select environment, count(*) as of_all from looked_at group by environment) as sizes using (environment)
            where (is_red or is_flaky) and not is_no_result group by environment, case_id, of_all
          ) as placed
          where place <= ${Math.max(2_000, limit)}
        ), alike as (
          select environment, image_digest, config_hash, plans, count(*)::integer as runs
          from looked_at where has_ended group by environment, image_digest, config_hash, plans
        ), of_plan as materialized (
          select a.environment, p.plan_id, a.image_digest, a.config_hash, a.runs, a.plans[:p.n - 1] as earlier
          from alike a, unnest(a.plans) with ordinality as p(plan_id, n)
        ), planned as materialized (
          -- One step in the index for each plan of a case, and none for its plans of other runs (offset 0).
          select s.environment, s.case_id, p.plan_id
          from suspect s join (select distinct environment, plan_id from of_plan) as p using (environment)
          where exists (select from charter.plan_case c where c.case_id = s.case_id and c.plan_id = p.plan_id offset 0)
        ), counted as (
          -- A run of several plans that name a case counts by the first of them.
          select p.environment, p.case_id, o.image_digest, o.config_hash, o.runs, false as is_flaky, false as is_red,
            null::timestamptz as at
          from planned p join of_plan o using (environment, plan_id)
          where o.earlier = '{}' or not exists (
            select from planned e where e.environment = p.environment and e.case_id = p.case_id and e.plan_id = any (o.earlier))
          union all
          select environment, case_id, image_digest, config_hash, 1, false, false, null
          from tried where (environment, case_id) in (select environment, case_id from suspect)
          union all
          select environment, case_id, image_digest, config_hash, -(is_no_result::integer), is_flaky and not is_no_result,
            is_red and not is_no_result, case when (is_flaky or is_red) and not is_no_result then began_at end
          from seen where (environment, case_id) in (select environment, case_id from suspect)
        ), grouped as (
          select environment, case_id, image_digest, config_hash, sum(runs)::integer as runs,
            (count(*) filter (where is_flaky))::integer as retried, (count(*) filter (where is_red))::integer as red, max(at) as last_at
          from counted group by environment, case_id, image_digest, config_hash
        ), summed as (
          select environment, case_id, sum(runs)::integer as runs, sum(retried)::integer as retried,
            sum(case when image_digest = '' then 0 else least(runs - retried - red, red) end)::integer as disagreed,
            max(last_at) filter (where retried > 0 or (image_digest <> '' and least(runs - retried - red, red) > 0)) as last_at
          from grouped group by environment, case_id
        )
        select * from (
          select s.*, (s.retried + s.disagreed)::float / s.runs as rate, ${nameColumns}, row_number() over (partition by s.environment
            order by (s.retried + s.disagreed)::float / s.runs desc, c.key collate "C") as place
          from summed s
          join lateral (select * from charter.plan_case c where c.case_id = s.case_id limit 1) c on true
          where s.retried + s.disagreed > 0
        ) as placed
        where place <= ${limit} order by rate desc, key collate "C", environment`.execute(db);
      return rows.map((row): FlakyCase => {
        const { environment, runs, retried, disagreed, rate } = row;
        return { ...nameOf(row), environment, runs, retried, disagreed, rate, lastAt: iso(row.last_at) };
      });
    },
  };
}
