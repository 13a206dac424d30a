// What each case costs in the journal and in the report, beside writing the same bytes without either.
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyEvent, initialState, type JournalEvent, openJournal } from '../runner/journal/index.ts';
import { JunitRenderer, LiveReport } from '../runner/report/index.ts';
import { best, ratio, table } from './measure.ts';

const at = '2026-01-01T00:00:00.000Z';
const count = 1_000;

function events(): JournalEvent[] {
  const keys = Array.from({ length: count }, (_, i) => `C/${i}`);
  const cases = keys.map((key, i) => ({
    key,
    campaign: 'C',
    id: String(i),
    title: 'a case',
    file: 'c.ts',
    tags: [],
    targets: [],
  }));
  const list: JournalEvent[] = [{ event: 'planned', at, cases }];
  for (const key of keys) {
    list.push({ event: 'case-started', at, key, attempt: 1 });
    list.push({ event: 'case-ended', at, key, attempt: 1, durationMs: 1, outcome: { verdict: 'passed' } });
  }
  return list;
}

export function benchReport(): void {
  const folder = mkdtempSync(join(tmpdir(), 'charter-bench-'));
  const all = events();
  const lines = all.map((event) => `${JSON.stringify(event)}\n`);
  const perCase = (ms: number) => `${((ms / count) * 1_000).toFixed(1)} us`;

  const bare = best(5, () => {
    const fd = openSync(join(folder, 'bare'), 'w');
    for (const line of lines) writeSync(fd, line);
    closeSync(fd);
  });
  const journal = best(5, () => {
    const opened = openJournal(join(folder, 'journal.jsonl'));
    for (const event of all) opened.append(event);
    opened.close();
    rmSync(opened.path);
  });
  const render = best(3, () => {
    const renderer = new JunitRenderer();
    const state = initialState();
    for (const event of all) {
      applyEvent(state, event);
      for (const _piece of renderer.render(state));
    }
  });
  const live = best(1, () => {
    const report = new LiveReport(join(folder, 'live.xml'));
    const state = initialState();
    for (const event of all) report.update(applyEvent(state, event));
    report.finish(state);
  });
  appendFileSync(join(folder, 'bare'), '');
  table(
    `journal and report, per case of ${count}`,
    ['what', 'per case', 'beside', 'per case', 'ratio'],
    [
      ['journal', perCase(journal), 'bare writes', perCase(bare), ratio(journal, bare)],
      [
        'JUnit rendered anew after each event',
        perCase(render),
        'bare writes',
        perCase(bare),
        ratio(render, bare),
      ],
      [
        'JUnit replaced after each event',
        perCase(live),
        'rendering alone',
        perCase(render),
        ratio(live, render),
      ],
    ],
  );
  rmSync(folder, { recursive: true, force: true });
}
