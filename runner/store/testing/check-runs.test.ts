// The judge of the nemesis test is no yes-man: each way in which a run may lie about its end is seen.
import { expect, test } from 'vitest';
import { fold, type JournalEvent, type Outcome } from '../../journal/index.ts';
import { wrongEnd } from './check-runs.ts';

const at = '2026-01-01T00:00:00.000Z';

/** A run of one case; without `exitCode` its journal has no end. */
function told(verdict: Outcome['verdict'], exitCode?: number) {
  const events: JournalEvent[] = [
    { event: 'run-started', at, run: 'r', host: 'h', environment: 'e', properties: {} },
    { event: 'case-ended', at, key: 'C/1', attempt: 1, durationMs: 1, outcome: { verdict } },
  ];
  if (exitCode !== undefined) events.push({ event: 'run-ended', at, exitCode, reason: 'completed' });
  return fold(events);
}

const exited = (code: number, stdout: string) => ({ code, signal: null, stdout });
const green = '✓ C/1\n[charter-runner] SUMMARY tests=1 pass=1 fail=0 err=0 skip=0\n';
const red = '✗ C/1\n[charter-runner] SUMMARY tests=1 pass=0 fail=1 err=0 skip=0\n';

test('honest ends', () => {
  expect(wrongEnd(exited(0, green), told('passed', 0), 'fine')).toEqual([]);
  expect(wrongEnd(exited(1, red), told('failed', 1), 'fine')).toEqual([]);
  expect(wrongEnd(exited(0, green), told('passed', 0), 'full')).toEqual([]);
  expect(wrongEnd(exited(5, red), told('passed', 5), 'full')).toEqual([]);
  expect(wrongEnd(exited(5, red), told('passed'), 'full')).toEqual([]);
});

const lies: Readonly<Record<string, readonly [...Parameters<typeof wrongEnd>, string]>> = {
  'no SUMMARY, as Node ends for an error that nobody caught': [
    exited(1, '✗ C/1\n'),
    told('failed', 1),
    'fine',
    'its last line is no SUMMARY: ✗ C/1',
  ],
  'more after SUMMARY': [exited(0, `${green}bye\n`), told('passed', 0), 'fine', 'is no SUMMARY: bye'],
  'SUMMARY of another count': [exited(0, red), told('passed', 0), 'fine', 'pass=0 fail=1'],
  'no end in the journal': [exited(0, green), told('passed'), 'fine', 'its journal says nothing'],
  'green, with a red case': [exited(0, red), told('failed', 0), 'fine', 'its cases ask for 1'],
  'a red end of cases that passed': [exited(1, green), told('passed', 0), 'fine', 'its journal says 0'],
  'ended by a signal that nobody sent': [
    { code: null, signal: 'SIGSEGV' as const, stdout: green },
    told('passed', 0),
    'fine',
    'it was ended by SIGSEGV',
  ],
  '5 on a disk with room': [exited(5, green), told('passed', 0), 'fine', 'its journal says 0'],
  '5, and the journal says green': [
    exited(5, green),
    told('passed', 0),
    'full',
    'it ended with 5, its journal says 0',
  ],
  '5 without SUMMARY': [exited(5, ''), told('passed', 5), 'full', 'is no SUMMARY'],
};

test.for(Object.entries(lies))('a lie: %s', ([, [ended, state, disk, seen]]) => {
  expect(wrongEnd(ended, state, disk).join('\n')).toContain(seen);
});
