// The store of a charter that is wrong elsewhere: a run that it had refused has its row there, and what is told to push must find it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { knownStore } from './store-access.ts';

let home = '';
const out = 'charter-out';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'charter-known-'));
  writeFileSync(join(home, 'url'), 'postgres://job@127.0.0.1:9/kept\n');
  for (const name of ['ca', 'own-ca']) writeFileSync(join(home, name), authority(name));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const authority = (name: string): string => `-----BEGIN CERTIFICATE-----\n${name}\n`;

function charter(text: string): string {
  const config = join(home, 'charter.yaml');
  writeFileSync(config, text);
  return config;
}

const settings = 'store: { mode: postgres, connectionFile: url, keep: { days: 700 } }\n';

test('is the one that its part `store` names, with all that stands there', async () => {
  const config = charter(`nonsense: 1\n${settings}`);
  const known = await knownStore({ config, out }, 'test');
  expect(known).toMatchObject({ place: { kind: 'postgres' }, settings: { keep: { days: 700 } } });
  const named = await knownStore({ config, out, store: home }, 'test');
  expect(named).toMatchObject({ place: { kind: 'folder' }, settings: { keep: { days: 700 } } });
});

test('is not guessed where that part is wrong too: nothing is pruned by days that nobody has written', async () => {
  const config = charter(settings.replace('days: 700', 'days: many'));
  await expect(knownStore({ config, out, store: home }, 'test')).rejects.toMatchObject({
    code: 'CHR_CONFIG_INVALID',
  });
});

test.for([
  ['', { ca: authority('ca'), rejectUnauthorized: true }],
  ['?sslmode=require', { ca: authority('ca'), rejectUnauthorized: true }],
  ['?sslrootcert=OWN', { ca: authority('own-ca'), rejectUnauthorized: true }],
  ['?sslmode=disable', false],
] as const)(
  '--store takes the authority of charter.yaml where its URL, %j, names none',
  async ([query, ssl]) => {
    const config = charter('store: { mode: postgres, connectionFile: url, caFile: ca }\n');
    const store = join(home, 'owner-url');
    writeFileSync(store, `postgres://owner@127.0.0.1:9/kept${query.replace('OWN', join(home, 'own-ca'))}\n`);
    const { place } = await knownStore({ config, out, store }, 'test');
    expect(place).toMatchObject({ kind: 'postgres', connection: { pool: { user: 'owner' } } });
    expect(place).toHaveProperty('connection.pool.ssl', ssl);
  },
);
