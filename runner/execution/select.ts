// Pure: which of the collected cases this run takes. Filters first, then the shard.
import type { CollectedCase } from './protocol.ts';

export interface Selection {
  /** Campaign ids; empty takes all. */
  readonly campaigns: readonly string[];
  /** Case ids (`10.3`) or keys (`C-10/10.3[alice]`); empty takes all. */
  readonly cases: readonly string[];
  readonly personas: readonly string[];
  readonly tags: readonly string[];
  readonly shard?: Shard;
}

/** One-based: `{index: 1, count: 3}` is the first of three. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export function select(cases: readonly CollectedCase[], selection: Selection): CollectedCase[] {
  const matching = cases.filter(
    (item) =>
      anyOf(selection.campaigns, [item.campaign]) &&
      anyOf(selection.cases, [item.id, item.key]) &&
      anyOf(selection.personas, item.personas) &&
      anyOf(selection.tags, item.tags),
  );
  return selection.shard === undefined ? matching : shardOf(matching, selection.shard);
}

/** Filters that match no collected case, as the user wrote them: most likely a typing error. */
export function unmatched(cases: readonly CollectedCase[], selection: Selection): string[] {
  const known = {
    '--campaign': [selection.campaigns, cases.map((item) => item.campaign)],
    '--case': [selection.cases, cases.flatMap((item) => [item.id, item.key])],
    '--persona': [selection.personas, cases.flatMap((item) => item.personas)],
    '--tag': [selection.tags, cases.flatMap((item) => item.tags)],
  } as const;
  return Object.entries(known).flatMap(([flag, [wanted, there]]) => {
    const present = new Set<string>(there);
    return wanted.filter((value) => !present.has(value)).map((value) => `${flag} ${value}`);
  });
}

/** Cases of a sequential campaign build on each other and stay together; all others are dealt out in turn. */
function shardOf(cases: readonly CollectedCase[], { index, count }: Shard): CollectedCase[] {
  const units = [...new Set(cases.map(unitOf))];
  const mine = new Set(units.filter((_unit, position) => position % count === index - 1));
  return cases.filter((item) => mine.has(unitOf(item)));
}

function unitOf(item: CollectedCase): string {
  return item.order === 'sequential' ? `campaign ${item.campaign}` : item.key;
}

function anyOf(wanted: readonly string[], there: readonly string[]): boolean {
  return wanted.length === 0 || there.some((value) => wanted.includes(value));
}
