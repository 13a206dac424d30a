// What the commands over the store show, as plain data: `--json` prints it as it is.
import { type Failure, failureOf, interrupted } from '../journal/index.ts';
import {
  type AttemptResult,
  type CaseResult,
  type Change,
  type CockpitReads,
  decidingOf,
  type Listed,
  type Quarantine,
  type Quarantined,
  type RunHead,
  type SkipGroup,
} from '../store/index.ts';
import { allChanges, allFailures, allSkips, type Extent } from './runs-everything.ts';

const mostShown = 200;

export interface ShownCase {
  readonly key: string;
  readonly title: string;
  readonly verdict: CaseResult['verdict'];
  readonly message: string;
  /** Why it is counted apart, and who looks after it. */
  readonly quarantine?: Quarantined;
}

export interface ShownRun {
  readonly run: RunHead;
  /** Failed and error cases, those in quarantine included: they change no verdict. */
  readonly red: readonly ShownCase[];
  readonly redTotal: number;
  /** How many of all red cases are in quarantine, those beyond `red` included. */
  readonly quarantined: number;
  readonly skips: readonly SkipGroup[];
  /** Entries of the quarantine file whose day has passed. */
  readonly expired: readonly Quarantined[];
}

export async function readRun(
  reads: CockpitReads,
  run: RunHead,
  quarantine: Quarantine,
  extent: Extent,
): Promise<ShownRun> {
  const { rows, total } = await failuresOf(reads, run.run, extent);
  const red = rows.map((row) => shownCase(row, quarantine));
  const quarantined = await reads.redAmong(run.run, [...quarantine.active.keys()]);
  const skips =
    extent === 'everything'
      ? await allSkips(reads, run.run)
      : await reads.skips(run.run, { reasons: mostShown, cases: 3 });
  return { run, red, redTotal: total, quarantined, skips, expired: quarantine.expired };
}

async function failuresOf(reads: CockpitReads, run: string, extent: Extent): Promise<Listed<CaseResult>> {
  if (extent === 'table') return reads.failures(run, {}, { limit: mostShown, offset: 0 });
  const rows = await allFailures(reads, run);
  return { rows, total: rows.length };
}

function shownCase(item: CaseResult, { active }: Quarantine): ShownCase {
  const { key, title, verdict } = item;
  const quarantine = active.get(key);
  const shown = { key, title, verdict, message: messageOf(item) };
  return quarantine === undefined ? shown : { ...shown, quarantine };
}

/** Of the attempt that shows the verdict, in the words of JUnit. */
function messageOf(item: CaseResult): string {
  const deciding = decidingOf(item);
  return (deciding === undefined ? interrupted : failureIn(deciding))?.message ?? '';
}

function failureIn({ attempt, startedAt, verdict, failure }: AttemptResult): Failure | undefined {
  if (verdict === undefined) return interrupted;
  return failureOf({
    ...{ attempt, startedAt },
    outcome: failure === undefined ? { verdict } : { verdict, failure },
  });
}

export interface RunDiff {
  readonly a: RunHead;
  readonly b: RunHead;
  readonly changes: readonly Change[];
  /** Cases that A planned and B does not, what is gone among them. */
  readonly dropped: number;
}

export async function readDiff(
  reads: CockpitReads,
  a: RunHead,
  b: RunHead,
  extent: Extent,
): Promise<RunDiff> {
  const changes =
    extent === 'everything' ? await allChanges(reads, a, b) : await reads.changes(b.run, a.run, mostShown);
  return {
    ...{ a, b, changes: changes.filter(({ kind }) => kind !== 'still-failing') },
    dropped: await reads.dropped(b.run, a.run),
  };
}
