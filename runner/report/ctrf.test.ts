// CTRF: valid by its schema, and the same numbers as SUMMARY and JUnit.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { countsOf, initialState } from '../journal/index.ts';
import { ctrf, ctrfPath, ctrfText } from './ctrf.ts';
import { junit } from './junit.ts';
import { readJunit } from './testdata/read-junit.ts';
import { everything, passed, stateOf, statesOf } from './testdata/sample-run.ts';

const schema = JSON.parse(readFileSync(new URL('./testdata/ctrf.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true }).compile(schema);

function problems(value: unknown): unknown {
  return validate(JSON.parse(JSON.stringify(value))) ? [] : validate.errors;
}

describe('the CTRF report', () => {
  const state = stateOf(everything);
  const report = ctrf(state);
  const of = (id: string) => report.results.tests.find(({ name }) => name.startsWith(`${id} `));

  it('is valid by the schema, at every moment of a run', () => {
    expect(problems(ctrf(initialState()))).toEqual([]);
    for (const now of statesOf(everything)) expect(problems(ctrf(now))).toEqual([]);
    expect(problems({ ...report, oops: 1 })).not.toEqual([]);
  });

  it('counts as SUMMARY and JUnit do', () => {
    for (const now of statesOf(everything)) {
      const { tests, pass, fail, err, skip } = countsOf(now);
      const { results } = ctrf(now);
      expect(results.summary).toMatchObject({
        tests,
        passed: pass,
        failed: fail + err,
        skipped: skip,
        flaky: now.tally.flaky,
      });
      expect(results.tests).toHaveLength(tests);
      const cases = readJunit(junit(now)).cases;
      expect(results.tests.filter(({ flaky }) => flaky)).toHaveLength(
        cases.filter(({ flaky }) => flaky > 0).length,
      );
      expect(results.tests.filter(({ extra }) => extra?.verdict === 'error')).toHaveLength(err);
    }
  });

  it('shows an error as failed, and says that it is one', () => {
    expect(of('12.3')).toMatchObject({ status: 'failed', rawStatus: 'error', extra: { verdict: 'error' } });
    expect(of('12.1')).toMatchObject({ status: 'failed', rawStatus: 'failed', extra: { verdict: 'failed' } });
  });

  it('shows attempts, file, line, message and trace', () => {
    expect(of('10.4')).toMatchObject({
      flaky: true,
      retries: 1,
      status: 'passed',
      filePath: 'charter/c-10.test.ts',
      line: 12,
    });
    expect(of('10.4')?.retryAttempts).toMatchObject([
      { attempt: 1, status: 'failed', message: expect.stringContaining('alice reads') },
      { attempt: 2, status: 'passed' },
    ]);
    expect(of('12.1')).toMatchObject({
      trace: expect.stringContaining('POST http://trino:8080'),
      suite: ['C-12'],
    });
    expect(of('10.2')).toMatchObject({ stdout: ['WARN lives 310 s'] });
  });

  it('tells planned skips from others and carries the facts of the run', () => {
    expect(of('W2.1')).toMatchObject({ status: 'skipped', extra: { plannedSkip: true } });
    expect(report.results.environment).toMatchObject({
      testEnvironment: 'stage',
      extra: { run: 'r-1', production: 'true' },
    });
  });

  it('is written as JSON has it, a case at a time', () => {
    const odd = { id: '"tests": []', title: '\u2028 $& $1', attempts: [passed] };
    for (const cases of [[], [odd], [odd, { ...odd, id: 'b' }, { id: 'c', attempts: [] }]]) {
      const now = stateOf({ properties: { '"tests": []': '"tests": []' }, cases });
      expect(ctrfText(now)).toBe(`${JSON.stringify(ctrf(now), undefined, 2)}\n`);
    }
    expect(ctrfText(initialState())).toBe(`${JSON.stringify(ctrf(initialState()), undefined, 2)}\n`);
  });

  it('holds well-formed text only', () => {
    const text = ctrfText(
      stateOf({
        properties: { '\ud800': '\ud800' },
        cases: [
          { id: '\ud800', title: '\udfff', attempts: [passed] },
          { id: 'b', attempts: [{ verdict: 'error', failure: { kind: 'exception', message: '\ud800' } }] },
        ],
      }),
    );
    expect(text).not.toMatch(/\\ud[89a-f]/i);
  });

  it('stands beside the JUnit file', () =>
    expect(ctrfPath('out/charter-h-1.xml')).toBe('out/charter-h-1.ctrf.json'));
});
