// Pure: which journal speaks for which shard of a Job, what is still awaited, and how the report tells of a shard that never ended.
import type { JournalEvent } from '../journal/index.ts';

export interface ShardJournal {
  readonly path: string;
  readonly events: readonly JournalEvent[];
}

/** `final` will not change any more; `interrupted` has ended, but Kubernetes may replace its Pod; `open` has not ended. */
export type Standing = 'final' | 'interrupted' | 'open';

export function standingOf(events: readonly JournalEvent[]): Standing {
  const end = events.findLast((event) => event.event === 'run-ended');
  if (end === undefined) return 'open';
  return end.exitCode === 7 && !end.reason.startsWith('deadline') ? 'interrupted' : 'final';
}

/** The journals of a Job by shard number: a Pod that was replaced leaves two, and the one that got further speaks, then the newer. */
export function journalsByShard(
  journals: readonly ShardJournal[],
  { job, count }: { readonly job: string; readonly count: number },
): Map<number, ShardJournal> {
  const chosen = new Map<number, ShardJournal>();
  for (const journal of journals) {
    const index = shardOf(journal.events, { job, count });
    if (index === undefined) continue;
    const before = chosen.get(index);
    if (before === undefined || isBetter(journal, before)) chosen.set(index, journal);
  }
  return chosen;
}

function shardOf(
  events: readonly JournalEvent[],
  { job, count }: { readonly job: string; readonly count: number },
): number | undefined {
  const properties = startOf(events)?.properties;
  if (properties?.job !== job) return undefined;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(properties.shard ?? '') ?? [];
  return Number(of) === count ? Number(index) : undefined;
}

export function startOf(events: readonly JournalEvent[]) {
  return events.find((event) => event.event === 'run-started');
}

const ranks: Record<Standing, number> = { open: 0, interrupted: 1, final: 2 };

function isBetter(one: ShardJournal, other: ShardJournal): boolean {
  const further = ranks[standingOf(one.events)] - ranks[standingOf(other.events)];
  return further !== 0 ? further > 0 : startedAt(one) > startedAt(other);
}

const startedAt = ({ events }: ShardJournal): string => startOf(events)?.at ?? '';

export interface MissedShard {
  readonly shard: string;
  /** Why nobody waited longer: `deadline`, or what interrupted the wait. */
  readonly because: string;
  /** Where its journal was looked for, for who has to find out. */
  readonly lookedIn: string;
  readonly at: string;
}

/** The events of a shard for the merged report: its own, and where they hide that something is missing, an error that says so. */
export function toldEvents(
  events: readonly JournalEvent[] | undefined,
  { shard, because, lookedIn, at }: MissedShard,
): readonly JournalEvent[] {
  const standing = events === undefined ? 'open' : standingOf(events);
  const end = (what: string): JournalEvent => ({
    event: 'run-ended',
    at,
    exitCode: 7,
    reason: `${because}: shard ${shard} ${what}`,
  });
  if (events === undefined) {
    const properties = { shard };
    const start = {
      event: 'run-started',
      at,
      run: '',
      host: '',
      environment: 'unknown',
      properties,
    } as const;
    const message = `shard ${shard}: no journal in ${lookedIn}. Was its Pod started, and does it write to the same volume?`;
    return [start, ...errorCase(shard, message, at), end('left no journal')];
  }
  if (standing === 'open') {
    const message = `shard ${shard}: its journal has no end, the last event is of ${events.at(-1)?.at ?? 'nobody knows when'}`;
    return [...events, ...errorCase(shard, message, at), end('did not end')];
  }
  const isPlanned = events.some(({ event }) => event === 'planned');
  return isPlanned
    ? events
    : [...events, ...errorCase(shard, `shard ${shard}: it ended before its plan was known`, at)];
}

function errorCase(shard: string, message: string, at: string): JournalEvent[] {
  const key = `charter/shard ${shard}`;
  const place = { campaign: 'charter', id: `shard ${shard}`, title: 'told what it ran', file: '' };
  const outcome = { verdict: 'error', failure: { kind: 'interrupted', message } } as const;
  return [
    { event: 'planned', at, cases: [{ key, ...place, tags: [], targets: [] }] },
    { event: 'case-ended', at, key, attempt: 1, durationMs: 0, outcome },
  ];
}
