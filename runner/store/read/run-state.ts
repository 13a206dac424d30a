// A run as its journal would give it: rows back to events, events through the one fold. Downloads rendered from it are those of the run.

import type { Selectable } from 'kysely';
import {
  fold,
  type JournalEvent,
  type Outcome,
  type PlannedCase,
  type RunState,
} from '../../journal/index.ts';
import type { Store } from '../open.ts';
import type { Database } from '../schema.ts';
import { unplannedFrom } from '../write/backlog.ts';

type AttemptNow = Selectable<Database['charter.attempt_now']>;

/** Undefined where there is no such run. Throws what the database throws. */
export async function readRunState(store: Store, run: string): Promise<RunState | undefined> {
  const events = await readRunEvents(store, run);
  return events === undefined ? undefined : fold(events);
}

export async function readRunEvents({ db }: Store, run: string): Promise<JournalEvent[] | undefined> {
  const row = await db.selectFrom('charter.run').selectAll().where('id', '=', run).executeTakeFirst();
  if (row === undefined) return undefined;
  const [plans, properties, attempts, end] = await Promise.all([
    db
      .selectFrom('charter.run_plan as p')
      .leftJoin('charter.plan_case as c', 'c.plan_id', 'p.plan_id')
      .selectAll('c')
      .select(['p.n', 'p.plan_id as plan'])
      .where('p.run_id', '=', run)
      .orderBy('p.n')
      .orderBy('c.position')
      .execute(),
    db.selectFrom('charter.property').selectAll().where('run_id', '=', run).orderBy('n').execute(),
    db
      .selectFrom('charter.attempt_now')
      .selectAll()
      .where('run_id', '=', run)
      .orderBy('attempt')
      .orderBy('started_at')
      .execute(),
    db.selectFrom('charter.run_end').selectAll().where('run_id', '=', run).executeTakeFirst(),
  ]);
  const at = row.started_at.toISOString();
  const { host, environment } = row;
  const keys = new Map(plans.map(({ case_id, key }) => [case_id, key]));
  return [
    { event: 'run-started', at, run, host, environment, properties: row.properties },
    ...[...Map.groupBy(plans, ({ n }) => n)]
      .filter(([n]) => n < unplannedFrom)
      .map(([, cases]): JournalEvent => ({ event: 'planned', at, cases: cases.flatMap(plannedCase) })),
    ...properties.map(
      ({ at, name, value }): JournalEvent => ({ event: 'property', at: at.toISOString(), name, value }),
    ),
    ...attempts.flatMap((attempt) => attemptEvents(keys.get(attempt.case_id) ?? '', attempt)),
    ...(end === undefined || end.exit_code === null
      ? []
      : [
          {
            event: 'run-ended',
            at: end.ended_at.toISOString(),
            exitCode: end.exit_code,
            reason: end.reason,
          } as const,
        ]),
  ];
}

type PlannedRow = {
  readonly [name in keyof Selectable<Database['charter.plan_case']>]:
    | Selectable<Database['charter.plan_case']>[name]
    | null;
};

/** None for a plan that names no case. */
function plannedCase({
  key,
  campaign,
  id,
  persona,
  title,
  file,
  line,
  tags,
  targets,
}: PlannedRow): PlannedCase[] {
  if (key === null || campaign === null || id === null) return [];
  return [
    {
      ...{
        key,
        campaign,
        id,
        title: title ?? '',
        file: file ?? '',
        tags: tags ?? [],
        targets: targets ?? [],
      },
      ...(persona === null ? {} : { persona }),
      ...(line === null ? {} : { line }),
    },
  ];
}

function attemptEvents(key: string, row: AttemptNow): JournalEvent[] {
  const { attempt, started_at, ended_at, duration_ms, warnings } = row;
  const started: JournalEvent = { event: 'case-started', at: started_at.toISOString(), key, attempt };
  const outcome = outcomeOf(row);
  if (outcome === undefined || ended_at === null) return [started];
  const times = { at: ended_at.toISOString(), durationMs: duration_ms ?? 0 };
  return [
    started,
    { event: 'case-ended', ...times, key, attempt, outcome, ...(warnings === null ? {} : { warnings }) },
  ];
}

/** Undefined while the attempt has not ended. */
function outcomeOf({ verdict, planned, reason, failure }: AttemptNow): Outcome | undefined {
  if (verdict === null) return undefined;
  return {
    verdict,
    ...(planned === null ? {} : { planned }),
    ...(reason === null ? {} : { reason }),
    ...(failure === null ? {} : { failure }),
  };
}
