// Waiting for the other shards of a Job, by what their journals on the common volume say.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJournal } from '../journal/index.ts';
import {
  isOver,
  journalsByShard,
  keepsLockUntil,
  type ShardJournal,
  standingOf,
  startOf,
} from './shard-journals.ts';

export interface ShardsOfJob {
  readonly out: string;
  /** Of the first shard, this process. */
  readonly journal: string;
  readonly count: number;
  /** UID of the Job. */
  readonly uid: string;
}

export interface ShardWait {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly signal: AbortSignal;
  /** Told whenever it is others that are awaited: `2 (running), 3 (no journal yet)`. */
  readonly tell: (awaited: string) => void;
  /** Called once, when no shard has said anything for so long that none of them keeps the lock. */
  readonly onSilence: () => Promise<'wait' | 'end'>;
}

export interface SeenShards {
  readonly found: ReadonlyMap<number, ShardJournal>;
  /** As told; empty where all have come to their end. */
  readonly awaited: string;
}

const pollMs = 500;

export async function awaitShards(
  { out, journal, count, uid }: ShardsOfJob,
  { until, signal, tell, onSilence }: ShardWait,
): Promise<SeenShards> {
  const own = { path: journal, events: readJournal(journal).events };
  const look = journalReader(out, uid);
  let told = '';
  let isAsked = false;
  for (;;) {
    const others = journalsByShard(look(), { job: uid, count });
    others.delete(1);
    const found = new Map(others).set(1, own);
    const awaited = numbers(count)
      .filter((index) => index !== 1 && !isOver(found.get(index)))
      .map((index) => wait(index, found))
      .join(', ');
    if (awaited === '' || signal.aborted || Date.now() >= until) return { found, awaited };
    if (awaited !== told) tell(awaited);
    told = awaited;
    if (!isAsked && Date.now() >= keepsLockUntil([...others.values(), lastBegun(own)])) {
      isAsked = true;
      if ((await onSilence()) === 'end') return { found, awaited };
    }
    await sleep(Math.min(pollMs, until - Date.now()), undefined, { signal }).catch(() => {});
  }
}

/** What the first shard says while it waits, e.g. of isolated cases that it did not run, is no sign of life of another. */
function lastBegun({ path, events }: ShardJournal): ShardJournal {
  const last = events.findLast(({ event }) => event === 'case-started' || event === 'run-started');
  return { path, events: last === undefined ? [] : [last] };
}

export const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

function wait(index: number, found: ReadonlyMap<number, ShardJournal>): string {
  const journal = found.get(index);
  if (journal === undefined) return `${index} (no journal yet)`;
  return standingOf(journal.events) === 'open' ? `${index} (running)` : `${index} (interrupted)`;
}

/** Journals of other Jobs stay on the volume for long: each is read once. */
function journalReader(out: string, job: string): () => ShardJournal[] {
  const foreign = new Set<string>();
  return () =>
    readdirSync(out)
      .filter((name) => name.endsWith('.jsonl') && !foreign.has(name))
      .flatMap((name) => {
        const path = join(out, name);
        const { events } = readJournal(path);
        const start = startOf(events);
        if (start !== undefined && start.properties.job !== job) foreign.add(name);
        return start?.properties.job === job ? [{ path, events }] : [];
      });
}
