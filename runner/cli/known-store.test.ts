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
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

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
