// The sessions behind execution.lock.mode postgres: an advisory lock of the database, named after the platform.
import { randomBytes } from 'node:crypto';
import type { Client as PgClient } from 'pg';
import type { PostgresConnection } from './connection.ts';
import { storeError } from './store-error.ts';

export interface LockedAs {
  readonly lock: string;
  /** How others see this run, at most 54 bytes of it. */
  readonly holder: string;
  /** The server ends a session that asks nothing for so long, so that the lock of a dead run is free when it has not heard of the death. */
  readonly leaseMs: number;
}

const tryLock = `
select pg_try_advisory_lock(hashtextextended($1, 0)) as got, holder.is_mine, holder.words
from (values (true)) always left join lateral (
  select a.application_name = current_setting('application_name') as is_mine,
    regexp_replace(a.application_name, ' [0-9a-f]{8}$', '') || ' since ' ||
      to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as words
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid()
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, 0)
  limit 1) holder on true`;

/** Who waits in line gets a lock before anybody who only tries, so the line is joined in the statement that ends the earlier session. */
const takeOver = `
select pg_advisory_lock(hashtextextended($1, 0)) from (
  select count(pg_terminate_backend(pid)) from pg_stat_activity
  where application_name = current_setting('application_name') and pid <> pg_backend_pid()) ended`;

interface Tried {
  readonly got: boolean;
  readonly is_mine: boolean | null;
  readonly words: string | null;
}

/**
 * Opens sessions of one run, each as execution's LockSession. One that is opened later takes the lock over from an earlier one that the
 * server still takes for alive. Throws CHR_STORE.
 */
export function lockSessions({ pool, name }: PostgresConnection, { lock, holder, leaseMs }: LockedAs) {
  // The same words may be another run's: a Job of the same name in another cluster.
  const application_name = `${holder.slice(0, 54)} ${randomBytes(4).toString('hex')}`;
  const answerMs = Math.floor(leaseMs / 6);
  const times = {
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    statement_timeout: answerMs,
  };
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw storeError(name, error);
    });
  return async () => {
    const { Client } = (await import('pg')).default;
    const client = new Client({ ...pool, ...times, application_name });
    // Told by the next query; without a listener it would end the process.
    client.on('error', () => {});
    await guarded(client.connect());
    try {
      await guarded(client.query("select set_config('idle_session_timeout', $1, false)", [`${leaseMs}ms`]));
    } catch (error) {
      await ended(client, answerMs);
      throw error;
    }
    return {
      tryLock: async (): Promise<string | undefined> => {
        const { rows } = await guarded(client.query<Tried>(tryLock, [lock]));
        const { got = false, is_mine: isMine = false, words = null } = rows[0] ?? {};
        if (got) return undefined;
        if (isMine !== true) return words ?? 'another run';
        await guarded(client.query(takeOver, [lock]));
        return undefined;
      },
      look: async (): Promise<void> => {
        await guarded(client.query('select'));
      },
      close: () => ended(client, answerMs),
    };
  };
}

/** A server that is gone without a word never says goodbye back. */
async function ended(client: PgClient, patienceMs: number): Promise<void> {
  const giveUp = setTimeout(() => client.connection.stream.destroy(), patienceMs);
  await client.end().finally(() => clearTimeout(giveUp));
}
