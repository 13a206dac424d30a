// What a run owes the store without anybody's help: its end, or the word that it is not there. And the store owes each run one row.
import { basename } from 'node:path';
import type { Ended } from '../../../fixtures/testing/index.ts';
import type { Store } from '../open.ts';
import type { NemesisRun } from './check-runs.ts';

/**
 * What is wrong with the row that a run has left, before anybody pushes its journal. `verdict` is the exit code that its cases ask for.
 * A run that was killed owes nothing.
 */
export function wrongRow(
  { code, stderr }: Pick<Ended, 'code' | 'stderr'>,
  row: { readonly exit_code: number | null } | undefined,
  journal: string,
  { verdict, disk }: { readonly verdict: number; readonly disk: NemesisRun['disk'] },
): string[] {
  const stored = row?.exit_code ?? undefined;
  if (stored === undefined) {
    if (code === null || namesPush(stderr, journal)) return [];
    return [`it stored ${row === undefined ? 'nothing' : 'no end'}, and does not say so`];
  }
  // A full disk makes an end of its own, after the one that its cases asked for.
  if (stored === verdict || (disk === 'full' && (stored === code || stored === 5))) return [];
  return [`it stored the end ${stored}, its cases ask for ${verdict}`];
}

const namesPush = (stderr: string, journal: string): boolean =>
  stderr
    .split('\n')
    .some((line) => line.includes('charter store push ') && line.includes(`/${basename(journal)}\``));

/** A run that is stored under two names would be in nobody's journal under the second. */
export function wrongRows(rows: readonly string[], journals: readonly string[], when: 'while' | 'at last') {
  const known = new Set(journals);
  const there = new Set(rows);
  return [
    ...rows.filter((id) => !known.has(id)).map((id) => `no journal is of the run ${id}`),
    ...journals
      .filter((id) => when === 'at last' && !there.has(id))
      .map((id) => `no row is of the run ${id}`),
  ];
}

/** Of every run that is there. */
export async function storedRuns({ db }: Pick<Store, 'db'>): Promise<string[]> {
  const rows = await db.selectFrom('charter.run').select('id').execute();
  return rows.map(({ id }) => id);
}
