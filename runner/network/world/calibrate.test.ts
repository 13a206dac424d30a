// What is learned of an engine: by node, by direction, by protocol, and not before a ration of refusals could be seen through.
import { expect, test } from 'vitest';
import type { JudgedCell, Outcome } from '../verdict/index.ts';
import { calibrationOf, lessonsOf } from './calibrate.ts';
import type { RunningPod } from './expectation.ts';

type Told = Partial<Pick<JudgedCell, 'protocol' | 'verdict' | 'problem'>>;

/** x/a asks the control peer of a node. */
function denied(control: string, outcome: Outcome, told: Told = {}): JudgedCell {
  const place = { from: 'x/a', to: control, port: 80, protocol: 'TCP' as const, servedAs: 0, index: 0 };
  const seen = { start: 0, end: 1, outcome, saw: 'no' as const };
  return {
    ...{ ...place, expected: 'denied', verdict: 'pass', observed: 'denied', denials: [], signals: [] },
    ...{ observations: [seen, seen] },
    ...told,
  };
}
const udp = { protocol: 'UDP' as const };
const pods = ['control/0', 'control/1'].map((id, index): RunningPod => {
  const info = { namespace: 'control', name: id, labels: {}, ips: [], ports: [], node: `n${index}` };
  return { id, uid: id, address: '', info, ports: [] };
});
const learned = (...cells: readonly JudgedCell[]) =>
  calibrationOf([{ direction: 'ingress', cells }], pods, 700);

test('each node is learned for each protocol', () => {
  const { signals, deny } = learned(
    denied('control/0', 'refused'),
    denied('control/0', 'timeout', udp),
    denied('control/1', 'reset'),
    denied('control/1', 'timeout', udp),
  );
  expect(deny).toBe('enforced');
  expect(signals).toEqual({
    ...{ 'n0 ingress TCP': 'refused', 'n0 ingress UDP': 'timeout' },
    ...{ 'n1 ingress TCP': 'reset', 'n1 ingress UDP': 'timeout' },
  });
});

test('a protocol that is not denied is not enforced, though the other one is', () => {
  const talks = { ...udp, verdict: 'fail', problem: 'not-enforced' } as const;
  const { deny, problems, signals } = learned(
    denied('control/0', 'refused'),
    denied('control/0', 'ok', talks),
  );
  expect(deny).toBe('not-enforced');
  expect(problems).toEqual(['n0 ingress UDP: not-enforced: x/a -> control/0 80 talked']);
  expect(signals).toEqual({ 'n0 ingress TCP': 'refused' });
});

test('a place that was seen to let through accuses, whatever could not be seen elsewhere', () => {
  const talks = { verdict: 'fail', problem: 'not-enforced' } as const;
  const silent = { verdict: 'error', problem: 'silent-prober' } as const;
  const ends = (...cells: readonly JudgedCell[]) => learned(...cells).deny;
  const [leaks, unseen] = [denied('control/0', 'ok', talks), denied('control/1', 'timeout', silent)];
  expect([ends(leaks, unseen), ends(unseen, leaks), ends(unseen)]).toEqual([
    'not-enforced',
    'not-enforced',
    'not-seen',
  ]);
});

test('one rejection among timeouts is the sign', () => {
  expect(learned(denied('control/0', 'timeout'), denied('control/0', 'refused')).signals).toEqual({
    'n0 ingress TCP': 'refused',
  });
});

test('where one place rejects and another only times out, one looks on until the ration has let it be seen', async () => {
  const looks = [
    [denied('control/0', 'refused'), denied('control/0', 'timeout', udp)],
    [denied('control/0', 'timeout'), denied('control/0', 'timeout', udp)],
    [denied('control/0', 'timeout'), denied('control/0', 'refused', udp)],
  ];
  const lessons = await lessonsOf('ingress', pods, async () => looks.shift() ?? []);
  expect(looks).toEqual([]);
  expect(calibrationOf(lessons, pods, 0).signals).toEqual({
    ...{ 'n0 ingress TCP': 'refused', 'n0 ingress UDP': 'refused' },
  });
});

test('an engine that rejects one protocol and drops the other is believed after ten looks', async () => {
  const cells = [denied('control/0', 'refused'), denied('control/0', 'timeout', udp)];
  const lessons = await lessonsOf('ingress', pods, async () => cells);
  expect(lessons).toHaveLength(10);
  expect(calibrationOf(lessons, pods, 0).signals['n0 ingress UDP']).toBe('timeout');
});

test('where all drop, one look is enough', async () => {
  const cells = [denied('control/0', 'timeout'), denied('control/0', 'timeout', udp)];
  expect(await lessonsOf('ingress', pods, async () => cells)).toHaveLength(1);
});
