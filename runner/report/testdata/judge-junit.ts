// Holds a JUnit file against its consumers and against the run it is about.
import { expect } from 'vitest';
import { countsOf, type RunState, type Verdict, verdictOf } from '../../journal/index.ts';
import { uniqueNames } from '../junit-names.ts';
import { gitlab, junit10, readJunit, surefire } from './read-junit.ts';

/** Both schemas and GitLab take it. */
export function accepted(xml: string): void {
  expect({ junit10: junit10(xml), surefire: surefire(xml), gitlab: gitlab(xml) }).toEqual({
    junit10: [],
    surefire: [],
    gitlab: [],
  });
}

/** What the file must say, worked out from the state without the renderer. */
function truth(state: RunState): [name: string, verdict: Verdict][] {
  const names = uniqueNames(state);
  return [...state.cases.values()].flatMap((item) => {
    const verdict = verdictOf(item);
    return verdict === undefined ? [] : [[names(item), verdict] as [string, Verdict]];
  });
}

/** Every number and every verdict is the run's. */
export function says(xml: string, state: RunState): void {
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
