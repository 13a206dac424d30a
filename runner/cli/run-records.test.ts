// Two runs in one folder never share a file, and the last line of a run is a line of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readJournal } from '../journal/index.ts';
import { Redactor } from '../redaction/index.ts';
import { plainStyle } from '../report/index.ts';
import { runName } from './run-name.ts';
import { openRecords, type RunRecords } from './run-records.ts';

function records(out: string, name: string): RunRecords {
  return openRecords({ out, name }, { redactor: new Redactor(), style: plainStyle, others: [] });
}

test('runs of one second have names of their own, which sort by time', () => {
  const [one, other] = [123, 124].map((ms) => runName(new Date(Date.UTC(2026, 10, 22, 21, 14, 21, ms))));
  expect(one).toMatch(/^charter-.+-20261122T211421123Z$/);
  expect(other?.localeCompare(one ?? '')).toBe(1);
});

test('a name that is taken is refused, and the run that has it keeps its files', async () => {
  const out = mkdtempSync(join(tmpdir(), 'charter-names-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const first = records(out, 'charter-h-t');
  expect(() => records(out, 'charter-h-t')).toThrow(
    expect.objectContaining({ code: 'CHR_REPORT_UNWRITABLE', message: expect.stringContaining('EEXIST') }),
  );
  first.records.record({ event: 'run-started', run: 'r', host: 'h', environment: 'e', properties: {} });
  expect(readJournal(first.journal).events).toMatchObject([{ event: 'run-started', run: 'r' }]);
});
