// Joins both sides: what a client saw of one probe, cycle by cycle, with whether the server saw it too.
import { type OutcomeLetter, outcomes } from '../probe/wire.ts';
import type { Ledger, Voice } from './ledger.ts';
import type { Outcome, PodId } from './types.ts';

export interface Observation {
  /** By our clock, milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
  /** `cannot-tell`: the target is no prober. */
  readonly saw: 'yes' | 'no' | 'cannot-tell';
  readonly note?: string;
}

export interface Observed {
  readonly from: PodId;
  /** Undefined for a target outside the world. */
  readonly server: PodId | undefined;
  /** In the plan of this client. */
  readonly index: number;
  readonly generation: number;
}

/** Milliseconds that a sighting may come later than the two clocks, put beside each other, make one think. */
const slackMs = 150;
/** An answered probe that its server does not tell of: how long it may still do so. */
const lateMs = 2_000;

/** In order, begun at or after `since`, up to the first of which the server may still tell. `now`: our clock. */
export function observe(
  ledger: Ledger,
  { from, server, index, generation }: Observed,
  { since, now }: { readonly since: number; readonly now: number },
): readonly Observation[] {
  const client = ledger.voice(from);
  if (client === undefined) return [];
  const found: Observation[] = [];
  // Asked for every cell many times a second: cycles of earlier steps are not even looked at.
  const first = client.cycles.findLastIndex((cycle) => client.clock.ours(cycle.start) < since) + 1;
  for (const cycle of client.cycles.slice(first)) {
    const start = client.clock.ours(cycle.start);
    const outcome = outcomes[cycle.seen[index] as OutcomeLetter];
    if (cycle.generation !== generation || outcome === undefined) continue;
    const end = start + (cycle.ends[index] ?? 0);
    const note = cycle.notes[index];
    const told = { start, end, outcome, ...(note === undefined ? {} : { note }) };
    if (server === undefined) {
      found.push({ ...told, saw: 'cannot-tell' });
    } else if (ledger.saw(server, client, cycle.seq, index)) {
      found.push({ ...told, saw: 'yes' });
    } else {
      const patience = outcome === 'ok' ? lateMs : slackMs;
      if (!hasTold(ledger, ledger.voice(server), end + patience, now)) break;
      found.push({ ...told, saw: 'no' });
    }
  }
  return found;
}

function hasTold(ledger: Ledger, server: Voice | undefined, moment: number, now: number): boolean {
  if (server === undefined) return true;
  return server.clock.ours(server.toldUntil) >= moment || ledger.isSilent(server, now);
}
