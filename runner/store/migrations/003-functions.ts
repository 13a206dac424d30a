// The one thing a runner may do besides inserting: end its run, or mark the runs that nobody hears of any more.
// Runs as the owner of the tables, so that the runner's role needs no right to change or read results.

/** `exitCode` is what becomes of a second end of the same run, `refusal` what else is refused once the counts agree: later migrations say more. */
export const endRun = (exitCode = 'excluded.exit_code', refusal = ''): string =>
  // With a run: counts its rows, and refuses the end (SQLSTATE CH001) when they are not what SUMMARY and JUnit say.
  // Without (null): marks every run whose beats have stopped; a late push of its journal still ends it.
  `create function charter.end_run(p_run text, p_ended_at timestamptz, p_exit_code integer, p_reason text, p_counts json)
   returns integer
   language plpgsql security definer set search_path = pg_catalog, pg_temp
   as $$
   declare
     t record;
     marked integer;
   begin
     if p_run is null then
       insert into charter.run_end (run_id, ended_at, reason)
       select v.id, v.beat_at, 'aborted: no sign of life since'
       from charter.run_view v
       where v.status = 'aborted' and v.beat_at is not null
       on conflict (run_id) do nothing;
       get diagnostics marked = row_count;
       return marked;
     end if;
     if p_exit_code is null then
       raise exception 'an end needs an exit code' using errcode = 'CH002';
     end if;
     perform from charter.run where id = p_run for update;
     if not found then
       raise exception 'no run %', p_run using errcode = 'CH002';
     end if;
     delete from charter.campaign_end where run_id = p_run;
     delete from charter.blemish where run_id = p_run;
     with result as materialized (
       select c.case_id, c.campaign, r.verdict, coalesce(r.is_flaky, false) as is_flaky, coalesce(r.is_running, false) as is_running,
         coalesce(r.is_unplanned_skip, false) as is_unplanned_skip, coalesce(r.duration_ms, 0) as duration_ms,
         coalesce(r.note, '') as note
       from charter.run_case c
       left join charter.case_result r on r.run_id = c.run_id and r.case_id = c.case_id
       where c.run_id = p_run
     ), told as (
       insert into charter.blemish (run_id, case_id, verdict, is_flaky, is_running, is_unplanned_skip, note)
       select p_run, case_id, verdict, is_flaky, is_running, is_unplanned_skip, note
       from result where verdict is distinct from 'passed' or is_flaky or is_running
     )
     insert into charter.campaign_end (run_id, campaign, passed, failed, error, skipped, not_run, flaky,
       unplanned_skips, duration_ms)
     select p_run, campaign,
       count(*) filter (where verdict = 'passed'), count(*) filter (where verdict = 'failed'),
       count(*) filter (where verdict = 'error'), count(*) filter (where verdict = 'skipped'),
       count(*) filter (where verdict is null), count(*) filter (where is_flaky),
       count(*) filter (where is_unplanned_skip), sum(duration_ms)
     from result group by campaign;
     select
       coalesce(sum(passed), 0)::integer as pass,
       coalesce(sum(failed), 0)::integer as fail,
       (coalesce(sum(error), 0) + case when coalesce(sum(not_run), 0) > 0 or (count(*) = 0 and not exists (
         select from charter.run_plan p where p.run_id = p_run)) then 1 else 0 end)::integer as err,
       coalesce(sum(skipped), 0)::integer as skip,
       coalesce(sum(flaky), 0)::integer as flaky,
       coalesce(sum(not_run), 0)::integer as not_run,
       coalesce(sum(unplanned_skips), 0)::integer as unplanned_skips,
       coalesce(sum(passed + failed + error + skipped + not_run), 0)::integer as cases
     into t from charter.campaign_end where run_id = p_run;
     if (p_counts->>'pass')::integer <> t.pass or (p_counts->>'fail')::integer <> t.fail
       or (p_counts->>'err')::integer <> t.err or (p_counts->>'skip')::integer <> t.skip
       or p_counts->>'pass' is null or p_counts->>'fail' is null or p_counts->>'err' is null or p_counts->>'skip' is null then
       raise exception 'run % has pass=% fail=% err=% skip=% here, and should have %',
         p_run, t.pass, t.fail, t.err, t.skip, p_counts using errcode = 'CH001';
     end if;${refusal}
     insert into charter.run_end as known
       (run_id, ended_at, exit_code, reason, tests, pass, fail, err, skip, flaky, not_run,
       unplanned_skips, cases)
     values (p_run, p_ended_at, p_exit_code, p_reason, t.pass + t.fail + t.err + t.skip, t.pass, t.fail, t.err, t.skip, t.flaky,
       t.not_run, t.unplanned_skips, t.cases)
     on conflict (run_id) do update set
       ended_at = excluded.ended_at, exit_code = ${exitCode}, reason = excluded.reason, tests = excluded.tests,
       pass = excluded.pass, fail = excluded.fail, err = excluded.err, skip = excluded.skip, flaky = excluded.flaky,
       not_run = excluded.not_run, unplanned_skips = excluded.unplanned_skips, cases = excluded.cases;
     delete from charter.beat where run_id = p_run;
     delete from charter.open_attempt o where o.run_id = p_run and exists (
       select from charter.attempt a
       where a.run_id = o.run_id and a.case_id = o.case_id and a.attempt = o.attempt);
     return 1;
   end $$`;

export const functions = [
  endRun(),
  `revoke all on function charter.end_run(text, timestamptz, integer, text, json) from public`,
];
