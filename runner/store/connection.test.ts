// Where the connection to a Postgres comes from, and what of it is verified.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresConnection } from './connection.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'charter-connection-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('a password is read for each connection, the rest of the file once', async () => {
  const file = join(home, 'rotated');
  writeFileSync(file, 'postgres://u:one@h/d');
  const { pool } = postgresConnection({ file, env: {}, application: 'test' });
  const { password } = pool;
  if (typeof password !== 'function') throw new Error('it is read once');
  expect(await password()).toBe('one');
  writeFileSync(file, 'postgres://v:two@h/d');
  expect([await password(), pool.user]).toEqual(['two', 'u']);
  rmSync(file);
  expect(password).toThrow('ENOENT');
});

test('a connection comes from a URL, from a folder of keys or from PG*, and is verified as soon as an authority is named', () => {
  const file = join(home, 'url');
  writeFileSync(file, 'postgresql://us%40er:p%40ss@db.svc:6432/results?sslmode=require\n');
  const application = 'test';
  const url = postgresConnection({ file, env: {}, application });
  expect(url.pool).toMatchObject({
    host: 'db.svc',
    port: 6432,
    user: 'us@er',
    database: 'results',
  });
  expect([url.name, url.secrets, url.pool.ssl]).toEqual([
    'db.svc:6432/results',
    ['p@ss'],
    { rejectUnauthorized: false },
  ]);
  const folder = mkdtempSync(join(home, 'secret-'));
  for (const [key, value] of Object.entries({ host: 'db', username: 'u', password: 'p', dbname: 'd' }))
    writeFileSync(join(folder, key), value);
  const caFile = join(home, 'ca');
  const ca = '-----BEGIN CERTIFICATE-----';
  writeFileSync(caFile, ca);
  const mounted = postgresConnection({ file: folder, caFile, env: {}, application });
  expect(mounted.pool).toMatchObject({
    host: 'db',
    user: 'u',
    database: 'd',
    ssl: { ca, rejectUnauthorized: true },
  });
  expect(mounted.pool.ssl as object).not.toHaveProperty('checkServerIdentity');
  const env = { PGHOST: 'h', PGUSER: 'u', PGSSLMODE: 'prefer' };
  expect(() => postgresConnection({ env, application })).toThrow('sslmode prefer');
  expect(postgresConnection({ env: { PGHOST: 'h', PGUSER: 'u' }, application }).pool).toMatchObject({
    host: 'h',
    database: 'u',
    ssl: false,
  });
  writeFileSync(file, 'mysql://db');
  expect(() => postgresConnection({ file, env: {}, application })).toThrow('postgres://');
});

test('an authority that is not there is told as one, unless nothing is to be proven by it', () => {
  const source = { application: 'test', fallbackCaFile: join(home, 'no-ca') };
  expect(() => postgresConnection({ ...source, env: { PGHOST: 'h' } })).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/authority of the server in .*no-ca cannot be read: ENOENT/),
      hint: expect.stringContaining('store.caFile'),
    }),
  );
  const env = { PGHOST: 'h', PGSSLMODE: 'disable' };
  expect(postgresConnection({ ...source, env }).pool.ssl).toBe(false);
});

const ofUrl = (url: string) => () => {
  const file = join(home, 'any-url');
  writeFileSync(file, url);
  return postgresConnection({ file, env: {}, application: 'test' });
};

test.for(['ssl=true', 'user=u', 'password=geheim', 'port=1', 'dbname=d', 'sslmode=require&SSLMode=disable'])(
  'what a URL says after its ? counts or is refused: %s',
  (query) => {
    expect(ofUrl(`postgres://h/db?${query}`)).toThrow(
      expect.objectContaining({
        code: 'CHR_STORE',
        message: expect.stringMatching(
          new RegExp(`any-url .*\\?${query.split(/[&=]/).at(-2)}= .*host, sslmode, sslrootcert`),
        ),
      }),
    );
  },
);

test('of a password that ends at its own ? nothing is told', () => {
  expect(ofUrl('postgres://u:12?geheim@h/db')).toThrow(/^(?!.*geheim).*host, sslmode, sslrootcert/);
});

test.for(['user%', 'u:50%', 'u:%zz'])(
  'a percent sign that stands for no character is told without the words around it: %s',
  (who) => {
    expect(ofUrl(`postgres://${who}@h/db`)).toThrow(
      expect.objectContaining({
        code: 'CHR_STORE',
        message: expect.stringMatching(/^(?!.*50).*any-url cannot be read: .*%25/),
      }),
    );
  },
);

test.for(['abc', '0', '65536', '5432.5', '-1', ' '])(
  'a port is a number from 1 to 65535, and not %j',
  (port) => {
    const folder = mkdtempSync(join(home, 'port-'));
    for (const [key, value] of Object.entries({ host: 'db', port: `${port}x` }))
      writeFileSync(join(folder, key), value);
    const refusal = expect.objectContaining({
      code: 'CHR_STORE',
      message: expect.stringContaining('1 to 65535'),
    });
    expect(() => postgresConnection({ env: { PGPORT: port }, application: 'test' })).toThrow(refusal);
    expect(() => postgresConnection({ file: folder, env: {}, application: 'test' })).toThrow(refusal);
  },
);

test('the first and the last port are ports', () => {
  for (const port of ['1', '65535'])
    expect(postgresConnection({ env: { PGPORT: port }, application: 'test' }).pool.port).toBe(Number(port));
});
