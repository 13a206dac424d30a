// The session behind execution.lock.mode postgres: an advisory lock of the database, named after the platform.
import type { PostgresConnection } from './connection.ts';
import { storeError } from './store-error.ts';

const tryLock = `
select pg_try_advisory_lock(hashtextextended($1, 0)) as got,
  (select a.application_name || ' since ' || to_char(a.backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
   from pg_locks l join pg_stat_activity a on a.pid = l.pid
   where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid()
     and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, 0)
   limit 1) as holder`;

/** As execution's LockSession. `holder` is how others see this run, at most 63 bytes of it. Throws CHR_STORE. */
export async function openLockSession({ pool, name }: PostgresConnection, lock: string, holder: string) {
  const { Client } = (await import('pg')).default;
  const client = new Client({ ...pool, application_name: holder.slice(0, 60) });
  // Told by the next query; without a listener it would end the process.
  client.on('error', () => {});
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw storeError(name, error);
    });
  await guarded(client.connect());
  return {
    tryLock: async (): Promise<string | undefined> => {
      const { rows } = await guarded(client.query<{ got: boolean; holder: string | null }>(tryLock, [lock]));
      return rows[0]?.got === true ? undefined : (rows[0]?.holder ?? 'another run');
    },
    look: async (): Promise<void> => {
      await guarded(client.query('select'));
    },
    close: () => client.end(),
  };
}
