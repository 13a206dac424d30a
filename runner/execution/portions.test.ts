// A run of very many cases is the same run portion by portion: every case once, whatever dies in one of them.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Ended, readLeftBehind, runCharter } from '../../fixtures/testing/index.ts';
import { decidingAttempt, isFlaky, type RunState, readJournal, verdictOf } from '../journal/index.ts';
import { casesOfPortion, Portions } from './portions.ts';
import type { CollectedCase } from './protocol.ts';

describe('portions', () => {
  const files = ['a', 'b', 'c', 'd'];
  const portions = new Portions(files, '', 2);
  const cases = (...keys: string[]) => keys.map((key) => ({ key }) as CollectedCase);

  test('are the files up to the one that fills the worker, and know the keys before them', () => {
    const first = portions.rest();
    expect(first).toEqual({ files, most: 2, taken: [] });
    portions.add(first, { cases: cases('x', 'y', 'z#9'), left: ['b', 'c', 'd'] });
    const second = portions.rest();
    expect(second).toEqual({ files: ['b', 'c', 'd'], most: 2, taken: ['x', 'y', 'z#9'] });
    portions.add(second, { cases: cases('x#2', 'w', 'w#2', 'y#7'), left: ['d'] });
    portions.add(portions.rest(), { cases: cases('x#3', 'q'), left: [] });
    expect([portions.rest().files, portions.known]).toEqual([[], 3]);
  });

  test('are the files and keys that one worker holds', () => {
    const beside = (key: string) => ['x', 'y', 'z#9', 'w'].filter((one) => portions.beside(key).has(one));
    expect([beside('y'), beside('w')]).toEqual([['x', 'y', 'z#9'], ['w']]);
    expect([portions.of('y').files, portions.of('w#2').files, portions.of('q').files]).toEqual([
      ...[['a'], ['b', 'c'], ['d']],
    ]);
    expect([portions.beside('gone').has('gone'), portions.of('gone').files]).toEqual([true, []]);
  });

  test('know of the keys before them those that gave theirs a number', () => {
    const taken = ['y', 'w', 'q'].map((key) => portions.of(key).taken);
    expect(taken).toEqual([[], ['x', 'y'], ['x', 'x#2']]);
  });
});

describe('a run of more cases than one worker holds', () => {
  const out = mkdtempSync(join(tmpdir(), 'charter-portions-'));
  const where = ['--config', join(out, 'charter.yaml'), '--suites', join(out, 'suites')];
  const env = { CHARTER_EMBEDDED: 'true', CHARTER_TEST_MARKS: out };
  let ended: Ended;
  let state: RunState;

  /** Both files declare plain tests of the same names. */
  const numbered = `
    import { expect, test } from 'vitest';
    for (let n = 0; n < ${casesOfPortion}; n++) test(String(n), () => expect(n).toBe(n));`;

  beforeAll(async () => {
    const sample = readFileSync(
      resolve(import.meta.dirname, '../../fixtures/campaigns/charter.yaml'),
      'utf8',
    );
    writeFileSync(
      join(out, 'charter.yaml'),
      sample.replace('retry: 0', 'retry: 1').replace(/^budgets.*$/m, ''),
    );
    mkdirSync(join(out, 'suites/many'), { recursive: true });
    campaign('a', numbered);
    campaign(
      'b',
      `${numbered}
    import { existsSync, writeFileSync } from 'node:fs';
    const mark = process.env.CHARTER_TEST_MARKS + '/second-time';
    test('kills', () => void process.kill(process.pid, 'SIGKILL'));
    test('fails once', () => {
      const before = existsSync(mark);
      writeFileSync(mark, '');
      expect(before).toBe(true);
    });`,
    );
    campaign('c', `process.kill(process.pid, 'SIGKILL');`);
    // Dies after its import, so that nobody can tell whose fault it is.
    campaign(
      'd',
      `import { describe } from 'vitest';
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
    describe('late', () => new Promise((resolve) => setTimeout(resolve, 2_000)));`,
    );
    ended = await runCharter(['run', ...where, '--out', out], { env });
    state = readLeftBehind(out).state;
  }, 120_000);

  function campaign(name: string, text: string): void {
    writeFileSync(join(out, 'suites/many', `${name}.campaign.ts`), text);
  }

  test('runs every case, also of the files after the first portion, under a name of its own', () => {
    const numbers = Array.from({ length: casesOfPortion }, (_, n) => String(n));
    const expected = ['', '#2'].flatMap((copy) => numbers.map((n) => `many/${n}${copy}`));
    const passed = [...state.cases.values()].filter((item) => verdictOf(item) === 'passed');
    const keys = passed.map(({ planned }) => planned.key);
    expect(keys).toEqual([...expected, 'many/fails once']);
    expect(new Set(passed.map(({ attempts }) => attempts.length))).toEqual(new Set([1, 2]));
  });

  test('tells what died in one of them and of no other, and retries what failed there', () => {
    const red = [...state.cases.values()].filter((item) => verdictOf(item) !== 'passed');
    const told = red.map((item) => [item.planned.key, decidingAttempt(item)?.outcome?.failure?.kind]);
    expect(told).toEqual([
      ['many/kills', 'crash'],
      ['file/many/c.campaign.ts', 'crash'],
      ['file/many/d.campaign.ts', 'crash'],
    ]);
    const flaky = [...state.cases.values()].filter(isFlaky).map(({ planned }) => planned.key);
    expect(flaky).toEqual(['many/fails once']);
    expect(ended.code).toBe(4);
  });

  test('is planned whole before its first case starts', () => {
    const events = [...readJournal(readLeftBehind(out).journal).events].map(({ event }) => event);
    expect(events.slice(0, 7)).toEqual([
      ...['run-started', 'planned', 'planned', 'case-ended', 'planned', 'case-ended', 'case-started'],
    ]);
  });
});
