// Real probers on loopback, each but two with a defect of its own: whatever is expected of a cell that has a broken Pod at one end,
// the defect gets its name and nothing passes. Between the healthy Pods nothing is spoilt.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../probe/faults.ts';
import { type LocalProbers, startLocally } from '../probe/testing.ts';
import type { Plan, PlannedPort } from '../probe/wire.ts';
import { type JudgedCell, judgeStep, type StepCell } from './judge-step.ts';
import { Ledger } from './ledger.ts';
import { Talks } from './talks.ts';
import type { Problem } from './types.ts';

type Concerned = 'asks' | 'is asked' | 'is asked by TCP' | 'is asked by UDP';

interface Row {
  readonly fault: Fault | 'moved';
  readonly problem: Problem;
  /** In which cells, of those between it and a healthy Pod. */
  readonly where: readonly Concerned[];
}

const rows: readonly Row[] = [
  { fault: 'broken-client', problem: 'broken-client', where: ['asks'] },
  { fault: 'dead-server', problem: 'dead-peer', where: ['is asked'] },
  { fault: 'wrong-port', problem: 'dead-peer', where: ['is asked by TCP'] },
  { fault: 'one-way-udp', problem: 'one-way', where: ['is asked by UDP'] },
  { fault: 'clock-offset', problem: 'skewed-clock', where: ['asks', 'is asked'] },
  { fault: 'wrong-nonce', problem: 'wrong-nonce', where: ['is asked'] },
  { fault: 'wrong-identity', problem: 'wrong-identity', where: ['is asked'] },
  { fault: 'blind-server', problem: 'unseen', where: ['is asked'] },
  { fault: 'falls-silent', problem: 'silent-prober', where: ['asks', 'is asked'] },
  // Its address in the plan is a healthy Pod's, as when it has died and another one has got it.
  { fault: 'moved', problem: 'wrong-identity', where: ['is asked'] },
];

const healthy = ['ok/a', 'ok/b'];
const idOf = ({ fault }: Row) => `x/${fault}`;
const ids = [...healthy, ...rows.map(idOf)];
const ports: readonly PlannedPort[] = [
  { port: 18_080, protocol: 'TCP' },
  { port: 18_080, protocol: 'UDP' },
];
const expectations = ['allowed', 'denied'] as const;
type Expected = (typeof expectations)[number];

const pairs = (expected: Expected): readonly StepCell[] =>
  ids.flatMap((from) =>
    ids.flatMap((to, target) =>
      ports.flatMap(({ port, protocol }, servedAs): StepCell[] => {
        const bothHealthy = healthy.includes(from) && healthy.includes(to);
        const oneHealthy = healthy.includes(from) !== healthy.includes(to);
        if (!bothHealthy && !oneHealthy) return [];
        const isDenied = oneHealthy && expected === 'denied';
        const cell = { from, to, port, protocol, servedAs, index: target * ports.length + servedAs };
        return [
          {
            ...cell,
            expected: isDenied ? 'denied' : 'allowed',
            denials: isDenied ? [{ pod: to, direction: 'ingress', protocol, signal: 'refused' }] : [],
          },
        ];
      }),
    ),
  );

const ledger = new Ledger();
const talks = new Talks();
let running: LocalProbers;

function judge(expected: Expected): readonly JudgedCell[] {
  const registered = new Map(running.pods.map((pod) => [pod.id, pod]));
  const now = performance.now();
  const question = { cells: pairs(expected), registered, generation: 1, since: 0, confirmFrom: 0, now };
  return judgeStep(ledger, talks, question).cells;
}

function concerned(row: Row, cells: readonly JudgedCell[]): readonly JudgedCell[] {
  const id = idOf(row);
  return cells.filter(
    ({ from, to, protocol }) =>
      (row.where.includes('asks') && from === id) ||
      (to === id && (row.where.includes('is asked') || row.where.includes(`is asked by ${protocol}`))),
  );
}

const between = (cells: readonly JudgedCell[]) =>
  cells.filter(({ from, to }) => healthy.includes(from) && healthy.includes(to));
const problems = (cells: readonly JudgedCell[]) => [
  ...new Set(cells.map(({ problem }) => problem ?? 'none')),
];
const isNamed = (cells: readonly JudgedCell[]) =>
  between(cells).every(({ verdict }) => verdict === 'pass') &&
  rows.every((row) => concerned(row, cells).every(({ problem }) => problem === row.problem));

/** Judged once everything has its name, or as it was when a busy machine should have had time enough. */
const judged = new Map<Expected, readonly JudgedCell[]>();

beforeAll(async () => {
  const faults = Object.fromEntries(
    rows.flatMap((row) => (row.fault === 'moved' ? [] : [[idOf(row), row.fault]])),
  );
  running = startLocally({ ids, ports, faults, onRecord: (one) => ledger.take(one, performance.now()) });
  running.plan(1, (plan: Plan) => ({
    ...plan,
    peers: plan.peers.map((peer) =>
      peer.id === 'x/moved' ? { ...peer, address: plan.peers[0]?.address ?? '' } : peer,
    ),
  }));
  const end = performance.now() + 90_000;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (const expected of expectations) judged.set(expected, judge(expected));
      if (performance.now() < end && ![...judged.values()].every(isNamed)) return;
      clearInterval(timer);
      resolve();
    }, 200);
  });
  // A machine that is busy with fifty other processes takes a minute to start these; a quiet one is done after seven seconds.
}, 110_000);
afterAll(() => running.stop());

describe.each(expectations)('where %s is expected', (expected) => {
  const cells = () => judged.get(expected) ?? [];

  test.each(rows.map((row) => [row.fault, row.problem, row] as const))('%s is %s', (_, problem, row) => {
    expect(problems(concerned(row, cells()))).toEqual([problem]);
  });

  test('cells between healthy Pods pass, on every port, also of a Pod with itself', () => {
    expect(between(cells())).toHaveLength(8);
    expect(problems(between(cells()))).toEqual(['none']);
  });
});

test('a deny that nobody enforces fails', () => {
  const asking = (judged.get('denied') ?? []).filter(
    ({ from, to }) => ['x/wrong-port', 'x/dead-server'].includes(from) && healthy.includes(to),
  );
  expect(asking).toHaveLength(8);
  expect(problems(asking)).toEqual(['not-enforced']);
});
