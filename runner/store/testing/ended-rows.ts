// Runs that ended, as rows: for what looks at many of them.
import { sql } from 'kysely';
import type { Store } from '../open.ts';

export type EndedRows = readonly (readonly [
  id: string,
  part: string,
  exitCode: number | null,
  days: number,
])[];

/** Rows of a Job with an end, stored in this order; `days` ago. */
export async function endedRows(
  { db }: Pick<Store, 'db'>,
  environment: string,
  rows: EndedRows,
  job = `job of ${environment}`,
): Promise<void> {
  for (const [order, [id, part, exitCode, days]] of rows.entries()) {
    const began = sql`now() - ${days} * interval '1 day'`;
    await sql`insert into charter.run (id, host, environment, started_at, began_at, stored_at, properties, part, job, image_digest,
        config_hash)
      values (${id}, 'h', ${environment}, ${began}, ${began}, ${began} + ${order} * interval '1 second', '{}', ${part}, ${job}, '', '')`.execute(
      db,
    );
    if (exitCode !== null)
      await sql`insert into charter.run_end (run_id, ended_at, exit_code, reason, tests, pass, fail, err, skip, flaky, not_run,
          unplanned_skips, cases) values (${id}, ${began}, ${exitCode}, 'completed', 1, 1, 0, 0, 0, 0, 0, 0, 1)`.execute(
        db,
      );
  }
}
