// The same run rendered by another library and read by a parser: the verdicts must agree.
import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Builder } from 'junit-report-builder';
import { describe, expect, it } from 'vitest';
import { decidingAttempt, failureOf, type Outcome, type RunState, verdictOf } from '../journal/index.ts';
import { junit } from './junit.ts';
import { uniqueNames } from './junit-names.ts';
import { readJunit } from './testdata/read-junit.ts';
import {
  everything,
  failed,
  noPassword,
  passed,
  type SampleRun,
  stateOf,
  unreachable,
} from './testdata/sample-run.ts';

// Its types describe an ES module, what Node loads is CommonJS.
const builder: Builder = createRequire(import.meta.url)('junit-report-builder');

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
