// The end of a run on a disk that has just become full: what the journal says is what the process says.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exitCodeOf, fold, readJournal } from '../journal/index.ts';
import { Redactor } from '../redaction/index.ts';
import { styleFor } from '../report/index.ts';
import { conclude } from './conclude.ts';
import { openRecords } from './run-records.ts';

/** Bytes of a page, the least that a tmpfs gives. */
const page = 4_096;

test('a report that finds no room: the journal says 5, also where only a green end would have fitted', async (context) => {
  const out = mkdtempSync(join(tmpdir(), 'charter-full-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', out]).status !== 0)
    context.skip('needs the right to mount a tmpfs');
  onTestFinished(() => {
    spawnSync('umount', [out]);
    rmSync(out, { recursive: true });
  });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => void vi.restoreAllMocks());
  const style = styleFor({ isTTY: false, columns: 80, env: {} });
  const edges = { redactor: new Redactor(), style, others: [] };
  const { records, journal, report } = openRecords({ out }, edges);
  records.record({ event: 'run-started', run: 'r', host: 'h', environment: 'e', properties: {} });
  const outcome = { verdict: 'passed' } as const;
  records.record({ event: 'case-ended', key: 'C/1', attempt: 1, durationMs: 1, outcome });
  const told = (value: string) => records.record({ event: 'property', name: 'n', value });
  const sizeNow = () => statSync(journal).size;
  const before = sizeNow();
  told('');
  const line = sizeNow() - before;
  // The page that the journal ends in has 100 bytes left: a green end has 87, that of a run that is not written 109.
  told('x'.repeat(2 * page - 100 - line - sizeNow()));
  expect(sizeNow() % page).toBe(page - 100);
  await turn();
  expect(() => {
    for (;;) appendFileSync(join(out, 'filler'), Buffer.alloc(page));
  }).toThrow('ENOSPC');

  const { exitCode: code } = await conclude(
    records,
    { unmatched: [] },
    { production: false, style, report, tell: 'brief' },
  );
  const { events } = readJournal(journal);
  expect(code).toBe(5);
  expect(events.at(-1)).toMatchObject({ event: 'run-ended' });
  expect(exitCodeOf(fold(events), { production: false })).toBe(5);
});
