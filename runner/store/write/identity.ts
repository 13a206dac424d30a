// Names of what is stored, made from content only: who writes the same twice, or from two places, writes the same rows.
import { hash } from 'node:crypto';
import type { JournalEvent, PlannedCase } from '../../journal/index.ts';

/** UUID form of the first 128 bits of a SHA-256. */
function contentId(text: string): string {
  const hex = hash('sha256', text, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

export function caseId(key: string): string {
  return contentId(key);
}

export function planId(cases: readonly PlannedCase[]): string {
  return contentId(
    JSON.stringify(
      cases.map((one) => [
        ...[one.key, one.campaign, one.id, one.persona, one.title, one.file, one.line],
        ...[one.tags, one.targets],
      ]),
    ),
  );
}

export interface RunIdentity {
  readonly id: string;
  readonly part: 'whole' | 'shard' | 'merged';
}

type RunStarted = Extract<JournalEvent, { event: 'run-started' }>;

/** Of a run that goes on. A merged one is known by all of its events: {@link mergedIdentity}. */
export function identityOf({ run, properties }: RunStarted): RunIdentity {
  return { id: run, part: properties.shard === undefined ? 'whole' : 'shard' };
}

/** The merge of the shards of a Job bears the name of one of them; a second merge, after a Pod was replaced, tells another story. */
export function mergedIdentity(events: readonly JournalEvent[]): RunIdentity {
  return { id: `merged-${contentId(JSON.stringify(events)).slice(0, 13)}`, part: 'merged' };
}

/** `report/merge` lets the shards' numbers stand beside each other. */
export function isMerged(events: readonly JournalEvent[]): boolean {
  const start = events.find((event) => event.event === 'run-started');
  return start?.properties.shard?.includes(', ') === true;
}
