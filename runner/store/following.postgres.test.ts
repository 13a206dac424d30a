// A folder follows the journals beside it.
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JournalEvent } from '../journal/index.ts';
import { prune } from './prune.ts';
import { syncJournals } from './sync.ts';
import { eachStore } from './testing/each-store.ts';
import { pushEvents } from './write/push.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'charter-keeping-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = '2026-01-01T00:00:00.000Z';
const start = (run: string): JournalEvent => ({
  event: 'run-started',
  at,
  run,
  host: 'h',
  environment: 'sync',
  properties: {},
});
const passed: JournalEvent = {
  event: 'case-ended',
  at,
  key: 'C/1',
  attempt: 1,
  durationMs: 1,
  outcome: { verdict: 'passed' },
};
const end: JournalEvent = { event: 'run-ended', at, exitCode: 0, reason: 'completed' };

function journal(folder: string, name: string, events: readonly JournalEvent[]): void {
  appendFileSync(join(folder, name), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

eachStore(({ store }) => {
  test('a journal that cannot be read, or that the store refuses, keeps no other from being taken in', async () => {
    const folder = mkdtempSync(join(home, 'trouble-'));
    const trouble = (run: string) => ({ ...start(run), environment: 'trouble' });
    mkdirSync(join(folder, 'a.jsonl'));
    // The store knows of a case that the journal has lost.
    await pushEvents(store(), [trouble('sync-refused'), passed, { ...passed, key: 'C/2' }]);
    journal(folder, 'b.jsonl', [trouble('sync-refused'), passed, end]);
    journal(folder, 'c.jsonl', [trouble('sync-taken'), passed, end]);
    symlinkSync(join(folder, 'gone'), join(folder, 'd.jsonl'));
    // No database keeps such a plan.
    const planned: JournalEvent = {
      event: 'planned',
      at,
      cases: [{ key: 'C/1', campaign: 'C', id: '1', title: '', file: '', line: 1.5, tags: [], targets: [] }],
    };
    journal(folder, 'a-plan.jsonl', [trouble('sync-unfit'), planned, passed, end]);
    const told: string[] = [];
    expect(
      await syncJournals(
        store(),
        folder,
        async () => false,
        (trouble) => told.push(trouble),
      ),
    ).toBe(1);
    expect(told).toEqual([
      expect.stringMatching(/a-plan\.jsonl: .*1\.5/),
      expect.stringMatching(/a\.jsonl: EISDIR/),
      expect.stringMatching(/b\.jsonl: .*sync-refused/),
    ]);
  });

  test('what no run writes is left out: numbers that the database does not have, and days that the calendar does not', async () => {
    const folder = mkdtempSync(join(home, 'numbers-'));
    const strange = (run: string) => ({ ...start(run), environment: 'numbers' });
    const failedEnd: JournalEvent = { ...end, exitCode: 4 };
    journal(folder, 'a.jsonl', [strange('half'), { ...passed, attempt: 1.5 }, passed, end]);
    journal(folder, 'b.jsonl', [strange('huge'), { ...passed, attempt: 3_000_000_000 }, passed, end]);
    journal(folder, 'c.jsonl', [strange('no-code'), passed, { ...end, exitCode: 2 ** 31 }]);
    journal(folder, 'd.jsonl', [{ ...strange('no-day'), at: '2026-02-30T00:00:00.000Z' }, failedEnd]);
    const told: string[] = [];
    const tell = (trouble: string) => told.push(trouble);
    expect(await syncJournals(store(), folder, async () => false, tell)).toBe(4);
    expect(told).toEqual([]);
    const { rows } = await sql<{ id: string; status: string; at: Date }>`select id, status, started_at as at
      from charter.run_view where environment = 'numbers' order by id`.execute(store().db);
    expect(rows.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'half passed',
      'huge passed',
      'no-code running',
      'no-day errors',
    ]);
    expect(rows[3]?.at).toEqual(new Date('2026-03-02T00:00:00.000Z'));
  });

  test('a folder of journals is taken in once, and again what had no end', async () => {
    const folder = mkdtempSync(join(home, 'sync-'));
    journal(folder, 'a.jsonl', [start('sync-a'), passed, end]);
    journal(folder, 'b.jsonl', [start('sync-b'), passed]);
    writeFileSync(join(folder, 'c.jsonl'), 'not a journal\n');
    const sync = (where = folder) => syncJournals(store(), where, async () => false);
    expect(await sync()).toBe(2);
    const status = async () => {
      const rows = await store()
        .db.selectFrom('charter.run_view')
        .select(['id', 'status'])
        .where('environment', '=', 'sync')
        .orderBy('id')
        .execute();
      return rows.map((row) => row.status);
    };
    // Its journal was written to a moment ago.
    expect(await status()).toEqual(['passed', 'running']);
    journal(folder, 'b.jsonl', [end]);
    expect(await sync()).toBe(1);
    expect(await status()).toEqual(['passed', 'passed']);
    expect(await sync()).toBe(0);
    expect(await sync(join(home, 'nowhere'))).toBe(0);

    // What is pruned stays away, until its journal says more.
    await prune(store(), { days: 1, redDays: 1, runs: 0 }, 'remove');
    expect(await status()).toEqual([]);
    expect(await sync()).toBe(0);
    expect(await status()).toEqual([]);
    journal(folder, 'b.jsonl', [end]);
    expect(await sync()).toBe(1);
    expect(await status()).toEqual(['passed']);
  });

  test('a journal that was taken in is not opened again', async () => {
    const folder = mkdtempSync(join(home, 'read-'));
    journal(folder, 'whole.jsonl', [start('read-whole'), passed, end]);
    journal(folder, 'dead.jsonl', [start('read-dead')]);
    writeFileSync(join(folder, 'other.jsonl'), 'not a journal\n');
    const longAgo = new Date(Date.now() - 600_000);
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), longAgo, longAgo);
    expect(await syncJournals(store(), folder, async () => false)).toBe(2);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      // As long and as old as before, and it would be told as another run.
      writeFileSync(path, readFileSync(path, 'utf8').replace('read-', 'seen-'));
      utimesSync(path, longAgo, longAgo);
    }
    expect(await syncJournals(store(), folder, async () => false)).toBe(0);
  });

  test('a run that is known to be alive goes on however long its journal is silent', async () => {
    const folder = mkdtempSync(join(home, 'silent-'));
    journal(folder, 'a.jsonl', [start('silent-a')]);
    journal(folder, 'b.jsonl', [start('silent-b')]);
    const longAgo = Date.now() / 1_000 - 600;
    for (const name of ['a.jsonl', 'b.jsonl']) utimesSync(join(folder, name), longAgo, longAgo);
    const sync = () => syncJournals(store(), folder, async (run) => run === 'silent-a');
    const status = async () => {
      const rows = await store()
        .db.selectFrom('charter.run_view')
        .select('status')
        .where('id', 'like', 'silent-%')
        .orderBy('id')
        .execute();
      return rows.map((row) => row.status);
    };
    await sync();
    expect(await status()).toEqual(['running', 'aborted']);
    // Its last sign of life is of the last look, not of the first.
    await sql`update charter.beat set at = at - interval '1 hour', n = n - 1000 where run_id = 'silent-a'`.execute(
      store().db,
    );
    expect(await status()).toEqual(['aborted', 'aborted']);
    await sync();
    expect(await status()).toEqual(['running', 'aborted']);
  });
});
