// The newest runs of a platform, by name: what every question about a case over time begins with.
import { type Selectable, sql } from 'kysely';
import { isListed } from '../migrations/002-views.ts';
import type { Store } from '../open.ts';
import type { RunView } from '../schema.ts';

export type RecentRow = Pick<Selectable<RunView>, 'id' | 'began_at'>;

/**
 * Asked first and then named: a list of ids goes straight to the index of attempts, where a join over the views would be planned
 * for all runs there are. Not from the view of runs, which counts the cases of each run that was lost.
 */
export async function recentRuns(
  db: Store['db'],
  environment: string,
  limit: number,
  until: string | undefined,
): Promise<readonly RecentRow[]> {
  const upTo = until === undefined ? sql`` : sql`and r.began_at <= ${until}::timestamptz`;
  const { rows } = await sql<RecentRow>`select r.id, r.began_at from charter.run r
    where r.environment = ${environment} and ${sql.raw(isListed)} ${upTo}
    order by r.began_at desc, r.id desc limit ${limit}`.execute(db);
  return rows;
}
