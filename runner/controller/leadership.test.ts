import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Clock, pause } from '../kube/index.ts';
import { type FakeClock, fakeClock } from '../kube/testing/index.ts';
import { type Leadership, leadership } from './index.ts';
import { type Line, leaseServer } from './testing/lease-server.ts';

const timing = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

/** Candidates for one Lease, each with its own line to it and its own time of day. */
function election(clock: FakeClock) {
  const server = leaseServer(clock);
  const candidate = (identity: string, stopMs = 0, wrongByMs = 0) => {
    const line: { state: Line; delayMs: number } = { state: 'good', delayMs: 0 };
    const own: Clock = { ...clock, now: () => new Date(clock.now().getTime() + wrongByMs) };
    const edges = { client: server.client(() => line), clock: own, random: () => 0 };
    const one: Leadership = leadership({ namespace: 'n', name: 'l', identity, ...timing }, edges);
    const stop = new AbortController();
    let working = false;
    const ended = one.lead(async (signal) => {
      working = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await pause(clock, stopMs);
      working = false;
    }, stop.signal);
    return { one, line, ended, works: () => working, stop: () => stop.abort() };
  };
  return { server, candidate };
}

async function within(
  clock: FakeClock,
  parts: readonly { readonly stop: () => void; readonly ended: Promise<unknown> }[],
) {
  for (const { stop } of parts) stop();
  await clock.advance(120_000);
  return Promise.all(parts.map(({ ended }) => ended));
}

describe('leadership', () => {
  test('goes to the first, stays with it while it renews, and everybody knows', async () => {
    const clock = fakeClock();
    const { candidate, server } = election(clock);
    const first = candidate('first');
    expect(first.one.state()).toBe('unknown');
    await clock.advance(0);
    const second = candidate('second');
    await clock.advance(60_000);
    expect([first.works(), second.works()]).toEqual([true, false]);
    expect([first.one.state(), second.one.state(), second.one.leader()]).toEqual([
      'leading',
      'following',
      'first',
    ]);
    expect(server.lease()?.spec).toMatchObject({
      holderIdentity: 'first',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:01:00.000000Z',
    });
    await within(clock, [first, second]);
  });

  test('is released by who stops, only after its work has ended, and taken at the next look', async () => {
    const clock = fakeClock();
    const { candidate } = election(clock);
    const first = candidate('first', 20_000);
    await clock.advance(0);
    const second = candidate('second');
    first.stop();
    await clock.advance(19_000);
    expect([first.works(), second.works()]).toEqual([true, false]);
    await clock.advance(3_000);
    expect([first.works(), second.works()]).toEqual([false, true]);
    expect(await first.ended).toBe('released');
    await within(clock, [second]);
  });

  test.each(['refuses', 'silent'] as const)(
    'whose line %s stops working before another may begin',
    async (state) => {
      const clock = fakeClock();
      const { candidate } = election(clock);
      const first = candidate('first', 4_000);
      await clock.advance(0);
      const second = candidate('second');
      await clock.advance(30_000);
      first.line.state = state;
      await clock.advance(9_999);
      expect([first.one.mayAct(), first.works(), second.works()]).toEqual([true, true, false]);
      await clock.advance(1);
      expect([first.one.mayAct(), first.works(), second.works()]).toEqual([false, true, false]);
      await clock.advance(4_500);
      expect([first.works(), second.works()]).toEqual([false, false]);
      await clock.advance(5_000);
      expect([first.works(), second.works()]).toEqual([false, true]);
      await clock.advance(15_000);
      expect(await first.ended).toBe('lost');
      expect(first.one.state()).toBe('unknown');
      await within(clock, [second]);
    },
  );

  test('counts from the moment before the renewal was sent, not from its answer', async () => {
    const clock = fakeClock();
    const { candidate } = election(clock);
    const first = candidate('first');
    // It looks at once; its claim is sent now and answered after 4 s.
    first.line.delayMs = 4_000;
    await clock.advance(4_000);
    expect(first.one.mayAct()).toBe(true);
    first.line.state = 'silent';
    await clock.advance(5_999);
    expect(first.one.mayAct()).toBe(true);
    await clock.advance(1);
    expect(first.one.mayAct()).toBe(false);
    await within(clock, [first]);
  });

  test('lost is lost: a renewal that was on its way and succeeds too late gives nothing back', async () => {
    const clock = fakeClock();
    const { candidate } = election(clock);
    const first = candidate('first', 10_000);
    // Renewed at 20 s for the last time; the next is sent at 22 s and given up at 26 s, the one after it is sent at 28 s.
    await clock.advance(20_500);
    first.line.state = 'silent';
    await clock.advance(6_500);
    Object.assign(first.line, { state: 'good', delayMs: 4_000 });
    await clock.advance(2_500);
    expect(first.one.mayAct()).toBe(true);
    await clock.advance(4_000);
    expect([first.one.mayAct(), first.works()]).toEqual([false, true]);
    await clock.advance(30_000);
    expect(await first.ended).toBe('lost');
  });

  test('survives an answer that was lost: the lease is still its own', async () => {
    const clock = fakeClock();
    const { candidate } = election(clock);
    const first = candidate('first');
    await clock.advance(10_000);
    first.line.state = 'loses the answer';
    await clock.advance(2_000);
    first.line.state = 'good';
    await clock.advance(60_000);
    expect([first.works(), first.one.mayAct()]).toEqual([true, true]);
    await within(clock, [first]);
  });

  test('a process that was stopped may not act when it wakes up, before any timer has fired', async () => {
    const clock = fakeClock();
    const { candidate } = election(clock);
    const first = candidate('first');
    await clock.advance(1_000);
    expect(first.one.mayAct()).toBe(true);
    clock.skip(10_000);
    expect([first.one.mayAct(), first.one.state()]).toEqual([false, 'following']);
    await clock.advance(0);
    expect(await first.ended).toBe('lost');
  });

  test('does not trust the time of day of others: a clock that is wrong by an hour changes nothing', async () => {
    const clock = fakeClock();
    const { candidate } = election(clock);
    const first = candidate('first', 0, -3_600_000);
    await clock.advance(0);
    const second = candidate('second', 0, 3_600_000);
    await clock.advance(300_000);
    expect([first.works(), second.works()]).toEqual([true, false]);
    await within(clock, [first, second]);
  });

  test('what the work throws is thrown, after the lease was released', async () => {
    const clock = fakeClock();
    const { server } = election(clock);
    const client = server.client(() => ({ state: 'good', delayMs: 0 }));
    const one = leadership({ namespace: 'n', name: 'l', identity: 'i', ...timing }, { client, clock });
    const broken = one.lead(async () => {
      throw new Error('broken');
    }, new AbortController().signal);
    const seen = expect(broken).rejects.toThrow('broken');
    await clock.advance(10_000);
    await seen;
    expect(server.lease()?.spec?.holderIdentity).toBe('');
  });

  test('refuses times that could let two lead', () => {
    const { server } = election(fakeClock());
    const client = server.client(() => ({ state: 'good', delayMs: 0 }));
    const wrong = {
      namespace: 'n',
      name: 'l',
      identity: 'i',
      leaseDurationMs: 10_000,
      renewDeadlineMs: 10_000,
    };
    expect(() => leadership(wrong, { client })).toThrow(RangeError);
  });
});

const event = record({
  who: integer({ min: 0, max: 2 }),
  line: constantFrom<Line>('good', 'good', 'refuses', 'loses the answer', 'silent'),
  delayMs: integer({ min: 0, max: 6_000 }),
  afterMs: integer({ min: 0, max: 20_000 }),
});

test('whatever becomes of the lines: never do two candidates work or may act at once, and a good line leads in the end', async () => {
  await assert(
    asyncProperty(array(event, { maxLength: 12 }), async (events) => {
      const clock = fakeClock();
      const { candidate } = election(clock);
      const all = ['a', 'b', 'c'].map((name) => candidate(name, 4_000));
      const check = () => {
        expect(all.filter(({ works }) => works()).length).toBeLessThanOrEqual(1);
        expect(all.filter(({ one }) => one.mayAct()).length).toBeLessThanOrEqual(1);
      };
      for (const { who, line, delayMs, afterMs } of events) {
        for (let ms = 0; ms < afterMs; ms += 500) {
          await clock.advance(500);
          check();
        }
        const one = all[who];
        if (one !== undefined) Object.assign(one.line, { state: line, delayMs });
      }
      for (const { line } of all) Object.assign(line, { state: 'good', delayMs: 0 });
      const next = candidate('next');
      await clock.advance(40_000);
      check();
      expect([...all, next].filter(({ works }) => works()).length).toBe(1);
      await within(clock, [...all, next]);
    }),
    { numRuns: 25 },
  );
});
