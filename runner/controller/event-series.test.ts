import { describe, expect, test } from 'vitest';
import { eventSeries } from './event-series.ts';

const said = (message: string) => ({ type: 'Normal', reason: 'R', message }) as const;

describe('event series', () => {
  test('the same happening of the same object counts, another object, reason or message does not', () => {
    const series = eventSeries();
    const first = series.next('a', said('m'), 0);
    expect(first).toMatchObject({ count: 1, message: 'm' });
    expect(series.next('a', said('m'), 1)).toMatchObject({ id: first?.id, count: 2 });
    const others = [
      series.next('b', said('m'), 2),
      series.next('a', said('n'), 2),
      series.next('a', { ...said('m'), reason: 'S' }, 2),
      series.next('a', { ...said('m'), type: 'Warning' }, 2),
    ];
    expect(others.map((one) => one?.count)).toEqual([1, 1, 1, 1]);
    expect(new Set([first?.id, ...others.map((one) => one?.id)]).size).toBe(5);
  });

  test('many different messages of one reason become one series, until there is quiet for the window', () => {
    const series = eventSeries({ distinctMessages: 3, windowMs: 1_000, burst: 100 });
    const ids = [1, 2, 3, 4, 5].map((n) => series.next('a', said(`${n}`), n));
    expect(ids.map((one) => one?.message)).toEqual([
      ...['1', '2', '3'],
      '(combined from similar events): 4',
      '(combined from similar events): 5',
    ]);
    expect(ids[4]).toMatchObject({ id: ids[3]?.id, count: 2 });
    expect(series.next('a', said('6'), 2_000)?.message).toBe('6');
  });

  test('one object may not flood, others are not concerned, and time helps', () => {
    const series = eventSeries({ burst: 2, perSecond: 0.1 });
    expect([0, 0, 0].map((ms) => series.next('loud', said('m'), ms)?.count)).toEqual([1, 2, undefined]);
    expect(series.next('quiet', said('m'), 0)?.count).toBe(1);
    expect(series.next('loud', said('m'), 9_999)).toBeUndefined();
    expect(series.next('loud', said('m'), 10_000)?.count).toBe(3);
  });
});
