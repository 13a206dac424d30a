// A rejecting node answers a client once a second: whom it asks first must change, or some are never seen refused.
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';
import type { OutcomeLetter } from './wire.ts';

const probes = (['TCP', 'UDP'] as const).flatMap((protocol) =>
  ['x/a', 'x/b', 'x/c'].map((to) => ({ to, port: 80, protocol, isControl: false })),
);
/** A cycle in which all but `open` are denied, and only the first packet is told so. */
function cycle(turns: Turns, seq: number, open: readonly number[] = []): number {
  // TCP leaves first where nobody else does.
  const first = turns.first(() => 0) ?? 0;
  const letters = probes.map((_, index): OutcomeLetter => {
    if (open.includes(index)) return 'o';
    return index === first ? 'r' : 't';
  });
  turns.note(probes, letters, seq);
  return first;
}

test('nobody goes first while all are answered', () => {
  const turns = new Turns();
  turns.note(probes, ['o', 'o', 'r', 'o', 'o', 'o'], 0);
  expect(turns.first()).toBeUndefined();
});

test('each target that is denied is refused in its turn, over each protocol, and then again', () => {
  const turns = new Turns();
  const order = Array.from({ length: 9 }, (_, seq) => cycle(turns, seq));
  expect(new Set(order.slice(0, 6))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  expect(order.slice(6)).toEqual(order.slice(0, 3));
});

test('of those that wait equally long, control peers go first: what they show is the client’s own isolation', () => {
  const turns = new Turns();
  const withControl = probes.map((probe) => ({ ...probe, isControl: probe.to === 'x/c' }));
  turns.note(withControl, ['t', 't', 't', 't', 't', 'o'], 0);
  expect(turns.first(() => 0)).toBe(2);
  turns.note(withControl, ['t', 't', 'r', 't', 't', 'o'], 1);
  turns.note(withControl, ['t', 't', 't', 't', 't', 'o'], 2);
  expect(turns.first(() => 0)).toBe(0);
});

test('a port of UDP beside a denied TCP port is refused at once', () => {
  const turns = new Turns();
  cycle(turns, 0, [1, 2, 4, 5]);
  expect(cycle(turns, 1, [1, 2, 4, 5])).toBe(3);
});
