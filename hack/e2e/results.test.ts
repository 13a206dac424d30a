import { expect, test } from 'vitest';
import { merged } from './chart.ts';
import { readReport } from './results.ts';
import { summaryOf } from './runs.ts';

const xml = `<?xml version="1.0"?>
<testsuites name="charter" tests="4" failures="1" errors="1">
  <testsuite name="C-10"><properties><property name="run" value="r1"/></properties>
    <testcase classname="charter.C-10" name="10.1 good"/>
    <testcase classname="charter.C-10" name="10.2 broken"><failure message="expected 1">got 2</failure></testcase>
    <testcase classname="charter.C-10" name="10.3 gone"><error message="connect-refused"/></testcase>
    <testcase classname="charter.C-10" name="10.4 left"><skipped message="no key"/></testcase>
  </testsuite>
</testsuites>`;

test('a report is read with its verdicts, messages, counts and properties', () => {
  const { cases, counts, properties } = readReport('x.xml', xml);
  expect(counts).toEqual({ tests: 4, pass: 1, fail: 1, err: 1, skip: 1 });
  expect(cases.map(({ verdict }) => verdict)).toEqual(['passed', 'failed', 'error', 'skipped']);
  expect(cases[1]?.message).toBe('expected 1 got 2');
  expect(properties).toEqual({ run: 'r1' });
});

test('line breaks of a message are those that the case told', () => {
  const told = xml.replace('expected 1', 'not-enforced (8)&#10;8 of 9 cells &lt;x&gt;');
  expect(readReport('x.xml', told).cases[1]?.message.split('\n')).toEqual([
    'not-enforced (8)',
    '8 of 9 cells <x> got 2',
  ]);
});

test('SUMMARY is read from the last line and from nowhere else', () => {
  const line = '[charter-runner] SUMMARY tests=4 pass=1 fail=1 err=1 skip=1';
  expect(summaryOf(`x\n${line}\n`)).toEqual({ tests: 4, pass: 1, fail: 1, err: 1, skip: 1 });
  expect(() => summaryOf(`${line}\nx\n`)).toThrow('no SUMMARY: x');
});

test('values are merged as helm does: maps by key, all else replaced', () => {
  const base = { a: { b: 1, c: [1] }, lock: { mode: 'lease' } };
  expect(merged(base, { a: { c: [2] }, lock: 'none' })).toEqual({ a: { b: 1, c: [2] }, lock: 'none' });
});
