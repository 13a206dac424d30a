// A run as its journal would give it, made again from its rows: what JUnit and CTRF are rendered from.
import { type Selectable, sql } from 'kysely';
import {
  fold,
  type JournalEvent,
  type Outcome,
  type PlannedCase,
  type RunState,
  type Verdict,
} from '../../journal/index.ts';
import type { Store } from '../open.ts';
import type { PropertyTable, RunCaseView, RunEndTable, RunTable } from '../schema.ts';
import { unplannedFrom } from '../write/backlog.ts';
import { type AttemptRow, attemptColumns, iso } from './cockpit-rows.ts';

export async function stateOf({ db }: Pick<Store, 'db'>, run: string): Promise<RunState | undefined> {
  const heads = await sql<RunRow>`select r.id, r.host, r.environment, r.started_at, r.properties,
      e.ended_at, e.exit_code, e.reason,
      exists (select from charter.run_plan p where p.run_id = r.id and p.n < ${unplannedFrom}) as has_plan
    from charter.run r left join charter.run_end e on e.run_id = r.id where r.id = ${run}`.execute(db);
  const head = heads.rows[0];
  if (head === undefined) return undefined;
  const [cases, properties, attempts] = await Promise.all([
    sql<CaseRow>`select case_id, n, key, campaign, id, persona, title, file, line, tags, targets
      from charter.run_case where run_id = ${run} order by n, position`.execute(db),
    sql<PropertyRow>`select at, name, value from charter.property where run_id = ${run} order by n`.execute(
      db,
    ),
    sql<AttemptRow>`select ${attemptColumns} from charter.attempt_now where run_id = ${run} order by attempt, started_at`.execute(
      db,
    ),
  ]);
  return fold(eventsOf(head, cases.rows, properties.rows, attempts.rows));
}

function* eventsOf(
  head: RunRow,
  cases: readonly CaseRow[],
  properties: readonly PropertyRow[],
  attempts: readonly AttemptRow[],
): Generator<JournalEvent> {
  const at = iso(head.started_at);
  const { id: run, host, environment } = head;
  yield { event: 'run-started', at, run, host, environment, properties: head.properties };
  if (head.has_plan)
    yield { event: 'planned', at, cases: cases.filter(({ n }) => n < unplannedFrom).map(plannedOf) };
  for (const { at, name, value } of properties) yield { event: 'property', at: iso(at), name, value };
  const keys = new Map(cases.map((row) => [row.case_id, row.key]));
  for (const row of attempts) {
    const key = keys.get(row.case_id) ?? row.case_id;
    yield { event: 'case-started', at: iso(row.started_at), key, attempt: row.attempt };
    if (row.verdict === null || row.ended_at === null) continue;
    yield {
      event: 'case-ended',
      at: iso(row.ended_at),
      key,
      attempt: row.attempt,
      durationMs: row.duration_ms ?? 0,
      outcome: outcomeOf(row, row.verdict),
      ...(row.warnings === null ? {} : { warnings: row.warnings }),
    };
  }
  const { exit_code: exitCode, ended_at, reason } = head;
  // An aborted run has no end in its journal either.
  if (exitCode !== null && ended_at !== null)
    yield { event: 'run-ended', at: iso(ended_at), exitCode, reason: reason ?? '' };
}

function plannedOf(row: CaseRow): PlannedCase {
  const { key, campaign, id, title, file, tags, targets, persona, line } = row;
  const base = { key, campaign, id, title, file, tags, targets };
  return {
    ...base,
    ...(persona === null ? {} : { persona }),
    ...(line === null ? {} : { line }),
  };
}

function outcomeOf({ failure, reason, planned }: AttemptRow, verdict: Verdict): Outcome {
  return {
    verdict,
    ...(failure === null ? {} : { failure }),
    ...(reason === null ? {} : { reason }),
    ...(planned === null ? {} : { planned }),
  };
}

type RunRow = Pick<Selectable<RunTable>, 'id' | 'host' | 'environment' | 'started_at' | 'properties'> & {
  readonly [column in 'ended_at' | 'exit_code' | 'reason']: Selectable<RunEndTable>[column] | null;
} & { readonly has_plan: boolean };

type CaseRow = Omit<Selectable<RunCaseView>, 'run_id' | 'position'>;
type PropertyRow = Pick<Selectable<PropertyTable>, 'at' | 'name' | 'value'>;
