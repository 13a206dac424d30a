// What `--json` adds to a table: every case, and words that the rows of a list keep only the beginning of.
import { type CaseState, skipsOf, unplannedSkips } from '../journal/index.ts';
import {
  type CaseName,
  type CaseResult,
  type Change,
  type CockpitReads,
  noteLength,
  type RunHead,
  type SkipGroup,
} from '../store/index.ts';

/** `table`: as much as somebody reads on a terminal. */
export type Extent = 'table' | 'everything';

/** The largest integer of SQL. */
export const noLimit = 2 ** 31 - 1;

const pageLength = 1_000;

export async function allFailures({ failures }: CockpitReads, run: string): Promise<readonly CaseResult[]> {
  const rows: CaseResult[] = [];
  for (;;) {
    const page = await failures(run, {}, { limit: pageLength, offset: rows.length });
    rows.push(...page.rows);
    if (page.rows.length < pageLength || rows.length >= page.total) return rows;
  }
}

/** As the reads give them, unplanned first and then the most frequent, with whole reasons and all cases. */
export async function allSkips({ state }: CockpitReads, run: string): Promise<readonly SkipGroup[]> {
  const found = await state(run);
  if (found === undefined) return [];
  const unplanned = new Set(unplannedSkips(found).map(({ item }) => item));
  const same = Map.groupBy(skipsOf(found), ({ item, text }) => `${unplanned.has(item)} ${text}`);
  const groups = [...same.values()].map((notes): SkipGroup => {
    const isPlanned = !notes.some(({ item }) => unplanned.has(item));
    const cases = notes.map(({ item }) => nameOf(item));
    return { reason: notes[0]?.text || 'no reason given', isPlanned, count: cases.length, cases };
  });
  return groups.toSorted((a, b) => Number(a.isPlanned) - Number(b.isPlanned) || b.count - a.count);
}

const nameOf = ({ planned: { key, campaign, id, persona, title, file, line } }: CaseState): CaseName => ({
  ...{ key, campaign, id, persona, title, file, line },
});

/** With whole notes. What is gone from B has the note that it had in A. */
export async function allChanges(reads: CockpitReads, a: RunHead, b: RunHead): Promise<readonly Change[]> {
  const changes = await reads.changes(b.run, a.run, noLimit);
  const notesOf = (isGone: boolean) =>
    changes
      .filter(({ kind }) => (kind === 'gone') === isGone)
      .flatMap(({ cases }) => cases.map(({ note }) => note));
  const inA = await wholeWords(reads, a.run, notesOf(true));
  const inB = await wholeWords(reads, b.run, notesOf(false));
  return changes.map((change) => {
    const wordsOf = change.kind === 'gone' ? inA : inB;
    return { ...change, cases: change.cases.map((one) => ({ ...one, note: wordsOf(one.key, one.note) })) };
  });
}

/** The whole of a case's words by their beginning. The run is read only where some are cut. */
async function wholeWords(
  reads: CockpitReads,
  run: string,
  beginnings: readonly string[],
): Promise<(key: string, beginning: string) => string> {
  if (!beginnings.some(isCut)) return (_key, beginning) => beginning;
  const cases = (await reads.state(run))?.cases;
  return (key, beginning) => {
    const item = isCut(beginning) ? cases?.get(key) : undefined;
    return item === undefined
      ? beginning
      : (wordsIn(item).find((words) => words.startsWith(beginning)) ?? beginning);
  };
}

const isCut = (beginning: string): boolean => beginning.length >= noteLength;

const wordsIn = ({ attempts }: CaseState): readonly string[] =>
  attempts.map(({ outcome }) => outcome?.failure?.message ?? outcome?.reason ?? '');
