// Joins the journals of shards (or of a run and its re-run) into the events of one run.
import type { JournalEvent } from './events.ts';
import { codeOfCases, exitCodeOf, isProduction } from './exit-code.ts';
import { fold } from './fold.ts';

type Of<Name extends JournalEvent['event']> = Extract<JournalEvent, { event: Name }>;

/**
 * The union of the plans; attempts of a case that several journals hold follow each other in the order they started, and those of one
 * journal as they stand there.
 * The merged run has ended only when every journal has: a shard that died leaves the whole run interrupted.
 */
export function mergeEvents(journals: readonly (readonly JournalEvent[])[]): JournalEvent[] {
  const all = journals.flat();
  const first = of(all, 'run-started').toSorted(byTime)[0];
  const merged: JournalEvent[] = [];
  if (first !== undefined) {
    merged.push({ ...first, properties: properties(of(all, 'run-started')) });
  }
  merged.push(...of(all, 'planned'));
  const told = inOrder(journals.map((events) => of(events, 'property')));
  merged.push(...told.map(({ event }) => event));
  merged.push(...attemptsOf(journals));
  const ends = journals.map(endOf);
  if (ends.length > 0 && ends.every((end) => end !== undefined)) {
    const last = ends.reduce((worst, end) => (rank(end) > rank(worst) ? end : worst));
    const at = ends.map((end) => end.at).toSorted();
    const end = { ...last, at: at.at(-1) ?? last.at };
    const state = fold([...merged, end]);
    merged.push({ ...end, exitCode: exitCodeOf(state, { production: isProduction(state) }) });
  }
  return merged;
}

function of<Name extends JournalEvent['event']>(events: readonly JournalEvent[], name: Name): Of<Name>[] {
  return events.filter((event): event is Of<Name> => event.event === name);
}

function byTime(a: JournalEvent, b: JournalEvent): number {
  return Date.parse(a.at) - Date.parse(b.at);
}

/**
 * A code that the cases of its journal explain is judged anew on all cases together: another shard may have run what this one had not,
 * or a re-run may have passed. One that they do not explain (refused, interrupted, lines lost on a full disk) stays.
 */
function endOf(events: readonly JournalEvent[]): Of<'run-ended'> | undefined {
  const end = of(events, 'run-ended').at(-1);
  if (end === undefined || end.exitCode === 2 || end.exitCode === 7) return end;
  const state = fold(events);
  const isExplained = codeOfCases(state, { production: isProduction(state) }) !== 0;
  return isExplained ? { ...end, exitCode: 0 } : end;
}

/** A shard that was cut short decides for the whole run. */
function rank(end: Of<'run-ended'>): number {
  return end.exitCode === 7 ? 2 : end.exitCode === 0 ? 0 : 1;
}

/** Values that differ between shards stand beside each other. */
function properties(starts: readonly Of<'run-started'>[]): Record<string, string> {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of starts.flatMap((start) => Object.entries(start.properties))) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return Object.fromEntries([...values].map(([name, set]) => [name, [...set].join(', ')]));
}

type CaseEvent = Of<'case-started'> | Of<'case-ended'>;

/** In one order, numbered anew: each attempt of a journal is one of its own. */
function attemptsOf(journals: readonly (readonly JournalEvent[])[]): CaseEvent[] {
  const counts = new Map<string, number>();
  const numbers = new Map<string, number>();
  const isOfCase = (event: JournalEvent): event is CaseEvent =>
    event.event === 'case-started' || event.event === 'case-ended';
  return inOrder(journals.map((events) => events.filter(isOfCase))).map(({ event, journal }) => {
    const name = JSON.stringify([journal, event.key, event.attempt]);
    const attempt = numbers.get(name) ?? (counts.get(event.key) ?? 0) + 1;
    if (!numbers.has(name)) counts.set(event.key, attempt);
    numbers.set(name, attempt);
    return { ...event, attempt };
  });
}

interface Placed<Event> {
  readonly event: Event;
  /** Which of the journals. */
  readonly journal: number;
  readonly time: number;
}

/**
 * By time between journals; each keeps its own order, also where its clock was set back. Such a clock was ahead before, so a line counts as no
 * later than any that follows it.
 */
function inOrder<Event extends JournalEvent>(journals: readonly (readonly Event[])[]): Placed<Event>[] {
  const placed = journals.flatMap((events, journal) => {
    let time = Number.POSITIVE_INFINITY;
    const backwards = events.toReversed().map((event) => {
      time = Math.min(time, Date.parse(event.at));
      return { event, journal, time };
    });
    return backwards.toReversed();
  });
  return placed.toSorted((a, b) => a.time - b.time);
}
