// Remembers what the probers of a world told, by Pod: cycles of its client, sightings of its servers, and when it was last heard.
import { sightedIndices } from '../probe/sightings.ts';
import type { CycleRecord, ProbeRecord } from '../probe/wire.ts';
import { PodClock } from './pod-clock.ts';
import type { PodId } from './types.ts';

export interface Patience {
  /** A Pod that was not heard for so many milliseconds is silent. */
  readonly silentMs: number;
  /** Cycles per Pod that are kept: more than a step may last. */
  readonly kept: number;
}

/** What a step may last beyond its own time: refusals are rationed, Pods come and go. */
const marginMs = 60_000;

/** A Pod whose probes all time out has two cycles under way and tells of one in each timeout, or a little less. */
export function patienceFor(times: {
  readonly cycleMs: number;
  readonly timeoutMs: number;
  readonly settleMs: number;
}): Patience {
  return {
    silentMs: Math.max(3_000, 2 * times.timeoutMs),
    kept: Math.ceil((times.settleMs + marginMs) / times.cycleMs),
  };
}

const usualPatience = patienceFor({ cycleMs: 500, timeoutMs: 700, settleMs: 0 });

/** One Pod's process. A new process (boot) begins anew. */
export interface Voice {
  readonly id: PodId;
  readonly uid: string;
  readonly boot: string;
  readonly clock: PodClock;
  /** Oldest first. */
  readonly cycles: CycleRecord[];
  /** What it wrote in its first line; undefined when that was missed. */
  address: string | undefined;
  /** By our clock, milliseconds. */
  heardAt: number;
  /** By its monotonic clock: it has told everything up to then. */
  toldUntil: number;
  /** Its wall clock less ours, milliseconds. */
  wallErrorMs: number;
}

export class Ledger {
  readonly #voices = new Map<PodId, Voice>();
  /** Server, then `client boot seq`: the indices seen. */
  readonly #sightings = new Map<PodId, Map<string, Set<number>>>();
  readonly #patience: Patience;
  readonly #wallNow: () => number;

  /** `wallNow`: milliseconds since 1970, by our own clock. */
  constructor(wallNow: () => number = Date.now, patience: Patience = usualPatience) {
    this.#patience = patience;
    this.#wallNow = wallNow;
  }

  isSilent({ heardAt }: Voice, now: number): boolean {
    return now - heardAt > this.#patience.silentMs;
  }

  /** `now`: our monotonic clock, milliseconds. A line that comes twice changes nothing. */
  take(record: ProbeRecord, now: number): void {
    const voice = this.#voiceOf(record, now);
    voice.clock.heard(record.mono, now);
    voice.heardAt = now;
    voice.toldUntil = Math.max(voice.toldUntil, record.mono);
    // The line took its time to come; only what is more than that is the clock's error.
    const travelled = now - voice.clock.ours(record.mono);
    voice.wallErrorMs = record.wall - (this.#wallNow() - travelled);
    if (record.type === 'hello') voice.address = record.address;
    if (record.type === 'saw') this.#addSightings(record.id, record.saw);
    if (record.type === 'cycle' && record.seq > (voice.cycles.at(-1)?.seq ?? -1)) {
      voice.cycles.push(record);
      if (voice.cycles.length > this.#patience.kept) voice.cycles.shift();
    }
  }

  voice(id: PodId): Voice | undefined {
    return this.#voices.get(id);
  }

  saw(server: PodId, client: Voice, seq: number, index: number): boolean {
    const seen = this.#sightings.get(server)?.get(`${client.id} ${client.boot} ${seq}`);
    return seen?.has(index) ?? false;
  }

  /** Of a Pod that is gone. */
  forget(id: PodId): void {
    this.#voices.delete(id);
    this.#sightings.delete(id);
  }

  #voiceOf({ id, uid, boot }: ProbeRecord, now: number): Voice {
    const known = this.#voices.get(id);
    if (known?.boot === boot && known.uid === uid) return known;
    const voice: Voice = {
      id,
      uid,
      boot,
      clock: new PodClock(),
      cycles: [],
      address: undefined,
      heardAt: now,
      toldUntil: 0,
      wallErrorMs: 0,
    };
    this.#voices.set(id, voice);
    return voice;
  }

  #addSightings(server: PodId, saw: Readonly<Record<string, string>>): void {
    const all = this.#sightings.get(server) ?? new Map<string, Set<number>>();
    this.#sightings.set(server, all);
    for (const [key, bits] of Object.entries(saw)) {
      const seen = all.get(key) ?? new Set();
      for (const index of sightedIndices(bits)) seen.add(index);
      all.set(key, seen);
    }
    // A Map keeps the order of insertion: the oldest cycles leave first.
    const room = this.#patience.kept * Math.max(this.#voices.size, 1);
    for (const key of all.keys()) {
      if (all.size <= room) break;
      all.delete(key);
    }
  }
}
