// What the files of a run are called: who writes one beside them has to know before the run has begun.
import { hostname } from 'node:os';

/** `charter-<host>-<time>`, to the millisecond: one folder may see several runs in a second. */
export function runName(now = new Date()): string {
  const time = now.toISOString().replaceAll(/[-:.]/g, '');
  return `charter-${hostname()}-${time}`;
}
