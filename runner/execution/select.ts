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
  return selection.shard === undefined ? matching : shardOf(matching, selection.shard, isolatedIn(cases));
}

/**
 * Keys of the cases that may run beside no other shard. What builds on an isolated case is isolated with it, also where another file of
 * the campaign forgot to say so.
 */
export function isolatedIn(cases: readonly CollectedCase[]): ReadonlySet<string> {
  const units = new Set(cases.filter(({ order }) => order === 'isolated').map(unitOf));
  return new Set(cases.filter((item) => units.has(unitOf(item))).map(({ key }) => key));
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

/** Isolated cases are those of the first shard, and its last: it is the one that waits for the others. The rest is dealt out in turn. */
function shardOf(
  cases: readonly CollectedCase[],
  { index, count }: Shard,
  isolated: ReadonlySet<string>,
): CollectedCase[] {
  const dealt = cases.filter(({ key }) => !isolated.has(key));
  const units = [...new Set(dealt.map(unitOf))];
  const mine = new Set(units.filter((_unit, position) => position % count === index - 1));
  const last = index === 1 ? cases.filter(({ key }) => isolated.has(key)) : [];
  return [...dealt.filter((item) => mine.has(unitOf(item))), ...last];
}

/** Cases of a campaign that build on each other stay together. */
function unitOf(item: CollectedCase): string {
  return item.order === 'concurrent' ? item.key : `campaign ${item.campaign}`;
}

function anyOf(wanted: readonly string[], there: readonly string[]): boolean {
  return wanted.length === 0 || there.some((value) => wanted.includes(value));
}
