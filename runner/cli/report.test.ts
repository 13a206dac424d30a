// `charter report` as people call it: same outputs and exit code as the run, from nothing but the journal.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold, type JournalEvent, openJournal, type Verdict } from '../journal/index.ts';
import { junit, summaryLine } from '../report/index.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-report-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 1, 0, second)).toISOString();
const command = `
  const { reportCommand } = await import(${JSON.stringify(new URL('./report.ts', import.meta.url).href)});
  await reportCommand().parseAsync(process.argv.slice(1), { from: 'user' });
`;

interface Run {
  readonly verdicts: readonly Verdict[];
  readonly production?: true;
  readonly end?: 'completed' | 'none';
  readonly from?: number;
}

function eventsOf({ verdicts, production, end = 'completed', from = 0 }: Run): JournalEvent[] {
  const cases = verdicts.map((_, index) => {
    const id = `10.${from + index}`;
    return {
      key: `C-10/${id}`,
      campaign: 'C-10',
      id,
      title: 'a promise',
      file: 'c10.ts',
      tags: [],
      targets: [],
    };
  });
  return [
    {
      event: 'run-started',
      at: at(0),
      run: 'r',
      host: 'pod',
      environment: 'stage',
      properties: production ? { production: 'true' } : {},
    },
    { event: 'planned', at: at(0), cases },
    ...verdicts.map(
      (verdict, index): JournalEvent => ({
        event: 'case-ended',
        at: at(index + 1),
        key: cases[index]?.key ?? '',
        attempt: 1,
        durationMs: 5,
        outcome: { verdict },
      }),
    ),
    ...(end === 'none' ? [] : [{ event: 'run-ended', at: at(9), exitCode: 0, reason: end } as const]),
  ];
}

function journalOf(run: Run): string {
  count += 1;
  const path = join(folder, `${count}`, 'charter-pod-1.jsonl');
  const journal = openJournal(path);
  for (const event of eventsOf(run)) journal.append(event);
  journal.close();
  return path;
}

function report(...args: string[]): { code: number | null; lines: string[]; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', command, ...args],
    { encoding: 'utf8' },
  );
  return { code: status, lines: stdout.trimEnd().split('\n'), stderr };
}

describe('charter report', () => {
  it('rebuilds every file beside the journal and ends with SUMMARY', () => {
    const run: Run = { verdicts: ['passed', 'failed'] };
    const path = journalOf(run);
    const { code, lines, stderr } = report(path);
    const state = fold(eventsOf(run));
    expect([code, stderr]).toEqual([1, '']);
    expect(lines.at(-1)).toBe(summaryLine(state));
    expect(lines[0]).toBe('FAIL C-10 10.1 a promise (5 ms)');
    expect(readdirSync(join(path, '..')).toSorted()).toEqual([
      'charter-pod-1.ctrf.json',
      'charter-pod-1.jsonl',
      'charter-pod-1.xml',
    ]);
    expect(readFileSync(path.replace('.jsonl', '.xml'), 'utf8')).toBe(junit(state));
  });

  it('writes to another folder, and only what is asked for', () => {
    const out = join(folder, 'elsewhere');
    expect(report(journalOf({ verdicts: ['passed'] }), '--out', out, '--format', 'ctrf').code).toBe(0);
    expect(readdirSync(out)).toEqual(['charter-pod-1.ctrf.json']);
  });

  it('prints nothing but SUMMARY when that is asked for', () => {
    const path = journalOf({ verdicts: ['failed'] });
    expect(report(path, '--format', 'summary').lines).toEqual([
      '[charter-runner] SUMMARY tests=1 pass=0 fail=1 err=0 skip=0',
    ]);
    expect(existsSync(path.replace('.jsonl', '.xml'))).toBe(false);
  });

  it.each<[string, Run, number]>([
    ['all passed', { verdicts: ['passed'] }, 0],
    ['errors', { verdicts: ['passed', 'error'] }, 4],
    ['only skips', { verdicts: ['skipped'] }, 3],
    ['an unplanned skip', { verdicts: ['passed', 'skipped'] }, 0],
    [
      'an unplanned skip in production, as the journal knows',
      { verdicts: ['passed', 'skipped'], production: true },
      3,
    ],
    ['a run without an end', { verdicts: ['passed'], end: 'none' }, 7],
  ])('ends as the run did: %s', (_, run, expected) =>
    expect(report(journalOf(run), '--format', 'summary').code).toBe(expected),
  );

  it('says how many lines could not be read', () => {
    const path = journalOf({ verdicts: ['passed'] });
    appendFileSync(path, '{"event":"case-en');
    expect(report(path).lines).toContain('journal: 1 line could not be read and was left out');
  });

  it('merges shards into one report, and a dead shard makes it 7', () => {
    const first = journalOf({ verdicts: ['passed', 'passed'] });
    const second = journalOf({ verdicts: ['failed'], from: 2 });
    const out = join(folder, 'merged');
    const merged = report('merge', first, second, '--out', out);
    expect(merged.lines.at(-1)).toBe('[charter-runner] SUMMARY tests=3 pass=2 fail=1 err=0 skip=0');
    expect([merged.code, readdirSync(out).toSorted()]).toEqual([
      1,
      ['charter-merged.ctrf.json', 'charter-merged.xml'],
    ]);
    const dead = journalOf({ verdicts: ['passed'], from: 3, end: 'none' });
    expect(report('merge', first, dead, '--out', out, '--format', 'summary').code).toBe(7);
  });

  it('ends with 5 when it cannot write, and still with SUMMARY', () => {
    const path = journalOf({ verdicts: ['passed'] });
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const { code, lines, stderr } = report(path, '--out', blocked);
    expect([code, lines.at(-1)]).toEqual([5, '[charter-runner] SUMMARY tests=1 pass=1 fail=0 err=0 skip=0']);
    expect(stderr).toContain('CHR_REPORT_UNWRITABLE');
  });
});
