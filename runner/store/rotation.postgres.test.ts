// A password that changes while a process runs, as whoever rotates Secrets does it: the next connection takes the new one. What the server
// refuses is told as that, not as a database that is away.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresConnection } from './connection.ts';
import { connect, openStore, type Store } from './open.ts';
import { isRefused, storeError } from './store-error.ts';
import { onPostgres } from './testing/each-store.ts';

onPostgres((server) => {
  let owner: Store;
  let file = '';

  beforeAll(async () => {
    file = join(mkdtempSync(join(tmpdir(), 'charter-rotation-')), 'uri');
    owner = await openStore(server().place(), { schema: 'migrate' });
    await sql`create role page login`.execute(owner.db);
    const rules = join(server().folder, 'pg_hba.conf');
    writeFileSync(rules, `host all page 127.0.0.1/32 scram-sha-256\n${readFileSync(rules, 'utf8')}`);
    await sql`select pg_reload_conf()`.execute(owner.db);
  }, 120_000);
  afterAll(async () => {
    await owner?.close();
    rmSync(join(file, '..'), { recursive: true, force: true });
  });

  const mount = (password: string, database = 'charter') =>
    writeFileSync(file, `postgres://page:${password}@127.0.0.1:${server().port}/${database}\n`);
  const rotate = async (password: string) => {
    await sql`alter role page password ${sql.lit(password)}`.execute(owner.db);
    mount(password);
  };
  const open = () =>
    connect({ kind: 'postgres', connection: postgresConnection({ file, env: {}, application: 'test' }) });
  const look = ({ db }: Pick<Store, 'db'>) => sql`select current_user`.execute(db);

  test('the next connection of a pool takes the password that is mounted now', async () => {
    await rotate('one');
    const store = await open();
    try {
      await store.db.connection().execute(async (kept) => {
        await look({ db: kept });
        await rotate('two');
        await expect(look(store)).resolves.toMatchObject({ rows: [{ current_user: 'page' }] });
        await expect(look({ db: kept })).resolves.toBeDefined();
      });
    } finally {
      await store.close();
    }
  });

  test.each([
    ['a wrong password', '28P01', () => mount('wrong')],
    ['a database that is not there', '3D000', () => mount('two', 'nowhere')],
  ] as const)('%s is a login that is refused', async (_, code, deed) => {
    await rotate('two');
    deed();
    const store = await open();
    const error = await look(store).catch((cause: unknown) => storeError(store.name, cause));
    await store.close();
    expect(error).toMatchObject({ code: 'CHR_STORE', cause: { code } });
    expect(isRefused(error)).toBe(true);
  });
});
