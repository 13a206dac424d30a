// The SQL of writing. One batch is one statement, so it is in the store whole or not at all; each row only once, by its key.
import { CompiledQuery } from 'kysely';
import type { Store } from '../open.ts';
import { codeOf } from '../store-error.ts';
import { cleanJson, cleanText } from './clean.ts';
import type { AttemptRow, Batch, RunRow } from './rows.ts';

export interface Beat {
  readonly n: number;
  /** Milliseconds without another beat after which the run counts as aborted. */
  readonly staleMs: number;
}

export interface Sending {
  readonly beat?: Beat | undefined;
  /** Milliseconds since the run began. By the clock of this machine where the sender did not see it begin. */
  readonly ageMs?: number | undefined;
}

/** In milliseconds: clocks that are no more apart agree, because an answer of the network takes its time too. */
const agreed = 10_000;

/**
 * When the run began, by the clock of the database: as long ago as its sender says, who saw it or reads the clock that it had. Clocks that
 * agree are taken at their word, and nothing begins after it was stored. Without an age the database finds a place (migration 011).
 */
const beganAt = `case when age_ms is not null then date_trunc('milliseconds', least(now(),
    case when abs(extract(epoch from now() - started_at) * 1000 - age_ms) < ${agreed} then started_at
      else now() - age_ms * interval '1 millisecond' end)) end`;

/** The attempts of a batch are new, or `on conflict do nothing` leaves out those that are there: that costs a third more. */
const insertBatch = (ifThere: '' | 'on conflict do nothing') => `
with run as (
  insert into charter.run (id, host, environment, started_at, began_at, properties, part, job, image_digest, config_hash)
  select $1, host, environment, started_at, ${beganAt}, properties, part, job, image_digest, config_hash
  from json_to_recordset($2::json) as (host text, environment text, started_at timestamptz, age_ms double precision, properties json,
    part text, job text, image_digest text, config_hash text)
  on conflict do nothing
), beat as (
  insert into charter.beat (run_id, n, stale_ms) select $1, $3::integer, $4::integer where $3::integer is not null
  on conflict do nothing
), plans as (
  select n, plan_id, size, is_told from json_to_recordset($5::json) as (n integer, plan_id uuid, size integer, is_told boolean)
), fresh as (
  insert into charter.plan (id, size) select distinct plan_id, size from plans where is_told on conflict do nothing returning id
), plan_case as (
  insert into charter.plan_case (plan_id, position, case_id, key, campaign, id, persona, title, file, line, tags, targets)
  select plan_id, position, case_id, key, campaign, id, persona, title, file, line, tags, targets
  from json_to_recordset($6::json) as (plan_id uuid, position integer, case_id uuid, key text, campaign text, id text, persona text,
    title text, file text, line integer, tags json, targets json)
  where plan_id in (select fresh.id from fresh)
  on conflict do nothing
), run_plan as (
  insert into charter.run_plan (run_id, n, plan_id) select $1, n, plan_id from plans on conflict do nothing
), property as (
  insert into charter.property (run_id, n, at, name, value)
  select $1, n, at, name, value
  from json_to_recordset($7::json) as (n integer, at timestamptz, name text, value text)
  on conflict do nothing
), open_attempt as (
  insert into charter.open_attempt (run_id, case_id, attempt, started_at)
  select $1, case_id, attempt, started_at
  from json_to_recordset($8::json) as (case_id uuid, attempt integer, started_at timestamptz)
  on conflict do nothing
)
insert into charter.attempt (run_id, case_id, attempt, revision, started_at, ended_at, duration_ms, verdict, planned, reason,
  failure, warnings)
select $1, c, coalesce(n, 1), coalesce(r, 0), s, e, d, coalesce(v, 'passed'), planned, reason, failure, warnings
from json_to_recordset($9::json) as (c uuid, n integer, r smallint, s timestamptz, e timestamptz, d double precision, v text,
  planned boolean, reason text, failure json, warnings json)
${ifThere}`;
const insertNew = insertBatch('');
const insertMissing = insertBatch('on conflict do nothing');

/** As the statement reads it. Nearly all rows are a pass at the first attempt, and half of the time of a batch goes by the length of its text. */
function shortly(row: AttemptRow) {
  const { case_id: c, attempt, revision, started_at: s, ended_at: e, duration_ms: d, verdict } = row;
  const { planned, reason, failure, warnings } = row;
  const n = attempt === 1 ? undefined : attempt;
  const r = revision === 0 ? undefined : revision;
  const v = verdict === 'passed' ? undefined : verdict;
  return { c, n, r, s, e, d, v, planned, reason, failure, warnings };
}

export async function writeBatch(
  { db }: Pick<Store, 'db'>,
  runId: string,
  batch: Batch,
  { beat, ageMs }: Sending = {},
): Promise<void> {
  const { run, plans, planCases, properties, open, attempts } = batch;
  const send = async (statement: string, known: ReadonlySet<string>): Promise<void> => {
    const isTold = (row: { readonly plan_id: string }) => !known.has(row.plan_id);
    const parameters = [
      runId,
      cleanJson(run === undefined ? [] : [{ ...run, age_ms: ageMs ?? ageOf(run) }]),
      beat?.n ?? null,
      beat?.staleMs ?? null,
      cleanJson(plans.map((plan) => ({ ...plan, is_told: isTold(plan) }))),
      ...[planCases.filter(isTold), properties, open, attempts.map(shortly)].map(cleanJson),
    ];
    try {
      await db.executeQuery(CompiledQuery.raw(statement, parameters));
    } catch (error) {
      if (codeOf(error) === uniqueViolation && statement === insertNew) await send(insertMissing, known);
      else if (codeOf(error) === foreignKeyViolation && known.size > 0) await send(statement, new Set());
      else throw error;
    }
  };
  await send(insertNew, await knownPlans(db, plans));
}

/** SQLSTATE: something of it was sent before, and nothing of it was written now. */
const uniqueViolation = '23505';
/** SQLSTATE: a plan that was known is not there any more, because the last run that had it was pruned in between. */
const foreignKeyViolation = '23503';

/** In milliseconds. Undefined for a run that is yet to begin: who says so has another clock than this machine, and nobody knows by how much. */
function ageOf({ started_at }: RunRow): number | undefined {
  const age = Date.now() - Date.parse(started_at);
  return age < -agreed ? undefined : Math.max(0, age);
}

/** Most runs have the plan of the run before: its cases need not be sent again. */
async function knownPlans(db: Store['db'], plans: Batch['plans']): Promise<ReadonlySet<string>> {
  if (plans.length === 0) return new Set();
  const ids = plans.map(({ plan_id }) => plan_id);
  const known = await db.selectFrom('charter.plan').select('id').where('id', 'in', ids).execute();
  return new Set(known.map(({ id }) => id));
}

export interface End {
  readonly at: string;
  /** 0 is refused where the rows cannot have passed (SQLSTATE CH003). */
  readonly exitCode: number;
  readonly reason: string;
  /** What SUMMARY and JUnit say; the store refuses another count (SQLSTATE CH001). */
  readonly counts: {
    readonly pass: number;
    readonly fail: number;
    readonly err: number;
    readonly skip: number;
  };
}

export async function writeEnd({ db }: Pick<Store, 'db'>, runId: string, end: End): Promise<void> {
  const { at, exitCode, reason, counts } = end;
  const parameters = [runId, new Date(at).toISOString(), exitCode, cleanText(reason), JSON.stringify(counts)];
  const call = 'select charter.end_run($1, $2::timestamptz, $3::integer, $4, $5::json)';
  await db.executeQuery(CompiledQuery.raw(call, parameters));
}

/** Marks the runs that nobody hears of any more; returns how many. */
export async function markAborted({ db }: Pick<Store, 'db'>): Promise<number> {
  const call = 'select charter.end_run(null, null, null, null, null) as marked';
  const { rows } = await db.executeQuery<{ marked: number }>(CompiledQuery.raw(call, []));
  return rows[0]?.marked ?? 0;
}
