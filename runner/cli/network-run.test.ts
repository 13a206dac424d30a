// The details of a run stand beside its report, and nobody takes them for a journal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Redactor } from '../redaction/index.ts';
import { plainStyle } from '../report/index.ts';
import { detailsOf } from './network-run.ts';
import { fetchReport } from './report-fetch.ts';
import { runName } from './run-name.ts';
import { openRecords } from './run-records.ts';

test('without --details they have the name of the report', () => {
  const out = mkdtempSync(join(tmpdir(), 'charter-beside-'));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const name = runName();
  const { records, report } = openRecords(
    { out, name },
    { redactor: new Redactor(), style: plainStyle, others: [] },
  );
  records.record({ event: 'run-started', run: 'r', host: 'h', environment: 'e', properties: {} });
  const details = detailsOf({ out }, name);
  writeFileSync(report, '<testsuites/>');
  writeFileSync(details, '{"run":"r","step":"deny.1"}\n');
  expect(details).toBe(report.replace(/\.xml$/, '.network.ndjson'));
  expect(fetchReport(out, undefined)).toMatchObject({
    xml: '<testsuites/>',
    notes: [expect.stringContaining(report), expect.stringContaining('has not ended')],
  });
});

test('--details names another place', () => {
  expect(detailsOf({ out: 'out', details: 'elsewhere/lines' }, 'n')).toBe(resolve('elsewhere/lines'));
});
