// Imports one campaign file in vitest's collecting phase; whatever it does wrong becomes an error of that file alone.
import { pathToFileURL } from 'node:url';
import { outcomeOf } from '../../campaign/index.ts';
import { culprit, tellLeak } from './around-file.ts';
import { within } from './blame.ts';
import { leakSince, snapshot } from './guard.ts';
import type { WorkerLink } from './link.ts';

export async function importCampaign(link: WorkerLink, file: string): Promise<void> {
  link.send({ type: 'importing', file });
  await link.sent();
  const before = snapshot();
  try {
    const imported = within(culprit(link, file), () => import(pathToFileURL(file).href));
    await inTime(link.assignment.importMs, imported);
    const found = leakSince(before, 'an import');
    link.send({ type: 'imported', file });
    tellLeak(link, file, found);
  } catch (thrown) {
    leakSince(before, 'an import');
    const { failure } = outcomeOf(thrown);
    const known = failure ?? { kind: 'exception', message: String(thrown) };
    link.send({
      type: 'file-failed',
      file,
      failure: { ...known, kind: 'import', message: `the file could not be imported: ${known.message}` },
    });
  }
}

async function inTime(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`its import did not end within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
