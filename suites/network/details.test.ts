import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Details, detailLine } from './details.ts';
import type { Stepped, SteppedCell } from './settings.ts';

const cell = (more: Partial<SteppedCell>): SteppedCell => ({
  ...{ from: 'x/a', to: 'x/b', port: 80, protocol: 'TCP', expected: 'denied', observed: 'denied' },
  ...{ verdict: 'pass', transients: 0 },
  ...more,
});
const stepped = (...cells: readonly SteppedCell[]): Stepped => ({
  ...{ verdict: 'pass', cells, problems: [], latency: undefined, standIns: 0, writes: [] },
  ...{ durationMs: 2_000, text: '' },
});
const took = (...ms: readonly number[]) => stepped(...ms.map((latencyMs) => cell({ latencyMs })));

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'charter-details-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'run.network.ndjson');
}

test('a line tells each changed pair, and what was seen in cells that nobody judges', () => {
  const open = { to: 'api', port: 6443, expected: 'implementation-defined', verdict: 'not-judged' } as const;
  const line = detailLine(
    'r1',
    'deny.1',
    stepped(
      cell({ latencyMs: 300, transients: 1 }),
      cell({ to: 'x/c' }),
      cell({ ...open, observed: 'allowed' }),
      cell({ ...open, from: 'x/b', observed: undefined }),
    ),
  );
  expect(line).toMatchObject({ run: 'r1', step: 'deny.1', judged: 2, transients: 1 });
  expect(line.pairs).toEqual([['x/a', 'x/b', '80/TCP', 300]]);
  expect(line.notJudged).toEqual([
    ['x/a', 'api', '6443/TCP', 'implementation-defined', 'allowed'],
    ['x/b', 'api', '6443/TCP', 'implementation-defined', 'nothing'],
  ]);
});

test('what pairs took is that of all steps so far; one that is tried again counts once', () => {
  const details = new Details(undefined);
  details.add('deny.1', took());
  expect(details.milliseconds).toEqual([]);
  details.add('deny.1', took(100, 9_000));
  details.add('deny.2', took(300, 400));
  details.add('deny.1', took(100, 200));
  expect(details.milliseconds).toEqual([100, 200, 300, 400]);
});

test('the next worker of the run knows what the one before has seen, and nothing of other runs', () => {
  const file = freshFile();
  const before = new Details({ file, run: 'r1' });
  before.add('deny.1', took(100));
  before.add('deny.2', took(9_000));
  new Details({ file, run: 'r0' }).add('deny.3', took(5_000));
  appendFileSync(file, '{"run":"r1","step":"deny.4","pairs":[["x/a","x/b"');
  appendFileSync(file, '\n');
  const after = new Details({ file, run: 'r1' });
  after.add('deny.2', took(200));
  expect(after.milliseconds).toEqual([100, 200]);
  expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toHaveLength(5);
});

test('where the file cannot be written that is told, and the step counts', () => {
  const details = new Details({ file: join(freshFile(), 'absent'), run: 'r1' });
  expect(() => details.add('deny.1', took(100))).toThrow('ENOENT');
  expect(details.milliseconds).toEqual([100]);
});
