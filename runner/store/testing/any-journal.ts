// Journals as no run would write them, but as a kill, a worker given up for hung, or a hostile case may: for properties that hold always.
import fc from 'fast-check';
import type { JournalEvent, Outcome } from '../../journal/index.ts';

// Few cases, so that what happens to one meets what else happens to it.
const campaigns = ['C-10', 'odd\0name'];
const ids = ['1', '4\ud800'];
const at = fc
  .integer({ min: 0, max: 100_000 })
  .map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString());
const hostile = fc.constantFrom(
  'plain',
  'NUL \0 in it',
  'half \udc00 pair',
  '\\u0000',
  "'; drop table charter.run; --",
  '漢字 <&>',
);

const key = fc.tuple(fc.constantFrom(...campaigns), fc.constantFrom(...ids)).map(([campaign, id]) => ({
  ...{ campaign, id },
  key: `${campaign}/${id}`,
}));

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Outcome>({ verdict: 'passed' }) },
  hostile.map(
    (message): Outcome => ({ verdict: 'failed', failure: { kind: 'assertion', message, got: message } }),
  ),
  hostile.map((message): Outcome => ({ verdict: 'error', failure: { kind: 'timeout', message } })),
  fc
    .tuple(fc.constantFrom('xfail: known', 'no target', ''), fc.boolean())
    .map(
      ([reason, planned]): Outcome =>
        planned ? { verdict: 'skipped', reason, planned } : { verdict: 'skipped', reason },
    ),
);

const attempt = fc.integer({ min: 1, max: 3 });
const planned = fc.uniqueArray(key, { selector: (one) => one.key, maxLength: 12 }).map((cases) =>
  cases.map((one) => ({
    ...one,
    title: `title of ${one.key}`,
    file: 'c.campaign.ts',
    tags: ['a'],
    targets: [],
  })),
);

const middle: fc.Arbitrary<JournalEvent> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ event: fc.constant('planned' as const), at, cases: planned }) },
  {
    weight: 1,
    arbitrary: fc.record({ event: fc.constant('property' as const), at, name: hostile, value: hostile }),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(key, at, attempt)
      .map(([one, time, n]): JournalEvent => ({ event: 'case-started', at: time, key: one.key, attempt: n })),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(key, at, attempt, outcome, fc.integer({ min: 0, max: 900 })).map(
      ([one, time, n, how, durationMs]): JournalEvent => ({
        ...{ event: 'case-ended', at: time, key: one.key, attempt: n, durationMs, outcome: how },
      }),
    ),
  },
);

const end = fc.option(
  fc.record({
    event: fc.constant('run-ended' as const),
    at,
    exitCode: fc.constantFrom(0, 1, 2, 4, 7),
    reason: fc.constantFrom('completed', 'interrupted: SIGTERM', 'deadline', 'odd \0'),
  }),
);

/** Starts with run-started; may lack plan and end, and hold the same attempt several times. */
export const anyJournal: fc.Arbitrary<readonly JournalEvent[]> = fc
  .tuple(at, fc.boolean(), fc.array(middle, { maxLength: 60, size: 'large' }), end)
  .map(([time, production, events, last]) => [
    {
      ...{ event: 'run-started', at: time, run: 'any', host: 'host', environment: 'test' },
      properties: { production: String(production), 'config-hash': 'abc' },
    },
    ...inOrder(events),
    ...(last === null ? [] : [last]),
  ]);

/** Attempts of a case begin in the order of their numbers, as every run and every merge has them. */
function inOrder(events: readonly JournalEvent[]): JournalEvent[] {
  const begun = new Map<string, Set<number>>();
  return events.filter((event) => {
    if (event.event !== 'case-started' && event.event !== 'case-ended') return true;
    const known = begun.get(event.key) ?? new Set<number>();
    if (!known.has(event.attempt) && [...known].some((attempt) => attempt > event.attempt)) return false;
    begun.set(event.key, known.add(event.attempt));
    return true;
  });
}
