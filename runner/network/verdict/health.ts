// Whether a prober can be believed at all: is it heard, is its clock right, does it reach itself, is it where the plan says.
import type { ClientTrouble, ServerTrouble } from './judge-cell.ts';
import type { Ledger, Voice } from './ledger.ts';
import type { PodId } from './types.ts';

/** What the world knows of a Pod, to be compared with what the Pod tells. */
export interface Registered {
  readonly uid: string;
  /** In the plan of its clients. */
  readonly address: string;
}

/** Milliseconds between a Pod's wall clock and ours; nodes with NTP stay far below. */
const skewLimitMs = 2_000;

export interface HealthQuestion {
  readonly ledger: Ledger;
  readonly registered: ReadonlyMap<PodId, Registered>;
  readonly now: number;
}

export function clientTrouble(asked: HealthQuestion, id: PodId): ClientTrouble | undefined {
  const voice = heard(asked, id);
  if (typeof voice === 'string') return voice;
  const cycles = voice.cycles.slice(-2);
  const reachesNobody = cycles.every(({ seen, self }) => !seen.includes('o') && !self.includes('o'));
  return cycles.length > 0 && reachesNobody ? 'broken-client' : undefined;
}

/** `port`: index among its own ports. */
export function serverTrouble(asked: HealthQuestion, id: PodId, port: number): ServerTrouble | undefined {
  const voice = heard(asked, id);
  if (typeof voice === 'string') return voice;
  const { address } = asked.registered.get(id) ?? {};
  if (voice.address !== undefined && voice.address !== address) return 'stale-address';
  const cycles = voice.cycles.slice(-2);
  return cycles.length > 0 && cycles.every(({ self }) => self[port] !== 'o') ? 'dead-peer' : undefined;
}

function heard(
  { ledger, registered, now }: HealthQuestion,
  id: PodId,
): Voice | 'silent-prober' | 'skewed-clock' | 'stale-address' {
  const voice = ledger.voice(id);
  if (voice === undefined || ledger.isSilent(voice, now)) return 'silent-prober';
  // Another Pod of the same name: no plan knows where it is.
  if (voice.uid !== registered.get(id)?.uid) return 'stale-address';
  return Math.abs(voice.wallErrorMs) > skewLimitMs ? 'skewed-clock' : voice;
}
