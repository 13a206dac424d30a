// The clock of a shard may be set back while it runs: what it did keeps its order in the merged run, and with it each verdict.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, type JournalEvent, mergeEvents, type Verdict, verdictOf } from './index.ts';

/** What each attempt of each case came to, in the order of the journal; `seconds` are the clock's, line by line. */
interface Shard {
  readonly cases: readonly (readonly Verdict[])[];
  readonly seconds: readonly number[];
}

const keyOf = (shard: number, index: number): string => `C/${shard}.${index}`;

function journal({ cases, seconds }: Shard, keys: (index: number) => string): JournalEvent[] {
  let line = 0;
  const at = () =>
    new Date(Date.UTC(2026, 0, 1) + (seconds[line++ % seconds.length] ?? 0) * 1_000).toISOString();
  return cases.flatMap((verdicts, index) =>
    verdicts.flatMap((verdict, before): JournalEvent[] => {
      const which = { key: keys(index), attempt: before + 1 };
      return [
        { event: 'case-started', at: at(), ...which },
        { event: 'case-ended', at: at(), ...which, durationMs: 1, outcome: { verdict } },
      ];
    }),
  );
}

const verdict = fc.constantFrom<Verdict>('passed', 'failed', 'error', 'skipped');
const shard: fc.Arbitrary<Shard> = fc.record({
  cases: fc.array(fc.array(verdict, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
  seconds: fc.array(fc.integer({ min: -7_200, max: 7_200 }), { minLength: 1, maxLength: 20 }),
});

const told = (events: readonly JournalEvent[]) =>
  [...fold(events).cases].map(([key, item]) => ({
    ...{ key, verdict: verdictOf(item), attempts: item.attempts.map(({ outcome }) => outcome?.verdict) },
  }));
const byKey = (all: ReturnType<typeof told>) => all.toSorted((a, b) => a.key.localeCompare(b.key));

test('shards of one Job: each case is what its own journal says, whatever its clock did', () => {
  fc.assert(
    fc.property(fc.array(shard, { minLength: 1, maxLength: 4 }), (shards) => {
      const journals = shards.map((one, number) => journal(one, (index) => keyOf(number, index)));
      expect(byKey(told(mergeEvents(journals)))).toEqual(byKey(journals.flatMap(told)));
    }),
  );
});

test('a run and its re-run: the attempts of each keep their order among those of both', () => {
  fc.assert(
    fc.property(fc.array(shard, { minLength: 2, maxLength: 3 }), (runs) => {
      const journals = runs.map((run, number) =>
        journal(run, (index) => keyOf(0, index)).map((event) =>
          event.event === 'case-ended' ? { ...event, durationMs: number } : event,
        ),
      );
      const merged = fold(mergeEvents(journals));
      for (const [number, events] of journals.entries())
        for (const [key, own] of fold(events).cases) {
          const among = (merged.cases.get(key)?.attempts ?? []).filter(
            ({ durationMs }) => durationMs === number,
          );
          expect(among.map(({ outcome }) => outcome?.verdict)).toEqual(
            own.attempts.map(({ outcome }) => outcome?.verdict),
          );
        }
    }),
  );
});
