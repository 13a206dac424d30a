// The newest runs of a platform, by name: what every question about a case over time begins with.
import { type Selectable, sql } from 'kysely';
import type { Store } from '../open.ts';
import type { RunView } from '../schema.ts';

export type RecentRow = Pick<Selectable<RunView>, 'id' | 'began_at'>;

/**
 * Asked first and then named: a list of ids goes straight to the index of attempts, where a join over the views would be planned
 * for all runs there are.
 */
export async function recentRuns(
  db: Store['db'],
  environment: string,
  limit: number,
  until: string | undefined,
): Promise<readonly RecentRow[]> {
  const upTo = until === undefined ? sql`` : sql`and v.began_at <= ${until}::timestamptz`;
  const { rows } = await sql<RecentRow>`select v.id, v.began_at from charter.run_view v
    where v.environment = ${environment} and v.is_listed ${upTo} order by v.began_at desc, v.id desc limit ${limit}`.execute(
    db,
  );
  return rows;
}
