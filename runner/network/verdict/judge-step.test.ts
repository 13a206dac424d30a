// Whole steps from the lines of invented probers: joins, controls, confirmation, and time.
import { describe, expect, test } from 'vitest';
import { historyOf } from './history.ts';
import { type Judgement, judgeStep, type StepCell } from './judge-step.ts';
import { Ledger } from './ledger.ts';
import { Talks } from './talks.ts';
import { type CycleOptions, cellsWith, play, registered, type Script, trio, wallAt } from './testing.ts';

interface Told {
  readonly cells: readonly StepCell[];
  /** One per cycle, 500 ms apart; the step begins at 1,000 after an open cycle. */
  readonly cycles: readonly Script[];
  readonly options?: CycleOptions;
  readonly openBefore?: 'no';
  readonly confirmFrom?: number;
}

function judge({ cells, cycles, options = {}, openBefore, confirmFrom = 1_000 }: Told): Judgement {
  let now = 0;
  const ledger = new Ledger(() => wallAt(now));
  const talks = new Talks();
  const ask = (at: number, since: number, asked: readonly StepCell[]) => {
    now = at;
    return judgeStep(ledger, talks, {
      ...{ cells: asked, registered, generation: 1, since, confirmFrom, now },
    });
  };
  const tell = (seq: number, at: number, script: Script, how: CycleOptions) => {
    now = at + 400;
    play(ledger, seq, at, script, how);
  };
  if (openBefore !== 'no') {
    tell(0, 100, {}, {});
    ask(600, 0, cellsWith([]));
  }
  cycles.forEach((script, index) => {
    tell(index + 1, 1_000 + index * 500, script, options);
  });
  return ask(1_000 + cycles.length * 500, 1_000, cells);
}

const refused = ['r', 'unseen'] as const;
const twice = (script: Script) => [script, script];
const cell = ({ cells }: Judgement, from: string, to: string) =>
  cells.find((one) => one.from === from && one.to === to);

describe('a deny of one pair', () => {
  const denied = { 'x/a>y/a': refused };
  const cells = cellsWith(['x/a>y/a']);

  test('is a proof, because the same client and the same port talk with others', () => {
    const judged = judge({ cells, cycles: [denied, denied] });
    expect(judged.settled).toBe(true);
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'pass', proof: 'control' });
  });

  test('is no proof when the client talks with nobody else, though it may', () => {
    const alone = { ...denied, 'x/a>x/b': ['t', 'unseen'] } as const;
    const judged = judge({ cells, cycles: [alone, alone] });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ problem: 'control-failed' });
    expect(cell(judged, 'x/a', 'x/b')).toMatchObject({ verdict: 'error', problem: 'wrong-signal' });
  });

  test('is not confirmed by one cycle, nor by cycles that began too early', () => {
    expect(judge({ cells, cycles: [denied] }).settled).toBe(false);
    expect(judge({ cells, cycles: [denied, denied], confirmFrom: 1_400 }).settled).toBe(false);
    expect(judge({ cells, cycles: [denied, denied, denied], confirmFrom: 1_400 }).settled).toBe(true);
  });

  test('is given away by the server when the packet arrived', () => {
    const arrived = { 'x/a>y/a': ['r', 'seen'] } as const;
    expect(cell(judge({ cells, cycles: [arrived, arrived] }), 'x/a', 'y/a')).toMatchObject({
      problem: 'one-way',
    });
  });
});

describe('a talk that should come about and does not', () => {
  const timedOut = ['t', 'unseen'] as const;
  const seen = (cycles: readonly Script[], signal?: 'timeout') =>
    cell(judge({ cells: cellsWith([], signal), cycles }), 'x/a', 'y/a');
  const blocked = { verdict: 'fail', problem: 'blocked' };

  test.each<[string, readonly Script[], 'timeout'?]>([
    ['refused', [{ 'x/a>y/a': refused }, { 'x/a>y/a': refused }]],
    ['refused once, for refusals are rationed', [{ 'x/a>y/a': refused }, ...twice({ 'x/a>y/a': timedOut })]],
    ['swallowed by one that drops', twice({ 'x/a>y/a': timedOut }), 'timeout'],
    [
      'kept from a client that itself is reached by others, as where that server is all it may ask',
      twice({ 'x/a>y/a': refused, 'x/a>x/b': refused }),
    ],
    ['kept from a server that itself reaches others', twice({ 'x/a>y/a': refused, 'x/b>y/a': refused })],
  ])('is the fault of an engine when it is %s', (_, cycles, signal) => {
    expect(seen(cycles, signal)).toMatchObject(blocked);
  });

  test('is not when it times out and this engine rejects', () => {
    expect(seen(twice({ 'x/a>y/a': timedOut }))).toMatchObject({ verdict: 'error', problem: 'wrong-signal' });
  });

  test.each(['x/a', 'y/a'])('is not when %s talks with nobody: its network may be gone', (lost) => {
    const others = trio.filter((id) => id !== lost);
    const gone = Object.fromEntries(
      others.flatMap((id) => [`${id}>${lost}`, `${lost}>${id}`].map((pair) => [pair, timedOut])),
    );
    expect(seen(twice(gone), 'timeout')).toMatchObject({ verdict: 'error', problem: 'control-failed' });
  });

  test('waits for a refusal, which would tell what it is, and is told of a control peer too', () => {
    const cells = cellsWith([]).map((one) => ({ ...one, isEvidence: one.from === 'x/a' }));
    const judged = judge({ cells, cycles: twice({ 'x/a>y/a': timedOut }) });
    expect(judged.lacksOnlyRefusals).toBe(true);
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'error' });
  });
});

describe('a total deny', () => {
  const cells = cellsWith(['x/a>y/a', 'x/b>y/a']);
  const denied = { 'x/a>y/a': refused, 'x/b>y/a': refused };

  test('rests on open before, and says so', () => {
    const judged = judge({ cells, cycles: [denied, denied] });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'pass', proof: 'open-before' });
  });

  test('is nothing when it never was open', () => {
    const judged = judge({ cells, cycles: [denied, denied], openBefore: 'no' });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'error', problem: 'never-open' });
  });

  test('of a dead server is no deny', () => {
    const judged = judge({ cells, cycles: [denied, denied], options: { dead: ['y/a'] } });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ problem: 'dead-peer' });
  });
});

describe('timeouts on an engine that rejects', () => {
  const cells = cellsWith(['x/a>y/a', 'x/b>y/a']);

  const thinned = { 'x/a>y/a': ['t', 'unseen'], 'x/b>y/a': refused } as const;

  test('count while the same Pod refuses others, and others the same client: the kernel sends few ICMP errors', () => {
    const more = { ...thinned, 'x/a>x/b': refused } as const;
    const judged = judge({ cells: cellsWith(['x/a>y/a', 'x/b>y/a', 'x/a>x/b']), cycles: [more, more] });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'pass' });
  });

  test('are a wrong signal of a client whom nobody refuses: something swallows its packets', () => {
    const judged = judge({ cells, cycles: [thinned, thinned] });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'error', problem: 'wrong-signal' });
    expect(cell(judged, 'x/b', 'y/a')).toMatchObject({ verdict: 'pass' });
    expect(judged.lacksOnlyRefusals).toBe(true);
  });

  test('are a wrong signal when it refuses nobody', () => {
    const dropped = { 'x/a>y/a': ['t', 'unseen'], 'x/b>y/a': ['t', 'unseen'] } as const;
    const judged = judge({ cells, cycles: [dropped, dropped] });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ problem: 'wrong-signal' });
    expect(judged.lacksOnlyRefusals).toBe(true);
    const more = judge({ cells, cycles: [dropped, dropped], options: { silent: ['x/b'] } });
    expect(more.lacksOnlyRefusals).toBe(false);
  });

  test('and a refusal on one that drops is a wrong signal', () => {
    const rejected = { 'x/a>y/a': refused, 'x/b>y/a': ['t', 'unseen'] } as const;
    const judged = judge({
      cells: cellsWith(['x/a>y/a', 'x/b>y/a'], 'timeout'),
      cycles: [rejected, rejected],
    });
    expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ problem: 'wrong-signal' });
  });
});

test('a control peer that is denied by timeouts alone is no cell: nothing hangs on it', () => {
  const cells = cellsWith(['x/a>y/a']).map((one) => ({ ...one, isEvidence: one.from === 'x/a' }));
  const dropped = { 'x/a>y/a': ['t', 'unseen'] } as const;
  const judged = judge({ cells, cycles: [dropped, dropped] });
  expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'not-judged' });
  expect(judged.settled).toBe(true);
  const talks = judge({ cells, cycles: [{}, {}] });
  expect(cell(talks, 'x/a', 'y/a')).toMatchObject({ verdict: 'fail', problem: 'not-enforced' });
});

test('a Pod that is not heard any more is an error in every cell it is part of', () => {
  const cycles = Array.from({ length: 9 }, () => ({}));
  const judged = judge({ cells: cellsWith([]), cycles, options: { silent: ['y/a'] } });
  expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'error', problem: 'silent-prober' });
  expect(cell(judged, 'y/a', 'x/a')).toMatchObject({ verdict: 'error', problem: 'silent-prober' });
  expect(cell(judged, 'x/a', 'x/b')).toMatchObject({ verdict: 'pass' });
});

test('a clock that is half a minute ahead is an error, not a late talk', () => {
  const judged = judge({ cells: cellsWith([]), cycles: [{}, {}], options: { ahead: { 'x/b': 30_000 } } });
  expect(cell(judged, 'x/b', 'x/a')).toMatchObject({ problem: 'skewed-clock' });
  expect(cell(judged, 'x/a', 'x/b')).toMatchObject({ problem: 'skewed-clock' });
  expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'pass' });
});

test('another Pod under the name of one that was declared is a stale address, asking and asked', () => {
  const cells = cellsWith(['x/a>y/a']);
  const denied = { 'x/a>y/a': refused };
  const judged = judge({ cells, cycles: [denied, denied], options: { uids: { 'y/a': 'another' } } });
  expect(cell(judged, 'x/a', 'y/a')).toMatchObject({ verdict: 'error', problem: 'stale-address' });
  expect(cell(judged, 'y/a', 'x/a')).toMatchObject({ verdict: 'error', problem: 'stale-address' });
  expect(cell(judged, 'x/a', 'x/b')).toMatchObject({ verdict: 'pass' });
});

test('latency is the begin of the first cycle from which on all was right; what comes after is a transient', () => {
  const denied = { 'x/a>y/a': refused };
  const judged = judge({ cells: cellsWith(['x/a>y/a']), cycles: [{}, denied, {}, denied, denied] });
  const one = cell(judged, 'x/a', 'y/a');
  if (one === undefined) throw new Error('the cell is not there');
  expect(historyOf(one, 1_000, 'changes')).toEqual({ latencyMs: 1_500, transients: 1 });
  expect(historyOf(one, 1_000, 'stays')).toEqual({ latencyMs: 1_500, transients: 2 });
});
