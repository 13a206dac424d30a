// The commands over the store as text of 80 columns: what is wrong first, and what to type next.
import type { Leafed, RunHead } from '../store/index.ts';
import { columns } from './columns.ts';
import type { RunDiff, ShownRun } from './runs-read.ts';

export function listLines({ rows, hasMore }: Leafed<RunHead>): string[] {
  if (rows.length === 0)
    return ['no runs yet: `charter run` makes one, `charter store push <journal>` brings one in'];
  const table = columns({
    head: ['run', 'started', 'platform', 'status', 'pass', 'fail', 'err', 'skip'],
    elastic: 2,
    rows: rows.map(({ run, startedAt, environment, status, counts }) => [
      ...[run, minute(startedAt), environment, status],
      ...[counts.pass, counts.fail, counts.err, counts.skip].map(String),
    ]),
  });
  return hasMore ? [...table, 'there are more; --limit shows them'] : table;
}

export function showLines({ run, red, redTotal, quarantined, skips, expired }: ShownRun): string[] {
  const { counts } = run;
  const apart = quarantined === 0 ? '' : `, of them ${quarantined} in quarantine`;
  const lines = [
    `${run.run}  ${run.status}  ${run.environment}  ${minute(run.startedAt)} UTC on ${run.host}`,
    `tests=${counts.tests} pass=${counts.pass} fail=${counts.fail} err=${counts.err} skip=${counts.skip}${apart}`,
  ];
  if (run.flaky > 0) lines.push(`flaky: ${run.flaky}`);
  if (run.notRun > 0) lines.push(`not run: ${run.notRun}`);
  if (run.reason !== undefined && run.reason !== 'completed') lines.push(`ended: ${run.reason}`);
  if (red.length > 0)
    lines.push('', ...columns({ head: ['case', 'verdict', 'message'], elastic: 2, rows: red.map(redRow) }));
  if (redTotal > red.length) lines.push(`${red.length} of ${redTotal}; the report has them all`);
  for (const { key, quarantine } of red)
    if (quarantine !== undefined)
      lines.push(`quarantine: ${key}, ${quarantine.owner} until ${quarantine.expires}: ${quarantine.reason}`);
  if (skips.length > 0)
    lines.push(
      '',
      ...columns({
        head: ['skipped', 'why'],
        elastic: 1,
        rows: skips.map(({ count, reason, isPlanned }) => [
          String(count),
          `${isPlanned ? '' : 'UNPLANNED '}${reason}`,
        ]),
      }),
    );
  const otherSkips = counts.skip - skips.reduce((sum, { count }) => sum + count, 0);
  if (otherSkips > 0) lines.push(`${otherSkips} more for other reasons; the report has them all`);
  for (const entry of expired)
    lines.push(`quarantine of ${entry.case} expired on ${entry.expires}: ${entry.owner}, please look`);
  return lines;
}

function redRow({ key, verdict = 'error', message, quarantine }: ShownRun['red'][number]): string[] {
  return [key, quarantine === undefined ? verdict : `${verdict} (q)`, message];
}

export function diffLines({ a, b, changes }: RunDiff): string[] {
  const heads = [a, b].map(
    ({ run, status, counts }, i) =>
      `${'AB'[i]} ${run}  ${status}  pass=${counts.pass} fail=${counts.fail} err=${counts.err} skip=${counts.skip}`,
  );
  if (changes.length === 0) return [...heads, 'nothing changed'];
  return [
    ...heads,
    '',
    ...columns({
      head: ['change', 'case', 'note'],
      elastic: 2,
      rows: changes.flatMap(({ kind, cases }) =>
        cases.map(({ key, note, title }) => [kind, key, note || title]),
      ),
    }),
    ...changes
      .filter(({ count, cases }) => count > cases.length)
      .map(({ kind, count }) => `${kind}: ${count} in all`),
  ];
}

export function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
