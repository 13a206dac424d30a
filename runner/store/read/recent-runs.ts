// The newest runs of a platform, by name: what every question about a case over time begins with.
import { sql } from 'kysely';
import type { Store } from '../open.ts';

export interface RecentRow {
  readonly id: string;
  readonly started_at: Date;
}

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
  const upTo = until === undefined ? sql`` : sql`and v.started_at <= ${until}::timestamptz`;
  const { rows } = await sql<RecentRow>`select v.id, v.started_at from charter.run_view v
    where v.environment = ${environment} and v.is_listed ${upTo} order by v.started_at desc limit ${limit}`.execute(
    db,
  );
  return rows;
}
