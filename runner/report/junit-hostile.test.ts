// The JUnit file with hostile input, and the live renderer, which must never differ from rendering from scratch.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../journal/index.ts';
import { JunitRenderer, junit } from './junit.ts';
import { anyRun } from './testdata/hostile-run.ts';
import { accepted, says } from './testdata/judge-junit.ts';
import { readJunit } from './testdata/read-junit.ts';
import { failed, passed, type SampleRun, stateOf, statesOf } from './testdata/sample-run.ts';

describe('the JUnit file', () => {
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
