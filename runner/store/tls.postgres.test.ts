// What a certificate authority in charter.yaml is for: a Postgres with a real certificate, reached by the right name, by a wrong one, with an
// authority that did not sign it, and by somebody between who takes the encryption away.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresConnection } from './connection.ts';
import { openStore } from './open.ts';
import { certify, makeAuthority } from './testing/certificates.ts';
import { onPostgres } from './testing/each-store.ts';

onPostgres((server) => {
  let home = '';
  let known = '';
  let unknown = '';

  /** The certificate is for `localhost` and not for 127.0.0.1: the same server has a right name and a wrong one. */
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'charter-tls-'));
    known = makeAuthority(home, 'known');
    unknown = makeAuthority(home, 'unknown');
    certify(server().folder, known, 'localhost');
    const first = await openStore(server().place(), { schema: 'migrate' });
    await sql`alter system set ssl = on`.execute(first.db);
    await first.close();
    await server().halt('fast');
    await server().resume();
  }, 120_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  interface Way {
    readonly host: string;
    readonly caFile?: string | undefined;
    readonly sslmode?: string;
  }

  /** The protocol that was spoken, null without encryption. */
  async function spoken({ host, caFile, sslmode = '' }: Way): Promise<string | null> {
    const env = {
      PGHOST: host,
      PGPORT: `${server().port}`,
      PGUSER: 'postgres',
      PGDATABASE: 'charter',
      PGSSLMODE: sslmode,
    };
    const connection = postgresConnection({ env, caFile, application: 'charter-tls' });
    const store = await openStore({ kind: 'postgres', connection }, { schema: 'expect' });
    try {
      const { rows } = await sql<{ version: string | null }>`
        select version from pg_stat_ssl where pid = pg_backend_pid()`.execute(store.db);
      return rows[0]?.version ?? null;
    } finally {
      await store.close();
    }
  }

  const [right, wrong] = ['localhost', '127.0.0.1'];

  test('with an authority alone the connection is encrypted, and the right name is accepted', async () => {
    expect(await spoken({ host: right, caFile: known })).toMatch(/^TLSv1\.[23]$/);
  });

  test.each([
    ['a wrong name', () => ({ host: wrong, caFile: known }), /Hostname|IP/, /name/],
    [
      'an authority that did not sign it',
      () => ({ host: right, caFile: unknown }),
      /certificate|signature/,
      /caFile/,
    ],
    ['no authority', () => ({ host: right, sslmode: 'verify-full' }), /certificate|signature/, /caFile/],
    [
      'verify-ca and an authority that did not sign it',
      () => ({ host: wrong, caFile: unknown, sslmode: 'verify-ca' }),
      /certificate|signature/,
      /caFile/,
    ],
    [
      'require and an authority that did not sign it',
      () => ({ host: right, caFile: unknown, sslmode: 'require' }),
      /certificate|signature/,
      /caFile/,
    ],
  ] as const)('%s is refused, with a hint', async (_, way, said, hint) => {
    await expect(spoken(way())).rejects.toMatchObject({
      code: 'CHR_STORE',
      message: expect.stringMatching(said),
      hint: expect.stringMatching(hint),
    });
  });

  test.each([
    [
      'verify-ca accepts any name that the authority has signed',
      () => ({ host: wrong, caFile: known, sslmode: 'verify-ca' }),
    ],
    [
      'require without an authority encrypts, and proves nothing',
      () => ({ host: wrong, sslmode: 'require' }),
    ],
  ] as const)('%s', async (_, way) => {
    expect(await spoken(way())).toMatch(/^TLSv1\.[23]$/);
  });

  test.each([
    [
      'disable is in clear, also beside an authority',
      () => ({ host: right, caFile: known, sslmode: 'disable' }),
    ],
    ['without an authority and a mode it is in clear', () => ({ host: right })],
  ] as const)('%s', async (_, way) => {
    expect(await spoken(way())).toBeNull();
  });

  test('a file that holds no certificate is refused before anything is sent', async () => {
    const caFile = join(home, 'empty.crt');
    writeFileSync(caFile, '\n');
    await expect(spoken({ host: right, caFile })).rejects.toMatchObject({
      code: 'CHR_STORE',
      message: expect.stringContaining('empty.crt'),
    });
  });

  test('a server that offers no encryption is refused, never spoken to in clear', async () => {
    const owner = await openStore(server().place(), { schema: 'expect' });
    await sql`alter system set ssl = off`.execute(owner.db);
    await owner.close();
    await server().halt('fast');
    await server().resume();
    for (const sslmode of ['', 'require'])
      await expect(spoken({ host: right, caFile: known, sslmode })).rejects.toMatchObject({
        code: 'CHR_STORE',
        message: expect.stringContaining('does not support SSL'),
        hint: expect.stringContaining('sslmode'),
      });
  });
});
