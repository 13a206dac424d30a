// Old runs go, those with something to learn from go later. Everything of a run is removed in one transaction.
import { sql } from 'kysely';
import type { Store } from './open.ts';
import { isWholeRun } from './read/recent-runs.ts';
import { codeOf, storeError } from './store-error.ts';

export interface Retention {
  /** Runs that began within so many days stay. */
  readonly days: number;
  /** The same for a run that is not green; never less than `days`. */
  readonly redDays: number;
  /** The newest runs of each environment stay, however old they are; as many that ran all of its charter as parts. */
  readonly runs: number;
  /** Green runs of each environment beyond the newest so many go, however young they are; counted in the same way. */
  readonly maxGreenRuns?: number | undefined;
}

/** Runs of one transaction: few enough to end within the time of a statement, however many are to go. */
const atOnce = 20;

/**
 * What a merged run speaks for (its shards, and merges that it replaced) goes with it, and before it: alone, it would be listed again.
 * Ids of the runs that were removed, or with `look` of those that would be. Takes the owner's rights.
 */
export async function prune({ db, name }: Store, keep: Retention, how: 'remove' | 'look'): Promise<string[]> {
  try {
    const { rows } = await sql<{ id: string }>`
      with gone as (
        select id, job, part, stored_at from (
          select id, job, part, stored_at, status, began_at,
            row_number() over (partition by environment, ${isWholeRun('v')} order by began_at desc, id desc) as place,
            row_number() over (partition by environment, ${isWholeRun('v')}, status order by began_at desc, id desc) as place_of_status
          from charter.run_view v where is_listed
        ) as placed
        where place > ${keep.runs} and status <> 'running'
          and (began_at < now() - (case when status = 'passed' then ${keep.days}::integer else ${Math.max(keep.days, keep.redDays)}::integer end)
            * interval '1 day'
            or (status = 'passed' and place_of_status > ${keep.maxGreenRuns ?? null}::integer))
      )
      select r.id, true as is_hidden from gone
      join charter.run r on r.job = gone.job and r.id <> gone.id
        and (r.part = 'merged' or (r.part = 'shard' and r.began_at <= gone.stored_at))
      where gone.part = 'merged' and gone.job <> ''
      union all
      select id, false from gone
      order by is_hidden desc, id`.execute(db);
    const ids = rows.map(({ id }) => id);
    if (how === 'look' || ids.length === 0) return ids;
    for (let i = 0; i < ids.length; i += atOnce) await remove(db, ids.slice(i, i + atOnce));
    await removePlans(db);
    return ids;
  } catch (error) {
    throw storeError(name, error);
  }
}

async function remove(db: Store['db'], ids: readonly string[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('charter.attempt').where('run_id', 'in', ids).execute();
    await tx.deleteFrom('charter.open_attempt').where('run_id', 'in', ids).execute();
    await tx.deleteFrom('charter.run').where('id', 'in', ids).execute();
  });
}

/** Those that no run has. Where a run that begins just now takes one of them, all stay until the next time. */
async function removePlans(db: Store['db']): Promise<void> {
  const orphans = sql`delete from charter.plan p where not exists (select from charter.run_plan r where r.plan_id = p.id)`;
  await orphans.execute(db).catch((error: unknown) => {
    if (codeOf(error) !== '23503') throw error;
  });
}
