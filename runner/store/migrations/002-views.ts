// The journal's fold, said in SQL: which attempt counts, the verdict of a case, the counts and the status of a run.
// write/agreement.postgres.test.ts holds it against the fold; charter.end_run refuses an end on which the two do not agree.

/** Exit codes as docs/exit-codes.md names them. 6 leaves no run behind that could say so; a later migration names 5. */
const statusOfExitCode = (more: string) => `case e.exit_code
       when 0 then 'passed' when 1 then 'failed' when 2 then 'usage' when 3 then 'nothing-proven' when 4 then 'errors'
       ${more}else 'interrupted' end`;

/** Of a row `r` of charter.run: no merged run speaks for it, and no later merge replaces it. */
export const isListed = `not exists (
       select from charter.run other
       where r.job <> '' and other.job = r.job and other.part = 'merged'
         and (r.part = 'shard' or (r.part = 'merged' and (other.stored_at, other.id) > (r.stored_at, r.id)))
     )`;

/** `more` columns stand at its end, where a later migration may add to them, as it may to the words for exit codes. */
export const runView = (more: string, moreStatuses = ''): string => `
   select r.id, r.host, r.environment, r.started_at, r.properties, r.part, r.job, r.image_digest, r.config_hash, r.stored_at,
     case
       when e.exit_code is not null then ${statusOfExitCode(moreStatuses)}
       when b.at > now() - b.stale_ms * interval '1 millisecond' then 'running'
       else 'aborted'
     end as status,
     e.exit_code,
     case
       when e.exit_code is not null then e.ended_at
       when b.at > now() - b.stale_ms * interval '1 millisecond' then null
       else coalesce(e.ended_at, b.at)
     end as ended_at,
     e.reason, b.at as beat_at,
     coalesce(e.tests, t.passed + t.failed + t.err + t.skipped) as tests,
     coalesce(e.pass, t.passed) as pass,
     coalesce(e.fail, t.failed) as fail,
     coalesce(e.err, t.err) as err,
     coalesce(e.skip, t.skipped) as skip,
     coalesce(e.flaky, t.flaky) as flaky,
     coalesce(e.not_run, t.not_run) as not_run,
     coalesce(e.unplanned_skips, t.unplanned_skips) as unplanned_skips,
     coalesce(e.cases, t.cases) as cases,
     ${isListed} as is_listed${more}
   from charter.run r
   left join charter.run_end e on e.run_id = r.id
   left join lateral (
     select at, stale_ms from charter.beat where beat.run_id = r.id order by n desc limit 1
   ) as b on true
   left join lateral charter.counts_now(case when e.exit_code is null then r.id end) as t on true`;

export const views = [
  `create view charter.attempt_now as
   select a.run_id, a.case_id, a.attempt, a.started_at, a.ended_at, a.duration_ms, a.verdict, a.planned, a.reason, a.failure,
     a.warnings
   from charter.attempt a
   where a.revision = 1 or not exists (
     select from charter.attempt later
     where later.run_id = a.run_id and later.case_id = a.case_id and later.attempt = a.attempt and later.revision = 1)
   union all
   select o.run_id, o.case_id, o.attempt, o.started_at, null, null, null, null, null, null, null
   from charter.open_attempt o
   where not exists (
     select from charter.attempt a
     where a.run_id = o.run_id and a.case_id = o.case_id and a.attempt = o.attempt)`,

  // The first plan that names a case gives its place, the last one its words; what was met unplanned stands behind all plans.
  // Nearly every run has one plan, and nothing to sort out.
  `create view charter.run_case as
   select p.run_id, p.n, c.position,
     c.case_id, c.key, c.campaign, c.id, c.persona, c.title, c.file, c.line, c.tags, c.targets
   from charter.run_plan p
   join charter.plan_case c on c.plan_id = p.plan_id
   where not exists (select from charter.run_plan other where other.run_id = p.run_id and other.n <> p.n)
   union all
   select * from (
     select distinct on (p.run_id, c.case_id)
       p.run_id, min(p.n) over w as n,
       first_value(c.position) over (partition by p.run_id, c.case_id order by p.n, c.position) as position,
       c.case_id, c.key, c.campaign, c.id, c.persona, c.title, c.file, c.line, c.tags, c.targets
     from charter.run_plan p
     join charter.plan_case c on c.plan_id = p.plan_id
     where exists (select from charter.run_plan other where other.run_id = p.run_id and other.n <> p.n)
     window w as (partition by p.run_id, c.case_id)
     order by p.run_id, c.case_id, p.n >= 1000000, p.n desc, c.position desc
   ) as several`,

  `create view charter.case_result as
   select run_id, case_id,
     case
       when last_verdict is null then 'error'
       when last_verdict = 'passed' then 'passed'
       when has_failed then 'failed'
       when has_error then 'error'
       else 'skipped'
     end as verdict,
     coalesce(last_verdict = 'passed' and (has_failed or has_error), false) as is_flaky,
     last_verdict is not null and last_verdict = 'skipped' and not has_failed and not has_error
       and not coalesce(skip_planned, false) and coalesce(skip_reason, '') not like 'xfail: %' as is_unplanned_skip,
     is_running, attempts, duration_ms, started_at, note
   from (
     select run_id, case_id,
       (array_agg(verdict order by attempt desc) filter (where verdict is not null))[1] as last_verdict,
       bool_or(verdict is not distinct from 'failed') as has_failed,
       bool_or(verdict is not distinct from 'error') as has_error,
       (array_agg(planned order by attempt) filter (where verdict = 'skipped'))[1] as skip_planned,
       (array_agg(reason order by attempt) filter (where verdict = 'skipped'))[1] as skip_reason,
       bool_or(verdict is null) as is_running,
       (array_agg(left(coalesce(failure->>'message', reason, ''), 500) order by case verdict when 'failed' then 0 when 'error' then 1
         else 2 end, attempt) filter (where verdict is distinct from 'passed'))[1] as note,
       count(*)::integer as attempts,
       coalesce(sum(duration_ms), 0) as duration_ms,
       min(started_at) as started_at
     from charter.attempt_now
     group by run_id, case_id
   ) as folded`,

  `create view charter.blemish_now as
   select c.run_id, c.case_id, r.verdict, coalesce(r.is_flaky, false) as is_flaky, coalesce(r.is_running, false) as is_running,
     coalesce(r.is_unplanned_skip, false) as is_unplanned_skip, coalesce(r.note, '') as note
   from charter.run_case c
   left join charter.case_result r on r.run_id = c.run_id and r.case_id = c.case_id
   where r.verdict is distinct from 'passed' or r.is_flaky or r.is_running`,

  // Functions, not joins, where only a few runs need the dear way: Postgres plans what stands in a view even where it is never run.
  `create function charter.blemishes_of(p_run text) returns setof charter.blemish
   language plpgsql stable rows 50 as $$
   begin
     if exists (select from charter.run_end e where e.run_id = p_run and e.exit_code is not null) then
       return query select b.* from charter.blemish b where b.run_id = p_run;
     else
       return query select n.* from charter.blemish_now n where n.run_id = p_run;
     end if;
   end $$`,

  `create view charter.campaign_now as
   select c.run_id, c.campaign,
     (count(*) filter (where r.verdict = 'passed'))::integer as passed,
     (count(*) filter (where r.verdict = 'failed'))::integer as failed,
     (count(*) filter (where r.verdict = 'error'))::integer as error,
     (count(*) filter (where r.verdict = 'skipped'))::integer as skipped,
     (count(*) filter (where r.verdict is null))::integer as not_run,
     (count(*) filter (where r.is_flaky))::integer as flaky,
     (count(*) filter (where r.is_unplanned_skip))::integer as unplanned_skips,
     coalesce(sum(r.duration_ms), 0) as duration_ms
   from charter.run_case c
   left join charter.case_result r on r.run_id = c.run_id and r.case_id = c.case_id
   group by c.run_id, c.campaign`,

  `create view charter.campaign_tally as
   select run_id, campaign, passed, failed, error, skipped, not_run, flaky, unplanned_skips, duration_ms from charter.campaign_end
   union all
   select n.run_id, n.campaign, n.passed, n.failed, n.error, n.skipped, n.not_run, n.flaky, n.unplanned_skips,
     n.duration_ms
   from charter.campaign_now n
   where not exists (select from charter.run_end e where e.run_id = n.run_id and e.exit_code is not null)`,

  // Not called for an ended run, which has its counts: strict, with null for its id.
  // Cases that never ran are one error together, and so is a plan that never became known: as SUMMARY counts them.
  `create function charter.counts_now(p_run text) returns table (passed integer, failed integer, err integer, skipped integer,
     flaky integer, not_run integer, unplanned_skips integer, cases integer)
   language plpgsql stable strict rows 1 as $$
   begin
     return query select
       coalesce(sum(n.passed), 0)::integer,
       coalesce(sum(n.failed), 0)::integer,
       (coalesce(sum(n.error), 0) + case when count(*) = 0 and not exists (select from charter.run_plan p where p.run_id = p_run)
         or sum(n.not_run) > 0 then 1 else 0 end)::integer,
       coalesce(sum(n.skipped), 0)::integer,
       coalesce(sum(n.flaky), 0)::integer,
       coalesce(sum(n.not_run), 0)::integer,
       coalesce(sum(n.unplanned_skips), 0)::integer,
       coalesce(sum(n.passed + n.failed + n.error + n.skipped + n.not_run), 0)::integer
     from charter.campaign_now n
     where n.run_id = p_run;
   end $$`,

  `create view charter.run_view as ${runView('')}`,
];
