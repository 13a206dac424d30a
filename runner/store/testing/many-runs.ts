// Fills a store with runs made up in SQL: as many as a year brings, in seconds. Deterministic: the same numbers give the same runs.
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../open.ts';

export interface ManyRuns {
  readonly runs: number;
  readonly casesPerRun: number;
  /** Runs follow each other at this pace; the newest ended just now. */
  readonly everyMinutes?: number;
  readonly environments?: readonly string[];
}

const casesPerCampaign = 25;
/** Each edit of a campaign makes a new plan: its cases stand on other lines. */
const runsPerPlan = 50;

/** Ids are `gen-000001` (the newest) and up; keys are `G-1/1.1` and on. Runs that exist already stay as they are. */
export async function fillWithRuns({ db }: Store, many: ManyRuns): Promise<void> {
  const { runs, casesPerRun, everyMinutes = 10, environments = ['production', 'staging'] } = many;
  const names = sql`${sql.lit(JSON.stringify(environments))}::json`;
  // What happens to case c in run r: 1 of 200 skipped, 1 of 400 flaky; every 7th run has 1 of 50 failed, every 31st an error.
  const fate = sql`case
    when c % 200 = 199 then 'skipped'
    when r % 7 = 3 and abs(hashint8(r::bigint * 1000003 + c)) % 50 = 0 then 'failed'
    when r % 31 = 5 and c % 100 = 42 then 'error'
    when abs(hashint8(r::bigint * 7919 + c)) % 400 = 0 then 'flaky'
    else 'passed' end`;
  const id = sql`'gen-' || lpad(r::text, 6, '0')`;
  const startedAt = sql`date_trunc('milliseconds', now()) - (r * ${sql.lit(everyMinutes)}) * interval '1 minute'`;
  // As write/identity.ts makes it of the key.
  const caseId = sql`left(encode(sha256(('G-' || (c / ${sql.lit(casesPerCampaign)} + 1) || '/' || c)::bytea), 'hex'), 32)::uuid`;
  const planOf = (edit: RawBuilder<unknown>) =>
    sql`md5('generated ' || ${sql.lit(casesPerRun)} || ' ' || ${edit})::uuid`;
  const edits = sql`generate_series(0, ${sql.lit(Math.floor(runs / runsPerPlan))}) as edit`;
  const allRuns = sql`generate_series(1, ${sql.lit(runs)}) as r`;
  const lastCase = sql.lit(casesPerRun - 1);
  const allCases = sql`generate_series(0, ${lastCase}) as c`;
  // Run by run, as runs come: rows that were written together lie together.
  const casesOfRuns = sql`${allRuns} cross join lateral generate_series(0, ${lastCase} + 0 * r) as c`;
  const failure = sql`json_build_object('kind', 'assertion', 'message', 'expected 3 rows, got 4', 'expected', '3 rows',
    'got', '4 rows', 'http', json_build_object('method', 'POST', 'url', 'http://akko-akko-trino:8080/v1/statement',
    'status', 200, 'timings', json_build_object('total', 12)))`;

  await sql`insert into charter.plan
    select ${planOf(sql`edit`)}, ${sql.lit(casesPerRun)} from ${edits} on conflict do nothing`.execute(db);
  await sql`insert into charter.plan_case
    select ${planOf(sql`edit`)}, c, ${caseId}, 'G-' || (c / ${sql.lit(casesPerCampaign)} + 1) || '/' || c,
      'G-' || (c / ${sql.lit(casesPerCampaign)} + 1), c::text, null, 'generated case ' || c, 'generated.campaign.ts', c + 1 + edit,
      '[]', '["trino"]'
    from ${edits}, ${allCases} on conflict do nothing`.execute(db);
  await sql`insert into charter.run (id, host, environment, started_at, began_at, properties, part, job, image_digest, config_hash)
    select ${id}, 'host-' || r % 4, ${names}->>(r % ${sql.lit(environments.length)}), ${startedAt}, ${startedAt},
      json_build_object('charter-runner', '0.1.0', 'production', 'false', 'config-hash', 'c' || r / 50), 'whole', 'job-' || r,
      'sha256:' || md5((r / 100)::text), 'c' || r / 50
    from ${allRuns} on conflict do nothing`.execute(db);
  await sql`insert into charter.run_plan
    select ${id}, 0, ${planOf(sql`r / ${sql.lit(runsPerPlan)}`)} from ${allRuns} on conflict do nothing`.execute(
    db,
  );
  await sql`insert into charter.attempt
      (run_id, case_id, attempt, revision, started_at, ended_at, duration_ms, verdict, planned, reason, failure)
    select ${id}, ${caseId}, attempt, 0, at, at + ms * interval '1 millisecond', ms, verdict,
      case when verdict = 'skipped' then c % 400 = 199 end,
      case when verdict = 'skipped' then 'target opa is declared absent' end,
      case when verdict in ('failed', 'error') then ${failure} end
    from (
      select r, c, attempt, 5 + abs(hashint8(r::bigint * 31 + c)) % 200 as ms,
        ${startedAt} + c * interval '40 milliseconds' + attempt * interval '1 second' as at,
        case when fate = 'flaky' then (array['failed', 'passed'])[attempt] else fate end as verdict
      from (select r, c, ${fate} as fate from ${casesOfRuns} offset 0) as fates,
        generate_series(1, case when fate in ('passed', 'skipped') then 1 else 2 end) as attempt
    ) as attempts on conflict do nothing`.execute(db);
  await sql`insert into charter.campaign_end
    select ${id}, 'G-' || (c / ${sql.lit(casesPerCampaign)} + 1),
      count(*) filter (where fate in ('passed', 'flaky')), count(*) filter (where fate = 'failed'),
      count(*) filter (where fate = 'error'), count(*) filter (where fate = 'skipped'), 0,
      count(*) filter (where fate = 'flaky'), count(*) filter (where fate = 'skipped' and c % 400 <> 199),
      sum((5 + abs(hashint8(r::bigint * 31 + c)) % 200) * case when fate in ('passed', 'skipped') then 1 else 2 end)
    from (select r, c, ${fate} as fate from ${casesOfRuns} offset 0) as fates
    group by r, c / ${sql.lit(casesPerCampaign)} on conflict do nothing`.execute(db);
  await sql`insert into charter.blemish
    select ${id}, ${caseId}, case when fate = 'flaky' then 'passed' else fate end, fate = 'flaky', false,
      fate = 'skipped' and c % 400 <> 199,
      case fate when 'skipped' then 'target opa is declared absent' else 'expected 3 rows, got 4' end
    from (select r, c, ${fate} as fate from ${casesOfRuns} offset 0) as fates
    where fate <> 'passed' on conflict do nothing`.execute(db);
  await sql`insert into charter.run_end
    select run_id, r.started_at + interval '1 minute',
      case when sum(failed) > 0 then 1 when sum(error) > 0 then 4 else 0 end, 'completed',
      sum(passed + failed + error + skipped), sum(passed), sum(failed), sum(error), sum(skipped), sum(flaky), 0,
      sum(unplanned_skips), sum(passed + failed + error + skipped)
    from charter.campaign_end join charter.run r on r.id = run_id
    where run_id like 'gen-%' group by run_id, r.started_at on conflict do nothing`.execute(db);
}
