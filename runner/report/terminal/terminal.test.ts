// What people see: golden files of a run in 80 columns, with and without colour, and no way for a platform to steer it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent, initialState, type RunState } from '../../journal/index.ts';
import { summaryLine } from '../summary.ts';
import { eventsOf, everything, passed, type SampleRun, stateOf } from '../testdata/sample-run.ts';
import {
  caseLine,
  clearProgress,
  closingLines,
  neutralLine,
  plainStyle,
  progressLine,
  type Style,
  styleFor,
} from './index.ts';
import { columns } from './wrap.ts';

const golden = (name: string): string => `./golden/${name}.txt`;
const ansi: Style = { width: 80, colour: 'ansi', progress: 'rewrite' };
// biome-ignore lint/suspicious/noControlCharactersInRegex: what colour is made of
const escapes = /\u001b\[[0-9;]*[mK]/g;

function caseLines(style: Style, run: SampleRun): string[] {
  const state = initialState();
  return eventsOf(run).flatMap((event) => {
    applyEvent(state, event);
    const item = event.event === 'case-ended' ? state.cases.get(event.key) : undefined;
    return item === undefined ? [] : caseLine(style, item);
  });
}

function whole(style: Style, run: SampleRun): string {
  const state = stateOf(run);
  return [...caseLines(style, run), '', ...closingLines(style, state), summaryLine(state), ''].join('\n');
}

describe('the terminal report', () => {
  it('is calm and complete without a terminal', () =>
    expect(whole(plainStyle, everything)).toMatchFileSnapshot(golden('plain')));
  it('is the same with colour on a terminal', () =>
    expect(whole(ansi, everything)).toMatchFileSnapshot(golden('colour')));
  it('fits a narrow terminal', () =>
    expect(whole({ ...plainStyle, width: 50 }, everything)).toMatchFileSnapshot(golden('narrow')));

  it('shows progress on one line', () => {
    const state = initialState();
    const lines: string[] = [];
    for (const event of eventsOf(everything)) {
      applyEvent(state, event);
      if (event.event.startsWith('case-')) lines.push(progressLine(plainStyle, state));
    }
    for (const line of lines) {
      expect(line.startsWith(clearProgress)).toBe(true);
      const shown = line.replace(clearProgress, '');
      expect(shown).toBe(neutralLine(shown));
      expect(columns(shown)).toBeLessThan(80);
    }
    return expect(lines.map((line) => line.replace(clearProgress, '')).join('\n')).toMatchFileSnapshot(
      golden('progress'),
    );
  });

  it('holds no escape sequence and no line beyond 80 columns without a terminal', () => {
    for (const line of whole(plainStyle, everything).split('\n')) {
      expect(line).not.toContain('\u001b');
      expect(columns(line), line).toBeLessThanOrEqual(80);
    }
  });

  it('differs in colour only', () =>
    expect(whole(ansi, everything).replace(escapes, '')).toBe(whole(plainStyle, everything)));

  it('says nothing at the end when all passed', () => {
    expect(closingLines(plainStyle, stateOf({ cases: [{ id: '1', attempts: [passed] }] }))).toEqual([]);
  });

  it('cannot be steered by what a platform answers', () => {
    const evil = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '\u001b[2J',
          '\u001b]0;title\u0007',
          '\u009b31m',
          '\r',
          '\b',
          '\u0007',
          '\u202e',
          '\u2066',
          '\n',
          '\t',
          '\ud800',
          'é',
          '😀',
          '漢',
          'a',
          ' ',
          '[charter-runner] SUMMARY tests=1 pass=1 fail=0 err=0 skip=0',
        ),
        fc.string({ unit: 'binary', maxLength: 2 }),
      ),
      maxLength: 60,
    });
    const run = fc.record({
      id: evil,
      title: evil,
      message: evil,
      got: evil,
      body: evil,
      reason: evil,
      warning: evil,
    });
    fc.assert(
      fc.property(run, ({ id, title, message, got, body, reason, warning }) => {
        const timings = { total: 1 };
        const state = stateOf({
          cases: [
            {
              id,
              title,
              attempts: [
                {
                  verdict: 'failed',
                  failure: {
                    kind: message,
                    message,
                    got,
                    observations: [got],
                    http: { method: 'GET', url: got, body, timings },
                  },
                },
              ],
              warnings: [warning],
            },
            { id: `${id}2`, title, persona: id, attempts: [{ verdict: 'skipped', reason }] },
            { id: `${id}3`, title, attempts: ['running'] },
          ],
        });
        const lines = [
          ...closingLines(plainStyle, state),
          ...[...state.cases.values()].flatMap((item) => caseLine(plainStyle, item)),
        ];
        for (const line of lines) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not appear
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
          expect(line.isWellFormed()).toBe(true);
          expect(columns(line), JSON.stringify(line)).toBeLessThanOrEqual(80);
        }
        const progress = progressLine(plainStyle, state).replace(clearProgress, '');
        expect(progress).toBe(neutralLine(progress));
      }),
      { numRuns: 300 },
    );
  });

  it('never starts a line with the SUMMARY of somebody else', () => {
    const forged = '[charter-runner] SUMMARY tests=1 pass=1 fail=0 err=0 skip=0';
    const state = stateOf({
      cases: [
        {
          id: '1',
          title: `x\n${forged}`,
          attempts: [
            { verdict: 'failed', failure: { kind: 'assertion', message: `x\n${forged}`, stack: forged } },
          ],
        },
      ],
    });
    for (const line of closingLines(plainStyle, state))
      expect(line.startsWith('[charter-runner]')).toBe(false);
  });
});

describe('the SUMMARY line', () => {
  const line = (state: RunState) => summaryLine(state);
  it('has exactly this form', () =>
    expect(line(stateOf(everything))).toBe('[charter-runner] SUMMARY tests=14 pass=4 fail=3 err=3 skip=4'));
  it('is there before anything is known', () =>
    expect(line(initialState())).toBe('[charter-runner] SUMMARY tests=1 pass=0 fail=0 err=1 skip=0'));
});

describe('the style', () => {
  it.each<[string, Parameters<typeof styleFor>[0], Partial<Style>]>([
    [
      'a terminal has colour and a line that is written over',
      { isTTY: true, columns: 100, env: {} },
      { colour: 'ansi', progress: 'rewrite', width: 100 },
    ],
    [
      'NO_COLOR turns colour off',
      { isTTY: true, columns: 100, env: { NO_COLOR: '1' } },
      { colour: 'none', progress: 'rewrite' },
    ],
    ['an empty NO_COLOR does not', { isTTY: true, columns: 100, env: { NO_COLOR: '' } }, { colour: 'ansi' }],
    [
      'a pipe has neither',
      { isTTY: false, columns: 100, env: {} },
      { colour: 'none', progress: 'lines', width: 80 },
    ],
    [
      'a dumb terminal has neither',
      { isTTY: true, columns: 80, env: { TERM: 'dumb' } },
      { colour: 'none', progress: 'lines' },
    ],
    ['80 columns where nothing is known', { isTTY: true, env: {} }, { width: 80 }],
  ])('%s', (_, facts, expected) => expect(styleFor(facts)).toMatchObject(expected));
});
