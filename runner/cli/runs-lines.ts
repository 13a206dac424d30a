// The commands over the store as text of 80 columns: what is wrong first, and what to type next.
import type { FlakyCase, Leafed, Quarantined, RunHead } from '../store/index.ts';
import { columns, folded } from './columns.ts';
import type { RunDiff, ShownRun } from './runs-read.ts';

export function listLines({ rows, hasMore }: Leafed<RunHead>): string[] {
  if (rows.length === 0) return ['no runs yet: `charter run` makes one, `charter store push` brings one in'];
  const names = beginnings(rows.map(({ run }) => run));
  const table = columns({
    head: ['run', 'started', 'platform', 'status', 'pass', 'fail', 'err', 'skip'],
    names: [0],
    elastic: [2, 3],
    rows: rows.map(({ startedAt, environment, counts, ...head }, i) => [
      ...[names[i] ?? '', minute(startedAt), environment, statusOf(head)],
      ...[counts.pass, counts.fail, counts.err, counts.skip].map(String),
    ]),
  });
  return hasMore ? [...table, 'there are more; --limit shows them'] : table;
}

const statusOf = ({ status, selection, shard }: Pick<RunHead, 'status' | 'selection' | 'shard'>): string =>
  [status, selection === undefined ? '' : 'part', shard === undefined ? '' : `shard ${shard}`]
    .filter(Boolean)
    .join(', ');

/** Of a merge the first 8 of 12 digits; of other runs all. */
const enough = 'merged-01234567'.length;

/** By which `charter runs show` finds each again. */
function beginnings(runs: readonly string[]): string[] {
  const beginning = (run: string) => run.slice(0, enough);
  const alike = Map.groupBy(runs, beginning);
  return runs.map((run) => (alike.get(beginning(run))?.length === 1 ? beginning(run) : run));
}

export function showLines({ run, red, redTotal, quarantined, skips, expired }: ShownRun): string[] {
  const apart = quarantined === 0 ? '' : `, of them ${quarantined} in quarantine`;
  const head = `${run.run} ${run.status}, ${run.environment}, ${minute(run.startedAt)} UTC on ${run.host}`;
  const lines = [...folded(head), ...folded(`tests=${run.counts.tests} ${countWords(run)}${apart}`)];
  lines.push(...partLines(run));
  if (run.flaky > 0) lines.push(`flaky: ${run.flaky}`);
  const toCome = run.notRun + run.inFlight;
  if (toCome > 0) lines.push(`${run.status === 'running' ? 'to come' : 'not run'}: ${toCome}`);
  if (run.reason !== undefined && run.reason !== 'completed') lines.push(...folded(`ended: ${run.reason}`));
  if (red.length > 0)
    lines.push(
      '',
      ...columns({ head: ['case', 'verdict', 'message'], names: [0], elastic: [2], rows: red.map(redRow) }),
    );
  if (redTotal > red.length) lines.push(`${red.length} of ${redTotal}; --json has them all`);
  lines.push(...quarantineLines(red));
  if (skips.length > 0)
    lines.push(
      '',
      ...columns({
        head: ['skipped', 'why'],
        names: [1],
        rows: skips.map(({ count, reason, isPlanned }) => [
          String(count),
          `${isPlanned ? '' : 'UNPLANNED '}${reason}`,
        ]),
      }),
    );
  const otherSkips = run.counts.skip - skips.reduce((sum, { count }) => sum + count, 0);
  if (otherSkips > 0) lines.push(`${otherSkips} more for other reasons; --json has them all`);
  return [...lines, ...expiredLines(expired)];
}

function partLines({ selection, shard }: RunHead): string[] {
  return [
    ...(selection === undefined ? [] : folded(`part of the charter: ${selection}`)),
    ...(shard === undefined ? [] : [`shard ${shard}`]),
  ];
}

const countWords = ({ counts: { pass, fail, err, skip } }: RunHead): string =>
  `pass=${pass} fail=${fail} err=${err} skip=${skip}`;

/** Why the cases marked (q) are counted apart. */
function quarantineLines(cases: readonly { readonly quarantine?: Quarantined }[]): string[] {
  return cases.flatMap(({ quarantine }) =>
    quarantine === undefined
      ? []
      : folded(
          `quarantine: ${quarantine.case}, ${quarantine.owner} until ${quarantine.expires}: ${quarantine.reason}`,
        ),
  );
}

function expiredLines(expired: readonly Quarantined[]): string[] {
  return expired.flatMap((entry) =>
    folded(`quarantine of ${entry.case} expired on ${entry.expires}: ${entry.owner}, please look`),
  );
}

function redRow({ key, verdict = 'error', message, quarantine }: ShownRun['red'][number]): string[] {
  return [key, quarantine === undefined ? verdict : `${verdict} (q)`, message];
}

export function diffLines({ a, b, changes, dropped }: RunDiff): string[] {
  const heads = [a, b].flatMap((head, i) => [
    ...folded(`${'AB'[i]} ${head.run} ${head.status}, ${head.environment}, ${countWords(head)}`),
    ...partLines(head),
  ]);
  if (a.environment !== b.environment)
    heads.push(...folded('warning: two platforms, so what differs may be the platform and no change'));
  if (changes.length === 0 && dropped === 0) return [...heads, 'nothing changed'];
  if (changes.length === 0) return [...heads, ...droppedLines(dropped, changes)];
  return [
    ...heads,
    '',
    ...columns({
      head: ['change', 'case', 'note'],
      names: [1],
      elastic: [2],
      rows: changes.flatMap(({ kind, cases }) =>
        cases.map(({ key, note, title }) => [kind, key, note || title]),
      ),
    }),
    ...changes
      .filter(({ count, cases }) => count > cases.length)
      .map(({ kind, count }) => `${kind}: ${count} in all; --json has them`),
    ...droppedLines(dropped, changes),
  ];
}

function droppedLines(dropped: number, changes: RunDiff['changes']): string[] {
  if (dropped === 0) return [];
  const gone = changes.find(({ kind }) => kind === 'gone')?.count ?? 0;
  const apart = gone === 0 ? '' : `, of them ${gone} failed in A`;
  return folded(`${dropped} ${dropped === 1 ? 'case of A is' : 'cases of A are'} not planned in B${apart}`);
}

/** In a table. */
export const mostFlakes = 1_000;

export type ShownFlake = FlakyCase & { readonly quarantine?: Quarantined };

export interface ShownFlakes {
  readonly flakes: readonly ShownFlake[];
  /** Entries of the quarantine file whose day has passed. */
  readonly expired: readonly Quarantined[];
}

export function flakeLines({ flakes, expired }: ShownFlakes): string[] {
  const listed = flakes.slice(0, mostFlakes);
  if (flakes.length === 0) return ['no flaky case in these runs', ...expiredLines(expired)];
  const apart = listed.filter(({ quarantine }) => quarantine !== undefined);
  return [
    ...columns({
      head: ['case', 'platform', 'rate', 'runs', 'retried', 'differs', 'last'],
      names: [0, 1],
      rows: listed.map(({ key, environment, rate, runs, retried, disagreed, lastAt, quarantine }) => [
        ...[quarantine === undefined ? key : `${key} (q)`, environment, `${(rate * 100).toFixed(1)} %`],
        ...[String(runs), String(retried), String(disagreed), lastAt.slice(0, 10)],
      ]),
    }),
    ...(listed.length < flakes.length ? [`the worst ${listed.length} of more; --json has them all`] : []),
    `${listed.length - apart.length} flaky, ${apart.length} more in quarantine`,
    ...new Set(quarantineLines(apart)),
    ...expiredLines(expired),
  ];
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
