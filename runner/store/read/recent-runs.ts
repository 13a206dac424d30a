// The newest runs of a platform: what every question about a case over time begins with.
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { isWhole } from '../migrations/012-parts.ts';
import { isListed } from '../migrations/013-later-words.ts';
import type { Store } from '../open.ts';
import type { RunView } from '../schema.ts';

export type RecentRow = Pick<Selectable<RunView>, 'id' | 'began_at'>;

/** Of a row of charter.run or charter.run_view: it ran all of its charter. A shard that no merge speaks for did not, whatever its flags. */
export const isWholeRun = (row: string): RawBuilder<unknown> =>
  sql.raw(`(${row}.part <> 'shard' and ${isWhole(row)})`);

/**
 * Rows `r`, of one environment or of all, the newest first, as the end of a statement to which a limit is still to be added. Not from
 * the view of runs, which counts the cases of each run that was lost.
 */
export const newestOf = (
  environment: RawBuilder<unknown> | undefined,
  more: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> => {
  const only = environment === undefined ? sql`` : sql`and r.environment = ${environment}`;
  return sql`
    from charter.run r where ${sql.raw(isListed)} ${only} ${more} order by r.began_at desc, r.id desc`;
};

/**
 * Rows with the columns of charter.run, in no order: the newest `limit` runs of the whole charter, and on top the newest parts since the
 * oldest of these, so that repeats by hand push no night out of sight. Half as many parts at most; where there are fewer whole runs, parts
 * fill the rest.
 */
export const windowOf = (
  environment: RawBuilder<unknown>,
  limit: number,
  until?: string,
): RawBuilder<unknown> => {
  const upTo = until === undefined ? sql`` : sql`and r.began_at <= ${until}::timestamptz`;
  const isSince = sql`and r.began_at >= (select at from reach)`;
  return sql`
    with whole as materialized (
      select r.* ${newestOf(environment, sql`and ${isWholeRun('r')} ${upTo}`)} limit ${limit}
    ), reach as materialized (
      select case when count(*) < ${limit}::integer then '-infinity' else min(began_at) end as at,
        greatest(${limit}::integer - count(*), ${limit}::integer / 2) as parts
      from whole
    )
    select * from whole
    union all
    (select r.* ${newestOf(environment, sql`and not ${isWholeRun('r')} ${isSince} ${upTo}`)} limit (select parts from reach))`;
};

/** Asked first, so that what follows can go run by run: a join over the views would be planned for all runs there are. */
export async function recentRuns(
  db: Store['db'],
  environment: string,
  limit: number,
  until: string | undefined,
): Promise<readonly RecentRow[]> {
  const window = windowOf(sql`${environment}`, limit, until);
  const { rows } = await sql<RecentRow>`select id, began_at from (${window}) as looked_at
    order by began_at desc, id desc`.execute(db);
  return rows;
}
