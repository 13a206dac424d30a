// Tables of the store. Everything of a run is found by run_id; a case's history goes by the ids of the runs that it is asked for.
export const tables = [
  `create table charter.run (
     id text primary key,
     host text not null,
     environment text not null,
     started_at timestamptz not null,
     properties json not null,
     part text not null check (part in ('whole', 'shard', 'merged')),
     job text not null,
     image_digest text not null,
     config_hash text not null,
     stored_at timestamptz not null default now()
   )`,
  `create index run_by_time on charter.run (started_at desc)`,
  `create index run_by_environment on charter.run (environment, started_at desc)`,
  `create index run_by_job on charter.run (job) where job <> ''`,
  `create table charter.beat (
     run_id text not null references charter.run on delete cascade,
     n integer not null,
     at timestamptz not null default now(),
     stale_ms integer not null,
     primary key (run_id, n)
   )`,
  `create table charter.plan (id uuid primary key, size integer not null)`,
  `create table charter.plan_case (
     plan_id uuid not null references charter.plan on delete cascade,
     position integer not null,
     case_id uuid not null,
     key text not null,
     campaign text not null,
     id text not null,
     persona text,
     title text not null,
     file text not null,
     line integer,
     tags json not null,
     targets json not null,
     primary key (plan_id, position)
   )`,
  // A plan names a case once.
  `create unique index plan_case_by_case on charter.plan_case (case_id, plan_id)`,
  `create table charter.run_plan (
     run_id text not null references charter.run on delete cascade,
     n integer not null,
     plan_id uuid not null references charter.plan,
     primary key (run_id, n)
   )`,
  `create index run_plan_by_plan on charter.run_plan (plan_id)`,
  `create table charter.property (
     run_id text not null references charter.run on delete cascade,
     n integer not null,
     at timestamptz not null,
     name text not null,
     value text not null,
     primary key (run_id, n)
   )`,
  // No foreign key on the two tables of attempts: it would cost half of the time of a batch. The writer inserts the run first,
  // prune removes by run.
  `create table charter.open_attempt (
     run_id text not null,
     case_id uuid not null,
     attempt integer not null,
     started_at timestamptz not null,
     primary key (run_id, case_id, attempt)
   )`,
  `create table charter.attempt (
     run_id text not null,
     case_id uuid not null,
     attempt integer not null,
     revision smallint not null,
     started_at timestamptz not null,
     ended_at timestamptz not null,
     duration_ms double precision not null,
     verdict text not null check (verdict in ('passed', 'failed', 'error', 'skipped')),
     planned boolean,
     reason text,
     failure json,
     warnings json,
     primary key (run_id, case_id, attempt, revision)
   )`,
  `create index attempt_revised on charter.attempt (run_id, case_id, attempt) where revision = 1`,
  `create table charter.run_end (
     run_id text primary key references charter.run on delete cascade,
     ended_at timestamptz not null,
     exit_code integer,
     reason text not null,
     tests integer,
     pass integer,
     fail integer,
     err integer,
     skip integer,
     flaky integer,
     not_run integer,
     unplanned_skips integer,
     cases integer
   )`,
  `create table charter.campaign_end (
     run_id text not null references charter.run on delete cascade,
     campaign text not null,
     passed integer not null,
     failed integer not null,
     error integer not null,
     skipped integer not null,
     not_run integer not null,
     flaky integer not null,
     unplanned_skips integer not null,
     duration_ms double precision not null,
     primary key (run_id, campaign)
   )`,
  // Cases of an ended run that did not simply pass: red, skipped, flaky, cut off, or never begun (verdict null). All others passed at
  // their first attempt, so that pages over many runs read these few rows and not every attempt.
  `create table charter.blemish (
     run_id text not null references charter.run on delete cascade,
     case_id uuid not null,
     verdict text,
     is_flaky boolean not null,
     is_running boolean not null,
     is_unplanned_skip boolean not null,
     note text not null,
     primary key (run_id, case_id)
   )`,
];
