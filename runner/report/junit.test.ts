// The JUnit file: what consumers accept and read, with the worst names and messages a platform can give.

import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Builder } from 'junit-report-builder';
import { describe, expect, it } from 'vitest';
import {
  countsOf,
  decidingAttempt,
  failureOf,
  type Outcome,
  type RunState,
  type Verdict,
  verdictOf,
} from '../journal/index.ts';
import { JunitRenderer, junit } from './junit.ts';
import { uniqueNames } from './junit-names.ts';
import { gitlab, junit10, readJunit, surefire } from './testdata/read-junit.ts';
import {
  everything,
  failed,
  noPassword,
  passed,
  type SampleRun,
  stateOf,
  statesOf,
  unreachable,
  xfail,
} from './testdata/sample-run.ts';

// Its types describe an ES module, what Node loads is CommonJS.
const builder: Builder = createRequire(import.meta.url)('junit-report-builder');

function accepted(xml: string): void {
  expect({ junit10: junit10(xml), surefire: surefire(xml), gitlab: gitlab(xml) }).toEqual({
    junit10: [],
    surefire: [],
    gitlab: [],
  });
}

const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 6,
    arbitrary: fc.string({
      unit: fc.constantFrom(
        '\u0000',
        '\u001b[31m',
        ']]>',
        '<![CDATA[',
        '&amp;',
        '"',
        "'",
        '<',
        '>',
        '\ud800',
        '\udfff',
        '😀',
        '\r\n',
        '\n',
        '\t',
        '\ufffe',
        '\u0085',
        'é',
        ' ',
        'a',
      ),
      maxLength: 30,
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(70_000), '😀'.repeat(40_000), '&'.repeat(65_536), '') },
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(passed),
  fc.record({ verdict: fc.constant('skipped' as const), reason: hostile }),
  fc.record({
    verdict: fc.constantFrom<'failed' | 'error'>('failed', 'error'),
    failure: fc.record({
      kind: hostile,
      message: hostile,
      expected: hostile,
      stack: hostile,
      observations: fc.array(hostile, { maxLength: 4 }),
    }),
  }),
  fc.constant<Outcome>({ verdict: 'failed' }),
);
const anyRun: fc.Arbitrary<SampleRun> = fc.record({
  properties: fc.dictionary(hostile, hostile, { maxKeys: 3 }),
  cases: fc.array(
    fc.record({
      id: hostile,
      campaign: fc.oneof(fc.constantFrom('C-10', 'run'), hostile),
      persona: fc.oneof(fc.constantFrom('alice'), hostile),
      title: hostile,
      attempts: fc.array(fc.oneof(outcome, fc.constant('running' as const)), { maxLength: 3 }),
      warnings: fc.array(hostile, { maxLength: 2 }),
    }),
    { maxLength: 8 },
  ),
});

/** What the file must say, worked out from the state without the renderer. */
function truth(state: RunState): [name: string, verdict: Verdict][] {
  const names = uniqueNames(state);
  return [...state.cases.values()].flatMap((item) => {
    const verdict = verdictOf(item);
    return verdict === undefined ? [] : [[names(item), verdict] as [string, Verdict]];
  });
}

function says(xml: string, state: RunState): void {
  const report = readJunit(xml);
  const { tests, fail, err, skip } = countsOf(state);
  expect(report.counts).toEqual({ tests, failures: fail, errors: err });
  expect(report.cases).toHaveLength(tests);
  const count = (verdict: Verdict) => report.cases.filter((item) => item.verdict === verdict).length;
  expect([count('failed'), count('error'), count('skipped')]).toEqual([fail, err, skip]);
  for (const { counts, cases } of report.suites) {
    const within = (verdict: Verdict) => cases.filter((item) => item.verdict === verdict).length;
    expect(counts).toEqual({
      tests: cases.length,
      failures: within('failed'),
      errors: within('error'),
      skipped: within('skipped'),
    });
  }
  const named = report.cases
    .filter(({ classname }) => classname !== 'charter-runner')
    .map(({ name, verdict }) => [name, verdict]);
  expect(named.toSorted()).toEqual(truth(state).toSorted());
  expect(report.cases.every(({ time }) => Number.isFinite(time) && time >= 0)).toBe(true);
}

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

  it('survives hostile names, messages and properties', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const state = stateOf(run);
        const text = junit(state);
        expect(text.isWellFormed()).toBe(true);
        accepted(text);
        says(text, state);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps cases apart whose names differ only in what XML cannot hold', () => {
    const invisible = ['\u0000', '\u0001', '\ud800', '\ufffe'];
    const cases = invisible.flatMap((persona) =>
      ['C\u0000', 'C\u0001'].map((campaign) => ({
        id: '1',
        campaign,
        persona,
        title: 'a',
        attempts: [passed],
      })),
    );
    const state = stateOf({ cases });
    const text = junit(state);
    accepted(text);
    expect(readJunit(text).cases).toHaveLength(8);
  });

  it('cuts a message of 64 KiB and more, and says so', () => {
    const text = junit(
      stateOf({
        cases: [
          {
            id: '1',
            attempts: [{ verdict: 'failed', failure: { kind: 'assertion', message: '😀'.repeat(100_000) } }],
          },
        ],
      }),
    );
    accepted(text);
    expect(text).toMatch(/\[cut: \d+ of 200000 characters left out\]/);
    expect(Buffer.byteLength(text)).toBeLessThan(200_000);
  });

  it('stays below the 30 MB of GitLab when thousands of cases fail at length', () => {
    const long: Outcome = { verdict: 'failed', failure: { kind: 'assertion', message: '&'.repeat(65_536) } };
    const cases = Array.from({ length: 3000 }, (_, index) => ({ id: `${index}`, attempts: [long, long] }));
    expect(Buffer.byteLength(junit(stateOf({ cases })))).toBeLessThan(30_000_000);
  });

  it('never writes a time as a power of ten, below zero or as no number', () => {
    for (const durationMs of [1e-9, 1e22, -5, Number.NaN, Number.POSITIVE_INFINITY, 0.4]) {
      const state = stateOf({ cases: [{ id: '1', attempts: ['running'] }] });
      const item = state.cases.get('C-10/1');
      if (item !== undefined)
        item.attempts = item.attempts.map((attempt) => ({ ...attempt, durationMs, outcome: passed }));
      const text = junit(state);
      accepted(text);
      expect(text).not.toMatch(/time="[^"]*[^0-9."]/);
    }
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

describe('junit-report-builder as an independent oracle', () => {
  function oracle(state: RunState): string {
    const report = builder.newBuilder();
    const names = uniqueNames(state);
    for (const campaign of state.campaigns.values()) {
      const suite = report.testSuite().name(campaign.name);
      for (const item of campaign.cases) {
        const verdict = verdictOf(item);
        if (verdict === undefined) continue;
        const one = suite.testCase().className(`charter.${campaign.name}`).name(names(item));
        const attempt = decidingAttempt(item);
        const message = (attempt === undefined ? undefined : failureOf(attempt)?.message) ?? '';
        if (verdict === 'failed') one.failure(message, 'assertion');
        if (verdict === 'error') one.error(message, 'error');
        if (verdict === 'skipped') one.skipped();
      }
    }
    return report.build();
  }
  const verdicts = (xml: string) =>
    readJunit(xml)
      .cases.filter(({ classname }) => classname !== 'charter-runner')
      .map(({ classname, name, verdict }) => [classname, name, verdict]);
  const plain = fc.record({
    cases: fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 50 }).map(String),
        campaign: fc.constantFrom('C-10', 'W2'),
        attempts: fc.array(
          fc.constantFrom<(Outcome | 'running')[]>(passed, failed, unreachable, noPassword, 'running'),
          { maxLength: 3 },
        ),
      }),
      { selector: ({ id, campaign }) => `${campaign}/${id}`, maxLength: 12 },
    ),
  });

  it('reads the same verdict of every case', () => {
    const both = (run: SampleRun) => {
      const state = stateOf(run);
      expect(verdicts(junit(state))).toEqual(verdicts(oracle(state)));
    };
    both(everything);
    fc.assert(fc.property(plain as fc.Arbitrary<SampleRun>, both), { numRuns: 200 });
  });

  it('cannot render attempts of a flaky case, which is why it is an oracle and not the writer', () => {
    expect(oracle(stateOf(everything))).not.toContain('flaky');
  });
});

describe('the renderer of the live file', () => {
  it('gives the same file as rendering from scratch, after every event of any run', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const renderer = new JunitRenderer();
        for (const state of statesOf(run)) expect([...renderer.render(state)].join('')).toBe(junit(state));
      }),
      { numRuns: 20 },
    );
  });

  it('renders a case again only when it changed: 1,000 cases cost at most 1 ms for each', () => {
    const run: SampleRun = {
      cases: Array.from({ length: 1000 }, (_, index) => ({
        id: `${index}`,
        attempts: [index % 10 === 0 ? failed : passed],
      })),
    };
    const renderer = new JunitRenderer();
    const spent: number[] = [];
    for (const state of statesOf(run)) {
      const start = performance.now();
      let length = 0;
      for (const piece of renderer.render(state)) length += piece.length;
      expect(length).toBeGreaterThan(0);
      spent.push(performance.now() - start);
    }
    const median = spent.toSorted((a, b) => a - b)[Math.floor(spent.length / 2)] ?? 0;
    expect(median).toBeLessThan(1);
  });
});
