// Pure: which journal speaks for which shard of a Job, what is still awaited, and how the report tells of a shard that never ended.
import { unknownEnvironment } from '../config/index.ts';
import type { JournalEvent } from '../journal/index.ts';
import { exitCodes } from './exit-codes.ts';

export interface ShardJournal {
  readonly path: string;
  readonly events: readonly JournalEvent[];
}

/**
 * `final` will not change any more, nor will `refused`, whose Pod never ran a case; `interrupted` was ended by a signal, as Kubernetes
 * does with a Pod that it replaces; `open` has not ended.
 */
export type Standing = 'final' | 'interrupted' | 'open' | 'refused';

export function standingOf(events: readonly JournalEvent[]): Standing {
  const end = events.findLast((event) => event.event === 'run-ended');
  if (end === undefined) return 'open';
  if (end.exitCode === exitCodes.locked) return 'refused';
  return end.exitCode === exitCodes.interrupted && end.reason.startsWith('interrupted')
    ? 'interrupted'
    : 'final';
}

/** Nothing more is to come of it. */
export function isOver(journal: ShardJournal | undefined): boolean {
  return journal !== undefined && ['final', 'refused'].includes(standingOf(journal.events));
}

/** As long as the chart gives a Pod to start, image pull included. */
const startMs = 5 * 60_000;

/**
 * Epoch milliseconds until which the first shard, which only waits, keeps the lock: for a Pod that is to start or to be replaced. Who
 * runs keeps it himself; so after a last word of any of them this long ago nobody does.
 */
export function keepsLockUntil(journals: Iterable<ShardJournal>): number {
  const last = [...journals].map(({ events }) => Date.parse(events.at(-1)?.at ?? '')).filter(Number.isFinite);
  return Math.max(...last, 0) + startMs;
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

/** A second process for a shard that runs is refused, and says so too: the one that runs speaks. */
const ranks: Record<Standing, number> = { refused: 0, open: 1, interrupted: 2, final: 3 };

function isBetter(one: ShardJournal, other: ShardJournal): boolean {
  const further = Number(isPlanned(one.events)) - Number(isPlanned(other.events));
  const ended = ranks[standingOf(one.events)] - ranks[standingOf(other.events)];
  const [decisive] = [further, ended].filter((difference) => difference !== 0);
  return decisive === undefined ? startedAt(one) > startedAt(other) : decisive > 0;
}

/** Without a plan no case has run. */
function isPlanned(events: readonly JournalEvent[]): boolean {
  return events.some(({ event }) => event === 'planned');
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
      environment: unknownEnvironment,
      properties,
    } as const;
    const message = `shard ${shard}: no journal in ${lookedIn}. Was its Pod started, and does it write to the same volume?`;
    return [start, ...errorCase(shard, message, at), end('left no journal')];
  }
  if (standing === 'open') {
    const message = `shard ${shard}: its journal has no end, the last event is of ${events.at(-1)?.at ?? 'nobody knows when'}`;
    return [...events, ...errorCase(shard, message, at), end('did not end')];
  }
  if (isPlanned(events)) return events;
  const why = events.findLast((event) => event.event === 'run-ended')?.reason;
  return [...events, ...errorCase(shard, `shard ${shard}: it ended before its plan was known: ${why}`, at)];
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
