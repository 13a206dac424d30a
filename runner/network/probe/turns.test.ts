// A rejecting node answers a client once a second: whom it asks first must change, or some are never seen refused.
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';
import type { OutcomeLetter } from './wire.ts';

const pods = ['x/a', 'x/b', 'x/c', 'y/a', 'y/b', 'y/c', 'z/a', 'z/b', 'z/c'];
const probes = (['TCP', 'UDP'] as const).flatMap((protocol) =>
  pods.map((to) => ({ to, port: 80, protocol, isControl: false })),
);
const everything = probes.map((_, index) => index);

/** A second in which only `denied` are, and the first packet alone is told so. Returns what was refused. */
function second(turns: Turns, nth: number, denied: readonly number[] = everything): number {
  // TCP leaves first where nobody else does.
  const first = turns.first(nth * 1_000) ?? 0;
  const letters = probes.map((_, index): OutcomeLetter => {
    if (!denied.includes(index)) return 'o';
    return index === first ? 'r' : 't';
  });
  turns.note(probes, letters);
  return first;
}

function seconds(turns: Turns, from: number, to: number, denied?: readonly number[]): number[] {
  return Array.from({ length: to - from }, (_, index) => second(turns, from + index, denied));
}

test('nobody goes first while all are answered', () => {
  const turns = new Turns('x/a');
  turns.note(
    probes,
    probes.map(() => 'o'),
  );
  expect(turns.first(0)).toBeUndefined();
});

test('each target that is denied is refused in its turn, over each protocol, and then again', () => {
  const turns = new Turns('x/a');
  second(turns, 0);
  expect(new Set(seconds(turns, 1, 20))).toEqual(new Set(everything));
  expect(new Set(seconds(turns, 20, 40))).toEqual(new Set(everything));
});

test('over each protocol control peers go first: what they show is the client’s own isolation', () => {
  const turns = new Turns('x/b');
  const withControl = probes.map((probe) => ({ ...probe, isControl: probe.to === 'z/c' }));
  const letters = probes.map((): OutcomeLetter => 't');
  turns.note(withControl, letters);
  const [tcp, udp] = [pods.length - 1, 2 * pods.length - 1];
  const first = turns.first(0) ?? -1;
  expect([tcp, udp]).toContain(first);
  turns.note(withControl, letters.with(first, 'r'));
  expect(turns.first(1)).toBe(first === tcp ? udp : tcp);
  // A refusal of another target says nothing of that: it may be the target's own.
  turns.note(withControl, letters.with(0, 'r').with(pods.length, 'r'));
  expect(turns.first(1)).toBe(first === tcp ? udp : tcp);
});

test('a control peer that is dead, and a target that never refuses, do not keep the others from their turns', () => {
  const turns = new Turns('x/b');
  const [dead, silent] = [pods.indexOf('z/c'), pods.indexOf('z/b')];
  const withControl = probes.map((probe) => ({ ...probe, isControl: probe.to === 'z/c' }));
  const never = [dead, dead + pods.length, silent];
  turns.note(
    withControl,
    probes.map((): OutcomeLetter => 't'),
  );
  const order = Array.from({ length: 30 }, (_, nth) => {
    const first = turns.first(nth * 1_000) ?? 0;
    const letters = probes.map(
      (_probe, index): OutcomeLetter => (index === first && !never.includes(index) ? 'r' : 't'),
    );
    turns.note(withControl, letters);
    return first;
  });
  expect(new Set(order)).toEqual(new Set(everything));
});

test('cycles that overlap, and come in pairs with two seconds between, still ask over both protocols', () => {
  const turns = new Turns('x/c');
  const told: (() => void)[] = [];
  const asked = Array.from({ length: 30 }, (_, pair) => pair).flatMap((pair) =>
    [0, 520].map((later) => {
      const first = turns.first(pair * 2_010 + later) ?? 0;
      const letters = probes.map((_, index): OutcomeLetter => (index === first && later === 0 ? 'r' : 't'));
      // Known only when the next one is under way.
      told.push(() => turns.note(probes, letters));
      if (told.length > 1) told.shift()?.();
      return first;
    }),
  );
  expect(new Set(asked)).toEqual(new Set(everything));
});

test('a port of UDP beside a denied TCP port is refused at once', () => {
  const turns = new Turns('x/c');
  second(turns, 0, [0, 9]);
  expect(second(turns, 1, [0, 9])).toBe(9);
});

test('of a client that is denied everything, the second refusal is over the other protocol, whatever the time', () => {
  for (const nth of [1, 2]) {
    const turns = new Turns('x/c');
    second(turns, 0);
    expect(second(turns, nth)).toBeGreaterThanOrEqual(pods.length);
  }
});

test('nine clients of nine Pods that nobody may reach: all have been seen to refuse, over both protocols, after six seconds', () => {
  const clients = pods.map((own) => new Turns(own));
  const seen = clients.flatMap((turns) => [second(turns, 0), ...seconds(turns, 1, 6)]);
  expect(new Set(seen)).toEqual(new Set(everything));
});

test('once nobody waits, what was refused before counts no more', () => {
  const turns = new Turns('x/c');
  second(turns, 0);
  second(turns, 1);
  second(turns, 2, []);
  second(turns, 3, [0, 9]);
  expect(second(turns, 4, [0, 9])).toBe(9);
});
