// The JUnit file: what consumers accept and read, and what stands in it.
import { describe, expect, it } from 'vitest';
import { junit } from './junit.ts';
import { accepted, says } from './testdata/judge-junit.ts';
import { gitlab, junit10, readJunit, surefire } from './testdata/read-junit.ts';
import { everything, stateOf, statesOf, xfail } from './testdata/sample-run.ts';

describe('the JUnit file', () => {
  const xml = junit(stateOf(everything));

  it('is accepted by junit-10.xsd, by the surefire schema and by GitLab', () => accepted(xml));

  it('says of every case what the run says', () => says(xml, stateOf(everything)));

  it('shows attempts: flaky ones inside a pass, reruns beside a failure', () => {
    const of = (id: string) => readJunit(xml).cases.find(({ name }) => name.startsWith(`${id} `));
    expect(of('10.4')).toMatchObject({
      classname: 'charter.C-10',
      name: '10.4 groups are in the token [bob]',
      verdict: 'passed',
      flaky: 1,
    });
    expect(of('10.3')).toMatchObject({ verdict: 'passed', flaky: 1 });
    expect(of('12.1')).toMatchObject({ verdict: 'failed', reruns: 1, flaky: 0 });
    expect(of('12.2')).toMatchObject({ verdict: 'failed', reruns: 1 });
    expect(of('12.3')).toMatchObject({ verdict: 'error', reruns: 1 });
    expect(xml).toMatch(/<flakyFailure message="alice reads [^>]* type="assertion"><stackTrace>alice reads/);
    expect(xml).toMatch(
      /<flakyError message="http:[^>]* type="connect-refused"><stackTrace>connect-refused: /,
    );
  });

  it('names what ran when the run died, and counts the rest as one', () => {
    const cases = readJunit(xml).cases;
    const of = (start: string) => cases.find(({ name }) => name.startsWith(start));
    expect(of('W2.4')).toMatchObject({ verdict: 'error', message: expect.stringContaining('interrupted') });
    expect(of('W2.3')).toMatchObject({ verdict: 'failed', reruns: 1 });
    expect(of('not run')).toMatchObject({
      classname: 'charter-runner',
      name: 'not run: 2',
      verdict: 'error',
    });
    expect(of('W2.5')).toBeUndefined();
  });

  it('shows an expected failure as a skip with its reason, and a warning in the case it belongs to', () => {
    expect(readJunit(xml).cases.find(({ name }) => name.startsWith('W2.2'))).toMatchObject({
      verdict: 'skipped',
      message: xfail.reason,
    });
    expect(xml).toMatch(/name="10\.2 [^>]*>\n\s*<system-out>WARN lives 310 s<\/system-out>/);
    expect(xml.match(/<system-out>/g)).toHaveLength(1);
  });

  it('carries the facts of the run as properties of one suite', () => {
    expect(Object.fromEntries(readJunit(xml).properties)).toEqual({
      run: 'r-1',
      environment: 'stage',
      production: 'true',
      'target.trino': 'http://trino:8080',
    });
    expect(xml.match(/<properties>/g)).toHaveLength(1);
  });

  it('puts everything a reader needs into the text of a failure', () => {
    for (const part of [
      'expected: 64 hex',
      'got:      a value',
      'waited:   30.3 s',
      'after 30.2 s: clear',
      'POST http://trino:8080/v1/statement',
      'status: 200',
      'try 1: 503 after 12 ms',
      'reproduce: charter run --campaign C-12 --case 12.1 --persona alice',
      'at: charter/c-12.test.ts:12',
    ]) {
      expect(xml).toContain(part);
    }
  });

  it('has the real start, and times with three decimals that include every attempt', () => {
    expect(xml).toContain('timestamp="2026-11-21T01:00:01.000Z" hostname="pod-1"');
    expect(xml).toContain('name="10.4 groups are in the token [bob]" time="2.469"');
  });

  it('is whole and true before the plan, with an empty plan, and after every event', () => {
    for (const state of statesOf(everything)) {
      const now = junit(state);
      accepted(now);
      says(now, state);
    }
    const empty = junit(stateOf({ cases: [] }));
    accepted(empty);
    expect(readJunit(empty).counts.tests).toBe(0);
  });
});

describe('the checks of this file', () => {
  const good = junit(stateOf(everything));
  it.each<[string, string, string, (xml: string) => string[]]>([
    ['a duration with nine decimals', 'time="2.469"', 'time="2.469123456" file="x"', junit10],
    ['an attribute a test case may not carry', '<testcase ', '<testcase file="x" ', junit10],
    ['an attempt without a type', 'type="assertion"><stackTrace>', '><stackTrace>', junit10],
    ['an error before a rerun failure', '<failure message', '<error type="x"/><failure message', surefire],
    ['a test case without a time', ' time="2.469"', '', surefire],
    [
      'a second case of one name',
      '[bob]',
      '[alice]',
      (xml) => gitlab(xml.replaceAll(/name="10\.\d [^"]*"/g, 'name="same"')),
    ],
    ['stray text', '</testsuites>', 'oops</testsuites>', gitlab],
  ])('refuse %s', (_, from, to, problems) => {
    expect(good).toContain(from);
    expect(problems(good.replace(from, to))).not.toEqual([]);
  });
});
