// Around everything that a campaign file runs, its hooks too: whoever dies, hangs or leaves something behind there is that file.
import { aroundAll } from 'vitest';
import type { Afterwards } from './afterwards.ts';
import { type Culprit, watchRejections, within } from './blame.ts';
import { turn } from './clock.ts';
import { leakSince, snapshot } from './guard.ts';
import type { WorkerLink } from './link.ts';

/** Called first in the file's describe, so that the file's own hooks run inside. */
export function aroundFile(link: WorkerLink, file: string, afterwards: Afterwards): void {
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the parameter's pattern and refuses a plain name
  aroundAll(async (runSuite, {}, suite) => {
    watchRejections();
    afterwards.tell();
    afterwards.watch(suite);
    const before = snapshot();
    link.send({ type: 'file-started', file });
    await link.sent();
    await within(culprit(link, file), runSuite);
    // Node tells of what was rejected only when the event loop turns.
    await turn();
    tellLeak(link, file, leakSince(before));
    link.send({ type: 'file-ended', file });
  }, 0);
}

/** What the hooks of a file leave unhandled, and its import when cases run already. */
export function culprit(link: WorkerLink, file: string): Culprit {
  return (failure) => link.send({ type: 'file-failed', file, failure });
}

export function tellLeak(link: WorkerLink, file: string, found: readonly string[]): void {
  if (found.length === 0) return;
  const message = `the file leaves state behind that other files would see: ${found.join(', ')}`;
  link.send({ type: 'file-failed', file, failure: { kind: 'state-leak', message } });
}
