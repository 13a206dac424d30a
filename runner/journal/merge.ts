// Joins the journals of shards (or of a run and its re-run) into the events of one run.
import type { JournalEvent } from './events.ts';
import { codeOfCases, exitCodeOf, isProduction } from './exit-code.ts';
import { fold } from './fold.ts';

type Of<Name extends JournalEvent['event']> = Extract<JournalEvent, { event: Name }>;

/**
 * The union of the plans; attempts of a case that several journals hold follow each other in the order they started.
 * The merged run has ended only when every journal has: a shard that died leaves the whole run interrupted.
 */
export function mergeEvents(journals: readonly (readonly JournalEvent[])[]): JournalEvent[] {
  const all = journals.flat();
  const attempts = renumber(journals);
  const first = of(all, 'run-started').toSorted(byTime)[0];
  const merged: JournalEvent[] = [];
  if (first !== undefined) {
    merged.push({ ...first, properties: properties(of(all, 'run-started')) });
  }
  merged.push(...of(all, 'planned'));
  merged.push(...of(all, 'property').toSorted(byTime));
  merged.push(...attempts.toSorted(byTime));
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

function renumber(journals: readonly (readonly JournalEvent[])[]): CaseEvent[] {
  const groups = new Map<string, CaseEvent[][]>();
  for (const events of journals) {
    const here = new Map<string, CaseEvent[]>();
    for (const event of events) {
      if (event.event !== 'case-started' && event.event !== 'case-ended') continue;
      const name = JSON.stringify([event.key, event.attempt]);
      const group = here.get(name);
      if (group === undefined) {
        const fresh = [event];
        here.set(name, fresh);
        groups.set(event.key, [...(groups.get(event.key) ?? []), fresh]);
      } else group.push(event);
    }
  }
  return [...groups.values()].flatMap((ofCase) =>
    ofCase
      .toSorted(([a], [b]) => (a === undefined || b === undefined ? 0 : byTime(a, b)))
      .flatMap((group, index) => group.map((event) => ({ ...event, attempt: index + 1 }))),
  );
}
