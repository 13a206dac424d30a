// How many of the red cases of a run somebody looks after, for its verdict: the number of red cases stays what it is.
import type { CockpitReads } from '../store/index.ts';
import type { KnownQuarantine } from './pages/quarantine.ts';

export async function quarantinedIn(
  { redAmong }: Pick<CockpitReads, 'redAmong'>,
  run: string,
  quarantine: KnownQuarantine,
): Promise<number> {
  return quarantine === 'unreadable' ? 0 : redAmong(run, [...quarantine.active.keys()]);
}
